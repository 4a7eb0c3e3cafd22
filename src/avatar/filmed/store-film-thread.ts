/**
 * Decodes the film of a presenter: reads ffmpeg's raw frames, joins picture and matte, and writes the file. In a thread
 * of its own, since copying gigabytes would block the main one.
 */
import { closeSync, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { spawnChild } from '../../core/processes/child-process.js';
import { i420Size, yuvaSize } from '../../core/media/picture.js';
import { lightPicture } from '../../core/media/set-light.js';
import { FilmFileWriter } from './film-file.js';
import type { FilmJob, FilmJobReport } from './film-data.js';
import { joinMatte } from './fit-film.js';

const TIMEOUT_MS = 600_000;
const PROGRESS_MS = 2000;

const job = workerData as FilmJob;
const { width, height, alpha, light } = job;
const report = (message: FilmJobReport): void => parentPort!.postMessage(message);

const fd = openSync(job.path, 'wx', 0o600);
const file = new FilmFileWriter(fd, job);
const source = Buffer.alloc(i420Size(width, alpha ? 2 * height : height));
const frame = alpha ? new Uint8Array(yuvaSize(width, height)) : source;
let [filled, frames, stderr, failure] = [0, 0, '', ''];
let toldMs = performance.now();

const child = spawnChild(job.ffmpegPath, job.args, { stdio: ['ignore', 'pipe', 'pipe'] });
const fail = (found: string): void => {
  if (failure === '') failure = found;
  child.kill('SIGKILL');
};
const timer = setTimeout(() => fail(`no end in ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
child.once('spawn', () => {
  try {
    setPriority(child.pid!, constants.priority.PRIORITY_LOW); // the show goes first
  } catch {
    // Not permitted, or ended already.
  }
});
child.stdout.on('data', (chunk: Buffer) => {
  for (let at = 0; at < chunk.length && failure === '';) {
    const n = Math.min(chunk.length - at, source.length - filled);
    chunk.copy(source, filled, at, at + n);
    at += n;
    filled += n;
    if (filled < source.length) continue;
    filled = 0;
    if (alpha) joinMatte(source, width, height, frame);
    if (light !== undefined) lightPicture(frame, width, height, light);
    try {
      file.add(frame);
    } catch (e) {
      fail((e as Error).message);
    }
    frames += 1;
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    report({ type: 'progress', frames });
  }
});
child.stderr.setEncoding('utf8').on('data', (text: string) => {
  stderr = (stderr + text).slice(-1000);
});
child.once('error', (e) => fail(e.message));
child.once('close', (code) => {
  clearTimeout(timer);
  if (failure === '' && code !== 0) failure = stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? `exit code ${code}`;
  if (failure === '' && frames !== job.frames) failure = `${frames} frames`;
  if (failure === '') {
    try {
      file.end();
    } catch (e) {
      failure = (e as Error).message;
    }
  }
  closeSync(fd);
  report(failure === '' ? { type: 'done' } : { type: 'failed', found: failure });
  parentPort!.close();
});
