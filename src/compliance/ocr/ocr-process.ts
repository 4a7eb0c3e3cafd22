import { setPriority } from 'node:os';
import { serveParent } from '../../core/processes/serve-parent.js';
import type { OcrJob, TextLine } from './ocr-messages.js';
import { TextNetworks } from './text-networks.js';

/**
 * The text reader's own process: its native networks take 100 MB and may be busy for a second, or endlessly on a
 * hostile picture. Its argument is its nice value.
 */

setPriority(Number(process.argv[2] ?? 10));
await serveParent<OcrJob, readonly TextLine[]>(0, async () => {
  const networks = await TextNetworks.load();
  return (job) => networks.read(job);
});
