import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { FrameHit, FrameVerdict } from '../core/verdict.js';
import type { AdmitClip } from '../scene/clips/clip.js';
import type { Raster } from '../scene/raster.js';

const PROGRESS_MS = 5000;

export interface AdmitClipParts {
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  readonly log: Log;
  /** The gate's scan of an entirely new frame. */
  readonly scanFrame: (i420: Uint8Array, width: number, height: number, where: string) => Promise<FrameVerdict>;
  readonly scanPicture: (picture: Raster, where: string) => Promise<FrameVerdict>;
  /** Reads and judges the words in a key frame; throws unless it is clean. */
  readonly words: (picture: Raster, where: string) => Promise<void>;
  readonly readsWords: boolean;
  /** Throws unless the verdict is clean. */
  readonly decide: (where: string, verdict: FrameVerdict['verdict'], hits: readonly FrameHit[]) => void;
  /** Awaited before each frame: on air the gate's scans go first. */
  readonly yieldToGate?: (() => Promise<void>) | undefined;
  /** Clips whose frames have all been scanned clean. */
  readonly known?: { get(key: string): 'clean' | undefined; set(key: string, verdict: 'clean'): void } | undefined;
}

/**
 * Admits a clip before it becomes a layer. Every frame gets the gate's scan, so that a code in a single frame is
 * found. Key frames are also admitted as pictures: the hard scan and the reading of their words. Equal frames are
 * scanned once. A finding names its time in the clip.
 */
export async function admitClip(clip: Parameters<AdmitClip>[0], all: AdmitClipParts): Promise<void> {
  const key = `clip ${clip.file.digest}`;
  let isClean = true;
  const decide: AdmitClipParts['decide'] = (where, verdict, hits) => {
    all.decide(where, verdict, hits);
    if (verdict !== 'clean') isClean = false;
  };
  const parts = { ...all, decide };
  const codes = async (over: AbortSignal): Promise<void> => {
    if (parts.known?.get(key) !== undefined) return;
    await scanFrames(clip, parts, over);
    await scanKeyFrames(clip, parts, over);
  };
  // The reader has its own process and the scan its own thread: they run side by side until the first hit.
  const over = new AbortController();
  const work = [codes(over.signal), readKeyFrames(clip, parts, over.signal)];
  for (const one of work) one.catch(() => over.abort());
  await Promise.allSettled(work);
  await Promise.all(work);
  // Reviews are reported at each start, so only clean clips are remembered.
  if (isClean) parts.known?.set(key, 'clean');
}

type Clip = Parameters<AdmitClip>[0];

async function scanFrames(clip: Clip, parts: AdmitClipParts, over: AbortSignal): Promise<void> {
  const { file } = clip;
  const seen = new Set<string>();
  const report = progress(clip, parts.log, 'scanning a clip', file.stored);
  for (let stored = 0; stored < file.stored && !over.aborted; stored += 1) {
    const frame = await clip.frame(stored);
    const digest = createHash('sha256').update(frame).digest('base64');
    report(stored);
    if (seen.has(digest)) continue;
    seen.add(digest);
    await parts.yieldToGate?.();
    const where = placeOf(clip, file.index.indexOf(stored));
    const { verdict, hits } = await parts.scanFrame(frame, file.width, file.height, where);
    parts.decide(where, verdict, hits);
  }
}

async function scanKeyFrames(clip: Clip, parts: AdmitClipParts, over: AbortSignal): Promise<void> {
  const report = progress(clip, parts.log, 'scanning key frames of a clip', clip.file.keyFrames.length);
  for await (const { picture, where, done } of keyFrames(clip, parts.kernels, over)) {
    report(done);
    await parts.yieldToGate?.();
    const { verdict, hits } = await parts.scanPicture(picture, where);
    parts.decide(where, verdict, hits);
  }
}

async function readKeyFrames(clip: Clip, parts: AdmitClipParts, over: AbortSignal): Promise<void> {
  if (!parts.readsWords) return;
  const report = progress(clip, parts.log, 'reading key frames of a clip', clip.file.keyFrames.length);
  for await (const { picture, where, done } of keyFrames(clip, parts.kernels, over)) {
    report(done);
    await parts.words(picture, where);
  }
}

async function* keyFrames(
  clip: Clip,
  kernels: AdmitClipParts['kernels'],
  over: AbortSignal,
): AsyncGenerator<{ picture: Raster; where: string; done: number }> {
  const { file } = clip;
  const { width, height } = file;
  const seen = new Set<number>();
  for (const [done, frame] of file.keyFrames.entries()) {
    const stored = file.index[frame]!;
    if (over.aborted) return;
    if (seen.has(stored)) continue;
    seen.add(stored);
    const rgba = new Uint8Array(width * height * 4);
    kernels.i420ToRgba(await clip.frame(stored), width, height, rgba);
    yield { picture: { rgba, width, height }, where: placeOf(clip, frame), done };
  }
}

/** `layers[2] "film".items[0]: /rooms/clip.mp4 at 3.2 s`. */
const placeOf = ({ where, rate }: Clip, frame: number): string =>
  `${where} at ${((frame * rate.den) / rate.num).toFixed(1)} s`;

function progress({ where, file }: Clip, log: Log, what: string, of: number): (done: number) => void {
  let toldMs = performance.now();
  return (done) => {
    if (performance.now() - toldMs < PROGRESS_MS) return;
    toldMs = performance.now();
    log.info({ where, done, of, clip: basename(file.path) }, what);
  };
}
