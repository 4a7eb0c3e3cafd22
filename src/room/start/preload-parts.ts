/**
 * Starts the parts of a room that need only the room file, before anything is read or judged.
 *
 * Problem: a room that restarts after a crash must show pictures within three seconds, also on a busy machine.
 * Independent parts must start while the main thread reads and judges. Nothing unjudged may be shown, so the clock
 * starts last. A failed start ends with its own error.
 * Rule: the embedded server, the scan threads with their warm-up, the loop's thread with its code, and ffmpeg with its
 * libraries start first. Encoders are linked once the loop has its room.
 * Numbers: these take 1.5 s of CPU, beside 1 s on the main thread.
 */
import { FrameScanner } from '../../codescan/index.js';
import { gateBuffers } from '../../compliance/gate/buffers/gate-buffers.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { EncoderLink } from '../../encoder/process/encoder-link.js';
import { EncoderSupervisor } from '../../encoder/process/encoder-supervisor.js';
import { findFfmpeg, type FfmpegInfo } from '../../encoder/process/find-ffmpeg.js';
import { EmbeddedServer, type AvatarIngest } from '../../outputs/embedded/embedded-server.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { PreloadedThreads } from './preload-threads.js';
import { POOL_EXTRA_FRAMES } from '../../loop/build-frame-loop.js';
import { LoopClient, type LoopClientEvents } from '../../loop/loop-client.js';
import { refusesRetail, scanThreads } from '../../admission/scan-threads.js';

export interface PreloadedPartsOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly loopEvents: LoopClientEvents;
  /** Takes the pushed video of an external avatar. */
  readonly avatar?: AvatarIngest | undefined;
  /** Threads that are already loading. */
  readonly begun?: PreloadedThreads | undefined;
}

export interface PreloadedParts {
  readonly loop: LoopClient;
  readonly server: EmbeddedServer;
  readonly serving: Promise<void>;
  readonly scanner: Promise<FrameScanner>;
  readonly ffmpeg: Promise<FfmpegInfo>;
  readonly encoder: Promise<EncoderSupervisor>;
  /** Resolves when the encoders have loaded and wait for their first frame. */
  readonly encoding: Promise<void>;
  /** Connects the encoders to the loop, which must have its room. */
  linkEncoders(): void;
}

/**
 * Starts the parts and puts them on the stack. The caller awaits the promises; a rejection that nobody awaits is
 * dropped when the part is closed.
 */
export function startPreloadedParts(
  { room, kernels, log, loopEvents, begun, avatar }: PreloadedPartsOptions,
  stack: CloseStack,
): PreloadedParts {
  const { width, height } = room.video;
  const unheard = <T>(promise: Promise<T>): Promise<T> => {
    promise.catch(() => undefined); // the caller awaits it later; until then a failure must not count as unhandled
    return promise;
  };
  const prepared = begun?.prepared;
  const { rtmpPort, flvPort } = room.control;
  const server = stack.add(new EmbeddedServer({ rtmpPort, flvPort, log, avatar, prepared }));
  const ffmpeg = unheard(begun?.ffmpeg ?? findFfmpeg());
  const serving = unheard(server.start());
  const scanner = unheard(
    FrameScanner.open({
      width,
      height,
      buffers: gateBuffers(room.compliance.lookAheadFrames, POOL_EXTRA_FRAMES),
      ...scanThreads(room),
      retail: refusesRetail(room),
      log,
      prepared,
    }),
  );
  // When it did not start there is nothing to close, and the room reports the error.
  stack.add({ close: async () => (await scanner.catch(() => undefined))?.close() });
  const loop = stack.add(LoopClient.spawn(loopEvents, prepared));
  let linked = false;
  const links: EncoderLink[] = [];
  const encoder = unheard(
    ffmpeg.then((info) => {
      const onLink = (link: EncoderLink): void => {
        if (linked) loop.send({ type: 'encoder', link });
        else links.push(link);
      };
      const supervisor = new EncoderSupervisor({
        width,
        height,
        rate: room.rate,
        encoder: room.encoder,
        ffmpeg: info,
        kernels,
        log,
        onLink,
      });
      supervisor.start();
      return supervisor;
    }),
  );
  // Closed before the loop, whose end would look like the end of their input. When it did not start there is nothing to
  // close.
  stack.add({ close: async () => (await encoder.catch(() => undefined))?.close() });
  return {
    loop,
    server,
    serving,
    scanner,
    ffmpeg,
    encoder,
    encoding: unheard(encoder.then((supervisor) => supervisor.ready())),
    linkEncoders() {
      linked = true;
      for (const link of links.splice(0)) loop.send({ type: 'encoder', link });
    },
  };
}
