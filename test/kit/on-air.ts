import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { isProductPicture } from '../../src/config/sections/layer.js';
import { templatePath } from '../../src/core/files/paths.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { LiveRoom } from '../../src/room/live-room.js';

const TOKEN = 'on-air-test';

const found = await findFfmpeg();
export const ffmpeg = found.path;
/** Pictures as received, none doubled or dropped to keep a rate; the option has its new name since 5.1. */
const AS_THEY_COME = found.major > 5 ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];

/** The size of rooms whose template names none: a full picture would take a core for nothing. */
const SMALL = { width: 256, height: 256 };

/** A template's room as an object, with absolute references, for a test to change. */
export function templateRoom(name: string): Record<string, any> {
  const file = templatePath('rooms', name, 'room.json');
  const dir = dirname(file);
  const text = readFileSync(file, 'utf8').replace(/"(\.\.?\/[^"]+\.(svg|png|flac|wav|jpg|webp))"/g, (_, ref: string) =>
    JSON.stringify(join(dir, ref)),
  );
  const room = JSON.parse(text) as Record<string, any>;
  for (const product of room['products'] ?? []) {
    if (!product.image.startsWith('/')) product.image = join(dir, product.image);
    if (product.images !== undefined) product.images = product.images.map((image: string) => join(dir, image));
  }
  for (const layer of room['layers']) {
    if (typeof layer.src === 'string' && !isProductPicture(layer.src) && !/^(\/|data:)/.test(layer.src))
      layer.src = join(dir, layer.src);
    if (Array.isArray(layer.items) && layer.type === 'media') {
      layer.items = layer.items.map((item: string) => (item.startsWith('/') ? item : join(dir, item)));
    }
  }
  room['video'] ??= SMALL;
  delete room['$schema'];
  return room;
}

/** Writes a room file into the test's own folder, with free ports and its ledger beside it. */
export function writeRoom(t: Test, room: Record<string, any>): string {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-test-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'room.json');
  const control = { ...room['control'], port: 0, rtmpPort: 0, flvPort: 0 };
  const compliance = { ...room['compliance'], ledger: join(dir, 'ledger.jsonl') };
  writeFileSync(file, JSON.stringify({ ...room, control, compliance }));
  return file;
}

export interface OnAir {
  readonly live: LiveRoom;
  readonly url: string;
  readonly file: string;
  readonly dir: string;
  /** Headers with the token. */
  readonly headers: Readonly<Record<string, string>>;
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any }>;
  /** The ledger file's present entries; they arrive a moment after their events, so wait for them. */
  ledger(): any[];
}

/** Puts a room on air in this process, with its API; closed when the test ends. */
export async function onAir(t: Test, room: Record<string, any>): Promise<OnAir> {
  const file = writeRoom(t, room);
  const config = loadRoom(file);
  const live = await LiveRoom.start(config, { log: silentLog, signal: new AbortController().signal });
  t.teardown(() => live.close());
  const control = await ControlServer.start({ room: live, host: '127.0.0.1', port: 0, token: TOKEN, log: silentLog });
  t.teardown(() => control.close());
  return {
    live,
    url: control.url,
    file,
    dir: dirname(file),
    headers: { authorization: `Bearer ${TOKEN}` },
    async api(method, path, body, headers = {}) {
      const reply = await fetch(control.url + path, {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    ledger: () =>
      // Written asynchronously: the file may be missing, and the text after the last newline is half a line.
      readIfThere(join(dirname(file), 'ledger.jsonl'))
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

export interface ToolOutput {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function tool(command: string, args: readonly string[]): Promise<ToolOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(out), stderr }));
  });
}

/** Records an RTMP viewer's stream unchanged. */
export async function record(url: string, seconds: number, file: string): Promise<void> {
  const { code, stderr } = await tool(ffmpeg, [
    ...['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-i', url, '-t', String(seconds), '-c', 'copy', file],
  ]);
  if (code !== 0) throw new Error(`ffmpeg could not record: ${stderr}`);
}

/** Records an RTMP viewer's stream until the returned function is called. */
export function recordUntilStopped(t: Test, url: string, file: string): () => Promise<void> {
  const child = spawn(ffmpeg, ['-hide_banner', '-y', '-loglevel', 'error', '-i', url, '-c', 'copy', file], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdin.on('error', () => undefined); // its exit reports why
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.once('error', (error) => (stderr += String(error)));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return async () => {
    // A request to stop, after which the file is complete.
    child.stdin.end('q');
    const code = await ended;
    if (code !== 0) throw new Error(`ffmpeg could not record: ${stderr}`);
  };
}

export interface Packet {
  readonly kind: 'video' | 'audio';
  readonly ptsMs: number;
  readonly key: boolean;
}

/** Packets of a recording, by ffprobe; undefined where ffprobe is not installed. */
export async function probePackets(file: string): Promise<Packet[]> {
  const { stdout } = await tool('ffprobe', [
    ...['-v', 'error', '-show_entries', 'packet=codec_type,pts_time,flags', '-of', 'csv=p=0', file],
  ]);
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .filter((f) => f[0] === 'video' || f[0] === 'audio')
    .map(([kind, pts, flags]) => ({
      kind: kind as 'video' | 'audio',
      ptsMs: Math.round(Number(pts) * 1000),
      key: flags!.startsWith('K'),
    }));
}

/** Decoded luma planes of a recording. */
export async function decodeLuma(file: string, width: number, height: number, frames?: number): Promise<Uint8Array[]> {
  const limit = frames === undefined ? [] : ['-frames:v', String(frames)];
  const { stdout } = await tool(ffmpeg, [
    ...['-loglevel', 'error', '-i', file, ...limit, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
  ]);
  const size = width * height;
  return Array.from({ length: Math.floor(stdout.length / size) }, (_, i) => stdout.subarray(i * size, (i + 1) * size));
}

export interface TimedLuma {
  readonly ptsMs: number;
  readonly luma: Uint8Array;
}

/** Decoded luma planes of a recording's pictures, each with its time. */
export async function decodeTimedLuma(file: string, width: number, height: number): Promise<TimedLuma[]> {
  const { stdout, stderr } = await tool(ffmpeg, [
    ...['-hide_banner', '-nostats', '-i', file, '-map', '0:v', '-vf', 'showinfo', ...AS_THEY_COME],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
  ]);
  const size = width * height;
  return Array.from(stderr.matchAll(/ pts_time:(\S+)/g), ([, time], i) => ({
    ptsMs: Math.round(Number(time) * 1000),
    luma: stdout.subarray(i * size, (i + 1) * size),
  }));
}

/** Decoded sound of a recording, mono, 48 kHz. */
export async function decodeSound(file: string): Promise<Float32Array> {
  const { stdout } = await tool(ffmpeg, [
    ...['-loglevel', 'error', '-i', file, '-f', 'f32le', '-ar', '48000', '-ac', '1', 'pipe:1'],
  ]);
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~3)));
}

export { until, wait } from './until.js';
