/**
 * A clip as raw frames on the disk.
 *
 * Layout: a page with `SRCLIP01`, width, height, frames, stored frames, 1 for alpha, key frames (uint32 LE), and the
 * SHA-256 of everything after it; then the stored frames (I420; premultiplied where corners are round), the alpha
 * planes if any, the stored frame of each frame, and the numbers of the key frames (int32 LE). A frame equal to the one
 * before is not stored again.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { stat, utimes, type FileHandle } from 'node:fs/promises';
import { openOwnFile } from '../../core/files/own-folder.js';
import { i420Size } from '../../core/media/picture.js';

const MAGIC = Buffer.from('SRCLIP01');
const CLIP_HEAD_BYTES = 4096;
const FIELDS = 6;
const DIGEST_AT = MAGIC.length + FIELDS * 4;
const READ_BYTES = 1 << 20;

export interface ClipFile {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Stored frames. */
  readonly stored: number;
  readonly hasAlpha: boolean;
  /** Stored frame of each frame. */
  readonly index: Int32Array;
  readonly keyFrames: readonly number[];
  /** SHA-256 of its content. */
  readonly digest: string;
}

export const alphaSize = (width: number, height: number): number => (width * height * 5) / 4;
export const storedAt = ({ width, height }: Pick<ClipFile, 'width' | 'height'>, stored: number): number =>
  CLIP_HEAD_BYTES + stored * i420Size(width, height);

/** Writes a clip file frame by frame; the head comes last, so a half-written file is invalid. */
export class ClipFileWriter {
  private readonly fd: number;
  private readonly hash: Hash = createHash('sha256');
  private readonly index: number[] = [];
  private at = CLIP_HEAD_BYTES;
  stored = 0;

  constructor(
    path: string,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.fd = openSync(path, 'wx', 0o600);
  }

  get frames(): number {
    return this.index.length;
  }

  /** `undefined`: repeats the previous frame. */
  add(frame: Uint8Array | undefined): void {
    if (frame !== undefined) {
      this.write(frame);
      this.stored += 1;
    }
    this.index.push(this.stored - 1);
  }

  end(alpha: Uint8Array | undefined, keyFrames: readonly number[]): void {
    if (alpha !== undefined) this.write(alpha);
    this.write(new Uint8Array(Int32Array.from(this.index).buffer));
    this.write(new Uint8Array(Int32Array.from(keyFrames).buffer));
    const head = Buffer.alloc(CLIP_HEAD_BYTES);
    MAGIC.copy(head);
    const { width, height, frames, stored } = this;
    const fields = [width, height, frames, stored, alpha === undefined ? 0 : 1, keyFrames.length];
    fields.forEach((value, i) => head.writeUInt32LE(value, MAGIC.length + i * 4));
    this.hash.digest().copy(head, DIGEST_AT);
    writeSync(this.fd, head, 0, head.length, 0);
    this.close();
  }

  close(): void {
    closeSync(this.fd);
  }

  private write(bytes: Uint8Array): void {
    this.hash.update(bytes);
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.fd, bytes, done, bytes.length - done, this.at + done);
    }
    this.at += bytes.length;
  }
}

/** Reads the head and the tables, and verifies the digest of the whole file. Undefined when it is invalid. */
export async function openClipFile(path: string): Promise<ClipFile | undefined> {
  const file = await openOwnFile(path);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size <= CLIP_HEAD_BYTES) return undefined;
    const head = Buffer.alloc(CLIP_HEAD_BYTES);
    await file.read(head, 0, CLIP_HEAD_BYTES, 0);
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const field = (i: number): number => head.readUInt32LE(MAGIC.length + i * 4);
    const [width, height, frames, stored, alpha, keys] = [0, 1, 2, 3, 4, 5].map(field) as [number, ...number[]];
    const tablesAt = storedAt({ width, height: height! }, stored!) + (alpha === 1 ? alphaSize(width, height!) : 0);
    const tablesBytes = (frames! + keys!) * 4;
    if (frames === 0 || size !== tablesAt + tablesBytes) return undefined;
    const hash = createHash('sha256');
    const part = Buffer.alloc(READ_BYTES);
    const tables = Buffer.alloc(tablesBytes);
    for (let at = CLIP_HEAD_BYTES; at < size;) {
      const { bytesRead } = await file.read(part, 0, READ_BYTES, at);
      if (bytesRead === 0) return undefined;
      hash.update(part.subarray(0, bytesRead));
      if (at + bytesRead > tablesAt)
        part.copy(tables, Math.max(0, at - tablesAt), Math.max(0, tablesAt - at), bytesRead);
      at += bytesRead;
    }
    const digest = hash.digest();
    if (!digest.equals(head.subarray(DIGEST_AT, DIGEST_AT + 32))) return undefined;
    await utimes(path, new Date(), new Date()).catch(() => undefined); // marks it as recently used
    const numbers = new Int32Array(tables.buffer, tables.byteOffset, tablesBytes / 4);
    const index = new Int32Array(new SharedArrayBuffer(frames! * 4));
    index.set(numbers.subarray(0, frames));
    const keyFrames = [...numbers.subarray(frames)];
    return {
      path,
      width,
      height: height!,
      stored: stored!,
      hasAlpha: alpha === 1,
      index,
      keyFrames,
      digest: digest.toString('hex'),
    };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** A copy of one stored frame, I420. */
export async function readStoredFrame(clip: ClipFile, stored: number): Promise<Uint8Array<SharedArrayBuffer>> {
  const file = await openAgain(clip);
  try {
    const frame = new Uint8Array(new SharedArrayBuffer(i420Size(clip.width, clip.height)));
    await file.read(frame, 0, frame.length, storedAt(clip, stored));
    return frame;
  } finally {
    await file.close();
  }
}

/** A and AC planes; undefined for a clip without round corners. */
export async function readAlpha(clip: ClipFile): Promise<Uint8Array | undefined> {
  if (!clip.hasAlpha) return undefined;
  const file = await openAgain(clip);
  try {
    const alpha = new Uint8Array(alphaSize(clip.width, clip.height));
    await file.read(alpha, 0, alpha.length, storedAt(clip, clip.stored));
    return alpha;
  } finally {
    await file.close();
  }
}

async function openAgain({ path }: ClipFile): Promise<FileHandle> {
  const file = await openOwnFile(path);
  if (file === undefined) throw new Error('the decoded clip was removed');
  return file;
}

/** True while the file exists. */
export const clipFileStands = (clip: ClipFile): Promise<boolean> =>
  stat(clip.path).then(
    () => true,
    () => false,
  );
