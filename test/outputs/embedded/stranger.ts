import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { encodeAmf0, type AmfValue } from '../../../src/outputs/rtmp/amf0.js';
import { CHUNK_STREAM, ChunkWriter, MESSAGE } from '../../../src/outputs/rtmp/chunks.js';
import { ClientHandshake } from '../../../src/outputs/rtmp/rtmp-connection.js';
import { makeCode } from '../../kit/draw-code.js';
import { sleep } from '../../encoder/synthetic-room.js';

const ffmpeg = await findFfmpeg();
const MODULE_PX = 12;

/** A picture of 640×360 with a QR code in it. */
export async function writeQrPicture(dir: string): Promise<string> {
  const code = await makeCode('https://evil.example/pay');
  const side = code.width * MODULE_PX;
  const pixels = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (code.dark[Math.floor(y / MODULE_PX) * code.width + Math.floor(x / MODULE_PX)]) pixels[y * side + x] = 0;
    }
  }
  const file = join(dir, 'qr.png');
  const symbol = await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
  const background = { r: 255, g: 255, b: 255 };
  await sharp({ create: { width: 640, height: 360, channels: 3, background } })
    .composite([{ input: symbol }])
    .png()
    .toFile(file);
  return file;
}

export interface Pushed {
  readonly seconds: number;
  readonly keyEvery: number;
  readonly fps: number;
}

const encode = (picture: string, { seconds, keyEvery, fps }: Pushed): string[] => [
  ...['-v', 'error', '-re', '-loop', '1', '-framerate', String(fps), '-i', picture, '-t', String(seconds)],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', String(keyEvery)],
  ...['-f', 'flv'],
];

/** Publishes a picture with ffmpeg like any stranger; resolves with its outcome. */
export const pushPicture = (picture: string, url: string, pushed: Pushed): Promise<'sent' | 'cut'> =>
  new Promise((resolve) => {
    execFile(ffmpeg.path, [...encode(picture, pushed), url], { timeout: 30_000 }, (error) =>
      resolve(error === null ? 'sent' : 'cut'),
    );
  });

interface Tag {
  readonly type: number;
  readonly timeMs: number;
  readonly body: Buffer;
}

/** The same picture as RTMP message bodies: its sequence header first, then a key frame each. */
export async function pictureTags(picture: string): Promise<Tag[]> {
  const file = `${picture}.flv`;
  const args = encode(picture, { seconds: 1, keyEvery: 1, fps: 30 }).filter((one) => one !== '-re');
  await new Promise<void>((resolve, reject) => {
    execFile(ffmpeg.path, [...args, '-y', file], (error) => (error === null ? resolve() : reject(error)));
  });
  const flv = readFileSync(file);
  const tags: Tag[] = [];
  for (let at = 13; at + 11 < flv.length;) {
    const size = flv.readUIntBE(at + 1, 3);
    const timeMs = flv.readUIntBE(at + 4, 3);
    if (flv[at] === MESSAGE.video) tags.push({ type: flv[at]!, timeMs, body: flv.subarray(at + 11, at + 11 + size) });
    at += size + 15;
  }
  return tags;
}

/** An RTMP client that sends anything. */
export class RawClient {
  private readonly writer = new ChunkWriter();
  private transaction = 0;
  /** When the server ended it. */
  closedMs: number | undefined;

  private constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closedMs = performance.now()));
  }

  static async connect(port: number, app = 'live'): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const client = new RawClient(socket);
    const handshake = new ClientHandshake();
    socket.write(ClientHandshake.hello());
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('data', (data: Buffer) => {
        const done = handshake.take(data);
        if (done === undefined) return;
        socket.removeAllListeners('data');
        socket.resume();
        socket.write(done.reply);
        resolve();
      });
    });
    client.command('connect', { app, tcUrl: `rtmp://127.0.0.1:${port}/${app}` });
    client.command('createStream', null);
    return client;
  }

  command(name: string, ...values: AmfValue[]): void {
    this.transaction += 1;
    const body = encodeAmf0(name, this.transaction, ...values);
    this.message(MESSAGE.commandAmf0, 0, body);
  }

  message(type: number, timeMs: number, body: Uint8Array): void {
    const chunkStream = type === MESSAGE.commandAmf0 ? CHUNK_STREAM.command : CHUNK_STREAM.video;
    this.socket.write(this.writer.message(chunkStream, type, 1, timeMs, body));
  }

  /** Whether it is cut in both directions within some time; an end of the server's half alone does not count. */
  async isCut(withinMs = 2000): Promise<boolean> {
    for (const end = performance.now() + withinMs; this.closedMs === undefined && performance.now() < end;) {
      this.socket.write(this.writer.message(CHUNK_STREAM.control, MESSAGE.acknowledgement, 0, 0, Buffer.alloc(4)));
      await sleep(50);
    }
    return this.closedMs !== undefined;
  }

  /** Sends all tags 30 a second, or until it is cut. */
  async send(tags: readonly Tag[]): Promise<'sent' | 'cut'> {
    for (const { type, timeMs, body } of tags) {
      if (this.closedMs !== undefined) return 'cut';
      this.message(type, timeMs, body);
      await sleep(33);
    }
    return this.closedMs === undefined ? 'sent' : 'cut';
  }
}

/** Every picture a player of the address gets in a few seconds, as luma of 320×180. */
export function watch(url: string, seconds: number): Promise<Uint8Array[]> {
  const args = ['-v', 'error', '-i', url, '-t', String(seconds), '-an', '-vf', 'scale=320:180,format=gray'];
  return new Promise((resolve) => {
    const options = { encoding: 'buffer', maxBuffer: 1 << 28, timeout: (seconds + 20) * 1000 } as const;
    execFile(ffmpeg.path, [...args, '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'], options, (_error, stdout) => {
      const size = 320 * 180;
      resolve(
        Array.from({ length: Math.floor(stdout.length / size) }, (_, i) => stdout.subarray(i * size, (i + 1) * size)),
      );
    });
  });
}
