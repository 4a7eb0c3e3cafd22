/**
 * The thread of an external avatar: one decoder for the source, one for the idle clip during a stall.
 *
 * Problem: thirty pictures a second of a megabyte each must be read and keyed beside the show, and the decoder of a
 * stranger's video may hang or die.
 * Rule: both decoders are processes. A decoder begins with the source's configuration and a key frame, after every new
 * configuration (also one among the pictures; at most three at once, and then one a second), and a second after it has
 * died. Bytes that it cannot take are dropped up to the next key frame. Pictures
 * that come faster than the room shows them are not keyed. The idle clip plays while the source has sent no picture
 * for `HOLD_MS`, and after `BACK_MS` of pictures it ends.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ExternalRing, HOLD_MS } from './external-ring.js';
import {
  type AvcConfig,
  avcConfigOf,
  configOfPictures,
  type ExternalReport,
  type ExternalRequest,
  type ExternalStart,
  keyerOf,
} from './picture-sizes.js';
import { FLV_HEADER, tagKind } from '../../core/media/packets.js';
import { yuvaSize } from '../../core/media/picture.js';
import { loadKernels } from '../../native/load-kernels.js';
import type { Closeable } from '../../core/closeable.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { StreamProcess } from '../../core/processes/stream-process.js';
import { Y4mReader } from '../../scene/clips/y4m-reader.js';
import type { AvatarKey, ExternalAvatar } from '../../config/sections/presenter.js';

const LOOK_MS = 100;
const RESTART_MS = 1000;
/** Decoders that may begin one after the other before one must wait. */
const MAX_STARTS = 3;
/** Pictures of the source without a stall, after which the idle clip is not needed any more. */
const BACK_MS = 1000;
/** Pictures come in bursts; more than so many at once, or a quarter more a second than are shown, are not keyed. */
const MAX_BURST = 4;
const MAX_RATE = 1.25;

const port = parentPort!;
const { slots, ffmpegPath, ffmpegMajor, external, fps } = workerData as ExternalStart;
const { width, height } = slots;
const { key, fit, matrix, idleClip } = external;

/*
 * Problem: the video is a stranger's, and ffmpeg reads hundreds of formats, some of which name other files and addresses.
 * Rule: one demuxer (FLV, which we write ourselves from packets), H.264 alone, from a pipe alone, with limits for pixels
 * and single allocations. No sound reaches it. The picture comes out as it is shown, fitted to the layer.
 */
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;
const MAX_SOURCE_PIXELS = 2560 * 2560;

interface DecoderOptions {
  readonly ffmpegPath: string;
  readonly ffmpegMajor: number;
  /** The layer's box. */
  readonly width: number;
  readonly height: number;
  readonly key: AvatarKey;
  readonly fit: ExternalAvatar['fit'];
  readonly matrix: ExternalAvatar['matrix'];
}

const words = (text: string): string[] => text.split(' ');

const COMMON = `-hide_banner -nostats -v error -max_alloc ${MAX_ALLOCATION_BYTES} -max_pixels ${MAX_SOURCE_PIXELS} -threads 1`;

/** Decodes the live source, which comes as FLV by stdin. */
const liveArgs = (options: DecoderOptions): string[] => [
  ...words(COMMON),
  ...words('-flags low_delay -probesize 32 -analyzeduration 0'),
  ...words('-protocol_whitelist pipe -format_whitelist flv -codec_whitelist h264 -f flv -i pipe:0'),
  ...output(options),
];

/** Plays a clip of the room in a loop, at its own speed. */
const idleArgs = (file: string, options: DecoderOptions): string[] => [
  ...words(COMMON),
  ...words('-nostdin -protocol_whitelist file -format_whitelist mov,matroska,webm'),
  ...words('-codec_whitelist h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1'),
  ...words('-re -stream_loop -1 -i'),
  `file:${file}`,
  ...output(options),
];

/** Frames leave as they come, without repeats; their numbers are their only timestamps. */
function output(options: DecoderOptions): string[] {
  const passthrough = options.ffmpegMajor >= 6 ? '-fps_mode' : '-vsync';
  const mode = options.ffmpegMajor >= 6 ? 'passthrough' : '0';
  const filters = [...fitFilters(options), 'format=yuv420p', 'setsar=1', 'settb=1/30', 'setpts=N'];
  return [
    ...words('-map 0:v:0 -an -sn -dn'),
    passthrough,
    mode,
    '-vf',
    filters.join(','),
    ...words('-f yuv4mpegpipe -flush_packets 1 pipe:1'),
  ];
}

/** Scales to the layer's box by even numbers; packed alpha keeps both of its halves. */
function fitFilters({ width, height, key, fit, matrix }: DecoderOptions): string[] {
  const across = key.kind === 'alpha-right' ? 2 : 1;
  const down = key.kind === 'alpha-below' ? 2 : 1;
  const w = `iw*sar/${across}`;
  const h = `ih/${down}`;
  const [choose, round] = fit === 'cover' ? ['max', 'ceil'] : ['min', 'trunc'];
  const even = (expression: string, times: number): string => `${2 * times}*max(1,${round}(${expression}/2))`;
  const colours = `flags=bicubic:in_color_matrix=${matrix}:out_color_matrix=bt709:out_range=tv`;
  const scale =
    `scale=w='${even(`${choose}(${width},${w}*${height}/(${h}))`, across)}'` +
    `:h='${even(`${choose}(${height},${h}*${width}/(${w}))`, down)}':${colours}`;
  return fit === 'cover' ? [scale, `crop=w=${width}:h=${height}`] : [scale];
}

const options: DecoderOptions = { ffmpegPath, ffmpegMajor, width, height, key, fit, matrix };
const ring = new ExternalRing(slots);
const keyer = keyerOf(key, loadKernels());
/** A copy clears shared memory ten times as fast as a fill. */
const transparent = new Uint8Array(yuvaSize(width, height));
const report = (message: ExternalReport): void => port.postMessage(message);

interface PictureDecoderOptions {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly usesStdin: boolean;
  /** I420; valid until the next call but one. */
  readonly onPicture: (frame: Buffer, width: number, height: number) => void;
  /** It ended by itself. */
  readonly onEnd: (reason: string) => void;
}

/** Later bytes are lost until the next key frame. */
const MAX_QUEUED_BYTES = 4 << 20;

/** An ffmpeg process that turns a video into pictures. */
class PictureDecoder implements Closeable {
  private readonly decoder: StreamProcess;

  constructor({ ffmpegPath, args, usesStdin, onPicture, onEnd }: PictureDecoderOptions) {
    const reader = new Y4mReader((frame) => onPicture(frame, reader.width, reader.height));
    this.decoder = new StreamProcess({
      child: spawnChild(ffmpegPath, args, { stdio: [usesStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] }),
      maxQueuedBytes: MAX_QUEUED_BYTES,
      onOutput: (chunk) => (reader.take(chunk) ? undefined : 'pictures of another size, or no pictures'),
      onEnd,
    });
  }

  /** False when the bytes were dropped. */
  push(bytes: Uint8Array): boolean {
    return this.decoder.write(bytes);
  }

  close(): Promise<void> {
    return this.decoder.close();
  }
}

let live: PictureDecoder | undefined;
let idle: PictureDecoder | undefined;
let open = false;
let config: AvcConfig | undefined;
let waitsForKey = true;
let restartAtMs = 0;
let starts = MAX_STARTS;
let startsMs = performance.now();
let lastMs = -Infinity;
let allowed = MAX_BURST;
let allowedMs = performance.now();
let stalledMs = performance.now();
let flowsSinceMs = Infinity;
let reported = false;
let closed = false;

function show(frame: Buffer, w: number, h: number, isIdle: boolean): void {
  const isPacked = key.kind === 'alpha-right' || key.kind === 'alpha-below';
  const shownW = key.kind === 'alpha-right' ? w / 2 : w;
  const shownH = key.kind === 'alpha-below' ? h / 2 : h;
  if (shownW > width || shownH > height || (isPacked && (shownW & 1 || shownH & 1))) return;
  const { slot, data } = ring.begin();
  data.set(transparent);
  // Upright on the lower edge, in the middle.
  const x = ((width - shownW) >> 2) * 2;
  keyer.write(frame, { width: w, height: h, x: 0, y: 0 }, data, { width, height, x, y: height - shownH });
  ring.publish(slot, isIdle);
}

function livePicture(frame: Buffer, w: number, h: number): void {
  const nowMs = performance.now();
  ring.countReceived();
  allowed = Math.min(MAX_BURST, allowed + ((nowMs - allowedMs) * fps * MAX_RATE) / 1000);
  allowedMs = nowMs;
  if (allowed < 1) return ring.countDropped();
  allowed -= 1;
  if (nowMs - lastMs > HOLD_MS) flowsSinceMs = nowMs;
  lastMs = nowMs;
  show(frame, w, h, false);
  if (!reported) report({ type: 'picture', width: w, height: h });
  reported = true;
}

function startLive(): void {
  ring.countDecoder();
  waitsForKey = true;
  const decoder = new PictureDecoder({
    ffmpegPath,
    args: liveArgs(options),
    usesStdin: true,
    onPicture: livePicture,
    onEnd: (reason) => {
      if (live !== decoder) return;
      live = undefined;
      restartAtMs = performance.now() + RESTART_MS;
      report({ type: 'fault', what: 'source', reason });
    },
  });
  live = decoder;
  decoder.push(FLV_HEADER);
  decoder.push(config!.tag);
}

function endLive(): void {
  void live?.close();
  live = undefined;
}

/** The decoder of the pictures before ends; another begins with the next key frame. */
function change(to: AvcConfig | undefined): void {
  config = to;
  endLive();
  restartAtMs = 0;
}

/** Whether another decoder may begin now. */
function mayStart(): boolean {
  const nowMs = performance.now();
  if (nowMs < restartAtMs) return false;
  starts = Math.min(MAX_STARTS, starts + (nowMs - startsMs) / RESTART_MS);
  startsMs = nowMs;
  if (starts < 1) return false;
  starts -= 1;
  return true;
}

function takeTag(bytes: Uint8Array): void {
  const kind = tagKind(bytes);
  if (kind === 'config') {
    const isSame = config !== undefined && Buffer.compare(config.tag.subarray(11), bytes.subarray(11)) === 0;
    if (!isSame || live === undefined) change(avcConfigOf(bytes));
    return;
  }
  if (kind === 'other' || config === undefined) return;
  const own = configOfPictures(bytes, config);
  if (own === undefined) {
    waitsForKey = true;
    return;
  }
  if (own !== config) change(own);
  if (live === undefined) {
    if (kind !== 'key' || !mayStart()) return;
    startLive();
  }
  if (waitsForKey && kind !== 'key') return;
  waitsForKey = !live!.push(bytes);
}

/** Plays the idle clip while it is needed. */
function look(): void {
  const nowMs = performance.now();
  const flows = nowMs - lastMs <= HOLD_MS;
  if (!flows) flowsSinceMs = Infinity;
  if (idleClip === undefined) return;
  if (!flows && idle === undefined && nowMs >= stalledMs) {
    const decoder = new PictureDecoder({
      ffmpegPath,
      args: idleArgs(idleClip, options),
      usesStdin: false,
      onPicture: (frame, w, h) => {
        if (performance.now() - lastMs > HOLD_MS) show(frame, w, h, true);
      },
      onEnd: (reason) => {
        if (idle !== decoder) return;
        idle = undefined;
        stalledMs = performance.now() + 10 * RESTART_MS;
        report({ type: 'fault', what: 'idle-clip', reason });
      },
    });
    idle = decoder;
  } else if (idle !== undefined && nowMs - flowsSinceMs > BACK_MS) {
    void idle.close();
    idle = undefined;
  }
}

const timer = setInterval(look, LOOK_MS);

port.on('message', (message: ExternalRequest) => {
  switch (message.type) {
    case 'open':
      open = true;
      config = undefined;
      reported = false;
      endLive();
      return;
    case 'tag':
      ring.queued(-message.bytes.length);
      if (open && !closed) takeTag(message.bytes);
      return;
    case 'end':
      open = false;
      endLive();
      return;
    case 'close':
      closed = true;
      clearInterval(timer);
      void Promise.all([live?.close(), idle?.close()]).then(() => {
        report({ type: 'closed' });
        port.close();
      });
  }
});
