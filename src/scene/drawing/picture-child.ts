import { serveParent } from '../../core/processes/serve-parent.js';
import { decodePage, readPictureFile } from '../assets/decode-page.js';
import { decodePicture } from '../assets/load-picture.js';
import { loadSharp } from '../sharp.js';
import { type PictureJob, type PictureReply, refusedOf } from './picture-messages.js';

/**
 * The drawing process: the only place where untrusted bytes meet the picture libraries. It may hang, eat memory or
 * crash on a hostile file; its parent then kills it.
 */

/** A file of several pages is read once. */
let last: { file: string; bytes: Uint8Array } | undefined;

async function draw(job: PictureJob): Promise<PictureReply> {
  if (job.kind === 'picture') {
    return { kind: 'picture', picture: await decodePicture(loadSharp, job.bytes, job.request) };
  }
  const { file, page } = job.request;
  if (page === 0 || last?.file !== file) last = { file, bytes: await readPictureFile(file) };
  const { bytes } = last;
  return { kind: 'page', page: await decodePage(loadSharp, bytes, job.request) };
}

await serveParent<PictureJob, PictureReply>(Number(process.argv[2] ?? 0), async () => {
  await loadSharp();
  return async (job) => {
    try {
      return await draw(job);
    } catch (error) {
      const refused = refusedOf(error);
      if (refused === undefined) throw error;
      return refused;
    }
  };
});
