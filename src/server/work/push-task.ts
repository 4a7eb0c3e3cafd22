import type { OutputConfig } from '../../config/sections/output.js';
import { isEngineError } from '../../core/errors.js';
import { silentLog } from '../../core/log.js';
import { createOutputs } from '../../outputs/create-outputs.js';
import type { OutputProgress } from '../../outputs/output.js';
import { FlvBodies } from '../../outputs/rtmp/flv-muxer.js';
import { PayloadCache } from '../../outputs/webrtc/viewer-stream.js';
import { startTestPicture } from './test-picture.js';

export interface PushInput {
  readonly output: OutputConfig;
  readonly width: number;
  readonly height: number;
  readonly videoKbps: number;
  readonly seconds: number;
}

export interface PushResult {
  readonly accepted: boolean;
  /** Picture and sound arrived for as long as they were sent. */
  readonly delivered: boolean;
  /** What the receiver took, measured over the push. */
  readonly kbps: number;
  /** What the show sends. */
  readonly wantedKbps: number;
  /** What this machine had to send: less than the show's while it is too busy to encode. */
  readonly encodedKbps: number;
  readonly dropped: number;
  /** Of the receiver or the network; empty when all went well. */
  readonly code: string;
  readonly error: string;
}

const FPS = 30;
const AAC_KBPS = 128;
/** A receiver that says nothing for this long will not. */
const ACCEPT_MS = 15_000;

/** Publishes the test picture for some seconds and reports how far it came. */
export async function pushTest(
  { output, width, height, videoKbps, seconds }: PushInput,
  onProgress: (done: number, of: number, what: string) => void,
): Promise<PushResult> {
  const picture = await startTestPicture({ width, height, fps: FPS, videoKbps });
  const stop = new AbortController();
  let last: OutputProgress | undefined;
  let acceptedMs: number | undefined;
  let encodedBefore = 0;
  let code = '';
  let error = '';
  try {
    const [made] = createOutputs([output], {
      source: picture.source,
      width,
      height,
      rate: { num: FPS, den: 1 },
      videoKbps,
      aacKbps: AAC_KBPS,
      bodies: new FlvBodies(),
      cache: new PayloadCache(),
      log: silentLog,
      ffmpegPath: picture.ffmpegPath,
    });
    const run = made!.run(stop.signal, (progress) => {
      last = progress;
      if (!progress.accepted || acceptedMs !== undefined) return;
      acceptedMs = performance.now();
      encodedBefore = picture.encodedBytes();
    });
    const ended = run.then(
      () => undefined,
      (cause: unknown) => {
        code = isEngineError(cause) ? cause.code : 'E_INTERNAL';
        error = isEngineError(cause) ? (cause.found ?? cause.message) : String(cause);
      },
    );
    const startedMs = performance.now();
    const over = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const nowMs = performance.now();
        if (acceptedMs !== undefined)
          onProgress(Math.min(seconds, Math.round((nowMs - acceptedMs) / 1000)), seconds, 'media');
        const isOver = acceptedMs === undefined ? nowMs - startedMs > ACCEPT_MS : nowMs - acceptedMs > seconds * 1000;
        if (!isOver && code === '') return;
        clearInterval(timer);
        resolve();
      }, 200);
    });
    await Promise.race([over, ended]);
    const sentMs = acceptedMs === undefined ? 0 : performance.now() - acceptedMs;
    const bytes = last?.bytesDelivered ?? 0;
    const encoded = picture.encodedBytes() - encodedBefore;
    stop.abort();
    await ended;
    if (acceptedMs === undefined && code === '') {
      code = 'E_TIMEOUT';
      error = `no answer within ${ACCEPT_MS / 1000} s`;
    }
    return {
      accepted: acceptedMs !== undefined,
      delivered: sentMs >= seconds * 900 && bytes > 0,
      kbps: sentMs === 0 ? 0 : Math.round((bytes * 8) / sentMs),
      wantedKbps: videoKbps + AAC_KBPS,
      encodedKbps: sentMs === 0 ? 0 : Math.round((encoded * 8) / sentMs),
      dropped: last?.packetsDropped ?? 0,
      code: sentMs >= seconds * 900 ? '' : code,
      error: sentMs >= seconds * 900 ? '' : error,
    };
  } finally {
    stop.abort();
    await picture.close();
  }
}
