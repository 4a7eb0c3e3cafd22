import { createWriteStream, mkdirSync, statSync, type WriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { FrameIndex } from '../core/time.js';
import { loadSharp } from '../scene/sharp.js';

/** Receives an offline render. `video` and `audio` get every frame of the stretch, in order, and are awaited. */
export interface RenderSink {
  video(n: FrameIndex, picture: Uint8Array): Promise<void>;
  audio(pcm: Float32Array): Promise<void>;
  /** Completes the files and renames them. */
  end(): Promise<void>;
  /** Ends without a result, and removes a file that is useless in part. Frames and raw data stay. */
  abandon?(): Promise<void>;
}

function makeFolder(dir: string): void {
  try {
    makeFolders(dir);
  } catch (cause) {
    throw new EngineError('E_BAD_REQUEST', {
      where: '--out',
      expected: 'a folder that can be made',
      found: (cause as Error).message,
      cause,
    });
  }
}

/** Node's `recursive` option never returns where a parent cannot be created, such as below /proc. */
function makeFolders(dir: string): void {
  try {
    mkdirSync(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
    makeFolders(dirname(dir));
    mkdirSync(dir);
  }
}

/** Creates the folder of a file. */
export const makeFolderOf = (file: string): void => makeFolder(dirname(file));

/** `frame-000123.png` for every frame. */
export async function pngSink(dir: string, width: number, height: number, kernels: Kernels): Promise<RenderSink> {
  makeFolder(dir);
  const sharp = await loadSharp();
  const rgba = new Uint8Array(width * height * 4);
  return {
    async video(n, picture) {
      kernels.i420ToRgba(picture, width, height, rgba);
      const file = join(dir, `frame-${String(n).padStart(6, '0')}.png`);
      await sharp(rgba, { raw: { width, height, channels: 4 } })
        .removeAlpha()
        .png({ compressionLevel: 3 })
        .toFile(file);
    },
    audio: async () => undefined,
    end: async () => undefined,
  };
}

function writeAll(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())));
}

/** `video.i420` (raw frames) and `audio.f32` (interleaved stereo, 48 kHz), for measurements. */
export function rawSink(dir: string): RenderSink {
  makeFolder(dir);
  const video = createWriteStream(join(dir, 'video.i420'));
  const audio = createWriteStream(join(dir, 'audio.f32'));
  const end = (stream: WriteStream): Promise<void> => new Promise((resolve) => stream.end(() => resolve()));
  return {
    video: (_n, picture) => writeAll(video, picture),
    audio: (pcm) => writeAll(audio, new Uint8Array(pcm.slice().buffer)),
    async end() {
      await Promise.all([end(video), end(audio)]);
    },
  };
}
