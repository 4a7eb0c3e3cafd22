/**
 * What a start has under way before the engine itself is loaded.
 *
 * Problem: to load the engine takes the main thread a third of a second, in which the other core has nothing to do; the
 * threads and ffmpeg, which take as long, would begin after it. Demands: nothing here may need the room, and this
 * module must load little; a start that fails ends with its own error, as if there had been no threads.
 */
import { FrameScanner } from '../../../codescan/index.js';
import { PreparedWorkers } from '../../../core/processes/prepared-workers.js';
import { findFfmpeg, type FfmpegInfo } from '../../../encoder/process/find-ffmpeg.js';
import { EmbeddedServer } from '../../../outputs/embedded/embedded-server.js';
import { LoopClient } from '../../loop/loop-client.js';

export interface PreloadedThreads {
  readonly prepared: PreparedWorkers;
  readonly ffmpeg: Promise<FfmpegInfo>;
}

/** Starts them. What is given back is for the room; it may be left alone. */
export function startPreloadedThreads(): PreloadedThreads {
  const prepared = new PreparedWorkers();
  FrameScanner.prepare(prepared);
  EmbeddedServer.prepare(prepared);
  LoopClient.prepare(prepared);
  const ffmpeg = findFfmpeg();
  ffmpeg.catch(() => undefined); // the room tells it
  return { prepared, ffmpeg };
}
