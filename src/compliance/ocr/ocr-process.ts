import { setPriority } from 'node:os';
import type { OcrJob, OcrReply } from './ocr-messages.js';
import { TextNetworks } from './text-networks.js';

/**
 * The text reader's own process: networks in native code that hold 200 MB and may be busy for a second, or
 * for ever on a hostile picture. It answers jobs in turn until its parent goes away, and gives way to the
 * frame loop for the processor.
 */

const NICE = 10;

const send = (reply: OcrReply): void => {
  process.send?.(reply);
};

async function answer(networks: TextNetworks, job: OcrJob): Promise<void> {
  try {
    send({ kind: 'done', id: job.id, lines: await networks.read(job) });
  } catch (error) {
    send({
      kind: 'failed',
      id: job.id,
      message: String(error instanceof Error ? error.message : error).slice(0, 300),
    });
  }
}

async function main(): Promise<void> {
  setPriority(NICE);
  const networks = await TextNetworks.load();
  process.on('message', (job: OcrJob) => void answer(networks, job));
  send({ kind: 'ready' });
}

process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the whole group; the engine decides when its children end.
process.on('SIGINT', () => undefined);
main().catch((error: unknown) => {
  process.stderr.write(`${String(error instanceof Error ? error.message : error).slice(0, 500)}\n`);
  process.exit(1);
});
