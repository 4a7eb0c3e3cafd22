/**
 * Decodes one clip: reads ffmpeg's output, drops repeated frames, picks the key frames and writes the file. In its own
 * thread, since copying half a gigabyte a second would block the main one.
 */
import { rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { spawnChild } from '../../core/processes/child-process.js';
import { ClipCorners, KeyFrames } from './key-frames.js';
import { ClipFileWriter } from './clip-file.js';
import type { MakeClip, MakeClipReport } from './make-clip-message.js';
import { lastLine } from './probe-clip.js';
import { Y4mReader } from './y4m-reader.js';

const PROGRESS_MS = 5000;
const STDERR_CHARACTERS = 2000;

const job = workerData as MakeClip;
const report = (message: MakeClipReport): void => parentPort!.postMessage(message);

const writer = new ClipFileWriter(job.path, job.width, job.height);
const corners = job.radius > 0 ? new ClipCorners(job.width, job.height, job.radius) : undefined;
const keys = new KeyFrames(job.width, job.height, job.framesPerSecond);
const child = spawnChild(job.ffmpegPath, job.args, { stdio: ['ignore', 'pipe', 'pipe'] });
let failure: Extract<MakeClipReport, { type: 'failed' }> | undefined;
let stderr = '';
let toldMs = performance.now();

function fail(
  why: 'large' | 'invalid' | 'other',
  code: 'E_ASSET_TOO_LARGE' | 'E_ASSET_INVALID' | 'E_DISK_FULL' | 'E_FFMPEG_MISSING' | 'E_INTERNAL',
  found: string,
): void {
  failure ??= { type: 'failed', why, code, found };
  child.kill('SIGKILL');
}

const reader = new Y4mReader((frame, before) => {
  if (failure !== undefined) return;
  if (reader.width !== job.width || reader.height !== job.height) {
    return fail('invalid', 'E_ASSET_INVALID', `frames of ${reader.width}×${reader.height} after scaling`);
  }
  if (writer.frames === job.maxFrames) {
    return fail('large', 'E_ASSET_TOO_LARGE', `more than ${Math.floor(job.maxFrames / job.framesPerSecond)} s`);
  }
  corners?.premultiply(frame);
  const same = writer.frames > 0 && frame.equals(before);
  if (!same && writer.stored === job.maxStored) return fail('large', 'E_ASSET_TOO_LARGE', 'more raw frames');
  keys.take(frame, same);
  try {
    writer.add(same ? undefined : frame);
  } catch (e) {
    const full = (e as NodeJS.ErrnoException).code === 'ENOSPC';
    return fail('other', full ? 'E_DISK_FULL' : 'E_INTERNAL', (e as Error).message);
  }
  if (performance.now() - toldMs < PROGRESS_MS) return;
  toldMs = performance.now();
  report({ type: 'progress', frames: writer.frames });
});

const timer = setTimeout(
  () => fail('large', 'E_ASSET_TOO_LARGE', `a clip that takes more than ${job.timeoutMs / 1000} s to decode`),
  job.timeoutMs,
);
parentPort!.on('message', () => fail('other', 'E_INTERNAL', 'stopped by the engine'));
child.once('spawn', () => {
  try {
    setPriority(child.pid!, constants.priority.PRIORITY_LOW); // the show goes first
  } catch {
    // Not permitted, or ended already.
  }
});
child.stdout.on('data', (chunk: Buffer) => {
  if (failure === undefined && !reader.take(chunk)) fail('invalid', 'E_ASSET_INVALID', 'frames that could not be read');
});
child.stderr.setEncoding('utf8').on('data', (text: string) => {
  stderr = (stderr + text).slice(-STDERR_CHARACTERS);
});
child.once('error', (e) => fail('other', 'E_FFMPEG_MISSING', e.message));
child.once('close', (code) => {
  clearTimeout(timer);
  if (failure === undefined && (code !== 0 || writer.frames === 0)) {
    const found = code === 0 ? 'no picture in it' : lastLine(stderr);
    failure = { type: 'failed', why: 'invalid', code: 'E_ASSET_INVALID', found };
  }
  try {
    if (failure === undefined) writer.end(corners?.alpha, keys.list());
    else writer.close();
  } catch (e) {
    const full = (e as NodeJS.ErrnoException).code === 'ENOSPC';
    failure ??= {
      type: 'failed',
      why: 'other',
      code: full ? 'E_DISK_FULL' : 'E_INTERNAL',
      found: (e as Error).message,
    };
  }
  if (failure !== undefined) rmSync(job.path, { force: true });
  report(failure ?? { type: 'done', frames: writer.frames, stored: writer.stored });
  parentPort!.close();
});
