/**
 * The one voice process of a user's machine: it runs Kokoro for every room that asks over its socket.
 *
 * Problem: the model takes half a gigabyte, and a third of a second of CPU for each second of speech; several rooms would pay
 * the memory several times, and frames must not wait for it.
 * Rule: one process, one computing thread, behind the show by its nice value. Jobs of all rooms stand in one bounded
 * queue: replies first, then due lines, then lines made ahead; a job whose room went away or gave it up is dropped. The
 * process ends after ten idle minutes, or a minute after the last engine has gone.
 */
import { setPriority } from 'node:os';
import { rm, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer, type Socket } from 'node:net';
import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import { convolutionsAsProducts } from './convolutions-as-products.js';
import { PRIORITIES, readMessages, sendMessage, type KokoroJob, type KokoroRequest } from './kokoro-messages.js';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, openOwnFile, writeOwnFile } from '../../core/files/own-folder.js';
import { requireSum, weightsOf } from '../../weights/index.js';

const NICE = 10;
const MAX_WAITING = 128;
/** Of a frame of the durations. */
const FRAME_SAMPLES = 600;

interface Waiting {
  readonly socket: Socket;
  readonly id: number;
  readonly job: KokoroJob;
}
interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

const [folder = '', socketPath = '', idleMs = '600000', lonelyMs = '60000'] = process.argv.slice(2);
/** Loaded with the first job: a process that finds another one listening ends without it. */
let loaded: Runtime | undefined;
const runtime = (): Runtime => (loaded ??= createRequire(import.meta.url)('onnxruntime-node') as Runtime);

/** The tensor of the symbols' durations, in frames of 25 ms. */
const DURATIONS = '/encoder/Clip_output_0';
/** Bump whenever the published file is changed in another way. */
const CHANGES = 2;
/** The published file ends with the list of operator sets. */
const IMPORTS_BYTES = 170;
const { files } = weightsOf('kokoro');
const MODEL = files.find(({ name }) => name.endsWith('.onnx'))!;
const VOICES = files.find(({ name }) => name.endsWith('.bin'))!;

/**
 * ONNX Runtime 1.16 refuses operator set 20 and sets that it does not know, though the model uses nothing of them: the
 * list is replaced by 19 and com.microsoft. The durations become an output, as a message that repeats is merged.
 */
const TAIL = Buffer.concat([
  Buffer.from([0x42, 0x02, 0x10, 0x13, 0x42, 0x11, 0x0a, 0x0d]),
  Buffer.from('com.microsoft'),
  Buffer.from([0x10, 0x01, 0x3a, 0x1a, 0x62, 0x18, 0x0a, 0x16]),
  Buffer.from(DURATIONS),
]);

/** The path of a model file that the runtime loads: the installed file is checked, changed and kept in the cache. */
async function prepareModel(folder: string, cache = cacheFolder('kokoro')): Promise<string> {
  const name = `kokoro-${MODEL.sha256.slice(0, 16)}`;
  const path = join(cache, `${name}-${CHANGES}.onnx`);
  if (await isPrepared(path)) return path;
  const source = join(folder, MODEL.name);
  await requireSum(source, MODEL, source);
  const published = (await readFile(source)).subarray(0, MODEL.bytes - IMPORTS_BYTES);
  await writeOwnFile(path, [...convolutionsAsProducts(published), TAIL]);
  if (!(await isPrepared(path))) throw new Error(`the changed model could not be kept in ${cache}`);
  for (let version = 1; version < CHANGES; version += 1)
    await rm(join(cache, `${name}-${version}.onnx`), { force: true });
  return path;
}

/** Whether a file of ours is there to its end. */
async function isPrepared(path: string): Promise<boolean> {
  const file = await openOwnFile(path);
  if (file === undefined) return false;
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(TAIL.length);
    await file.read(end, 0, end.length, Math.max(0, size - end.length));
    return end.equals(TAIL);
  } finally {
    await file.close();
  }
}

const STYLE_VALUES = 256;
const STYLE_ROWS = 510;
const STYLE_BYTES = STYLE_VALUES * 4;

/** The styles of the voices: a ZIP of stored arrays, of which only the asked rows are read. */
class VoiceStyles {
  private readonly file: string;
  private starts: ReadonlyMap<string, number> | undefined;

  constructor(folder: string) {
    this.file = join(folder, VOICES.name);
  }

  /** @throws Error for a voice that is not in the file */
  row(voice: string, symbols: number): Float32Array {
    const fd = openSync(this.file, 'r');
    try {
      this.starts ??= readStarts(fd, VOICES.bytes);
      const start = this.starts.get(voice);
      if (start === undefined) throw new Error(`the voice ${voice} is not in ${VOICES.name}`);
      const bytes = Buffer.alloc(STYLE_BYTES);
      readSync(fd, bytes, 0, STYLE_BYTES, start + Math.min(STYLE_ROWS - 1, Math.max(0, symbols)) * STYLE_BYTES);
      return new Float32Array(bytes.buffer, bytes.byteOffset, STYLE_VALUES);
    } finally {
      closeSync(fd);
    }
  }
}

/** Offsets of the values by name: local headers follow each other, each with an array of one length. */
function readStarts(fd: number, length: number): Map<string, number> {
  const starts = new Map<string, number>();
  const head = Buffer.alloc(512);
  for (let at = 0; at + 30 < length;) {
    const got = readSync(fd, head, 0, head.length, at);
    if (got < 30 || head.readUInt32LE(0) !== 0x04034b50) break;
    const nameBytes = head.readUInt16LE(26);
    const data = at + 30 + nameBytes + head.readUInt16LE(28);
    const name = head.toString('latin1', 30, 30 + nameBytes);
    const array = Buffer.alloc(10);
    readSync(fd, array, 0, array.length, data);
    const values = data + 10 + array.readUInt16LE(8);
    starts.set(name.replace(/\.npy$/, ''), values);
    at = values + STYLE_ROWS * STYLE_BYTES;
  }
  return starts;
}

const styles = new VoiceStyles(folder);
const queue: Waiting[] = [];
const sockets = new Set<Socket>();
let session: Promise<InferenceSession> | undefined;
let running = false;
let ending: NodeJS.Timeout | undefined;

const load = (): Promise<InferenceSession> => {
  session ??= prepareModel(folder).then((path) =>
    runtime().InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Without the arena the C library’s heap grows by fragments to a gigabyte, and the work takes a quarter longer.
      enableCpuMemArena: true,
      enableMemPattern: false,
    }),
  );
  session.catch(() => (session = undefined));
  return session;
};

async function speak({ ids, voices, speed }: KokoroJob): Promise<{ pcm: Int16Array; samples: number[] }> {
  const { Tensor } = runtime();
  const style = new Float32Array(256);
  for (const voice of voices) {
    const row = styles.row(voice, ids.length);
    for (let i = 0; i < style.length; i += 1) style[i]! += row[i]! / voices.length;
  }
  const whole = [0, ...ids, 0];
  const results = await (
    await load()
  ).run({
    tokens: new Tensor('int64', BigInt64Array.from(whole, BigInt), [1, whole.length]),
    style: new Tensor('float32', style, [1, style.length]),
    speed: new Tensor('float32', Float32Array.of(speed), [1]),
  });
  const sound = results['audio']!.data as Float32Array;
  const pcm = new Int16Array(sound.length);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(sound[i]! * 32_767)));
  const frames = results[DURATIONS]!.data as Float32Array;
  return { pcm, samples: Array.from(frames, (count) => count * FRAME_SAMPLES) };
}

async function work(): Promise<void> {
  if (running) return;
  running = true;
  clearTimeout(ending);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { socket, id, job } = next;
    try {
      const { pcm, samples } = await speak(job);
      if (!socket.destroyed) sendMessage(socket, { kind: 'done', id, samples }, pcm);
    } catch (error) {
      const message = String(error instanceof Error ? error.message : error).slice(0, 300);
      if (!socket.destroyed) sendMessage(socket, { kind: 'failed', id, message });
    }
  }
  running = false;
  rest();
}

const rank = ({ job }: Waiting): number => PRIORITIES.indexOf(job.priority);

function take(socket: Socket, request: KokoroRequest): void {
  if (request.kind === 'cancel') {
    const at = queue.findIndex((one) => one.socket === socket && one.id === request.id);
    if (at >= 0) queue.splice(at, 1);
    return;
  }
  if (request.kind === 'warm') {
    load().catch(() => undefined); // the next job reports it
    return;
  }
  const waiting: Waiting = { socket, id: request.id, job: request };
  if (queue.length >= MAX_WAITING) {
    const last = queue.at(-1)!;
    const victim = rank(last) > rank(waiting) ? queue.pop()! : waiting;
    sendMessage(victim.socket, { kind: 'failed', id: victim.id, message: `${MAX_WAITING} pieces wait`, full: true });
    if (victim === waiting) return;
  }
  const behind = queue.findIndex((one) => rank(one) > rank(waiting));
  queue.splice(behind === -1 ? queue.length : behind, 0, waiting);
  void work();
}

/** Ends the process when nothing has been asked for long enough. */
function rest(): void {
  clearTimeout(ending);
  if (running) return;
  ending = setTimeout(end, Number(sockets.size === 0 ? lonelyMs : idleMs));
}

function end(): void {
  server.close();
  // A plain exit would wait for threads of the runtime.
  void rm(socketPath, { force: true }).finally(() => process.kill(process.pid, 'SIGKILL'));
}

const server = createServer((socket) => {
  sockets.add(socket);
  rest();
  readMessages<KokoroRequest>(socket, (request) => take(socket, request));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    for (let i = queue.length - 1; i >= 0; i -= 1) if (queue[i]!.socket === socket) queue.splice(i, 1);
    rest();
  });
});

/** Listens, unless a living process does already. */
function listen(isSecondTry = false): void {
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || isSecondTry) process.exit(1);
    const probe = connect(socketPath);
    probe.once('connect', () => process.exit(0));
    probe.once('error', () => void rm(socketPath, { force: true }).then(() => listen(true)));
  });
  server.listen(socketPath, rest);
}

try {
  setPriority(NICE);
} catch {
  // It runs at the engine's own priority.
}
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('SIGTERM', end);
process.umask(0o077);
listen();
