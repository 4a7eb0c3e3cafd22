import { serveLimited } from '../../core/processes/serve-parent.js';
import { rasterise } from '../rasterise.js';
import { drawMouths } from './draw-mouths.js';
import type { PackJob, PackReply } from './pack-messages.js';

/**
 * The only place where drawings and pictures of a stranger's presenter pack meet the picture libraries. It may hang, eat
 * memory or crash; its parent then kills it.
 */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

await serveLimited<PackJob, PackReply>(async () => {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  return async (job) => {
    const beganMs = cpuMs();
    if (job.kind === 'svg') {
      const pixels = await rasterise(Buffer.from(job.svg), job.where);
      return { ...pixels, cpuMs: cpuMs() - beganMs };
    }
    const data = await drawMouths(job.bytes, job.sheet, job.where);
    return { data, width: job.sheet.toWidth, height: job.sheet.toHeight, cpuMs: cpuMs() - beganMs };
  };
});
