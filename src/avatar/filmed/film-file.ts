import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import { openOwnFileSync } from '../../core/files/own-folder.js';
import { i420Size, yuvaSize } from '../../core/media/picture.js';

/**
 * The matte of a cut-out person as its edges, and back.
 *
 * Problem: both planes of a matte are 45 % of a frame, and nearly all of them is empty or full; a general compressor takes
 * milliseconds a frame to undo, and so do copies of short spans.
 * Rule: each pair of rows has the span of chroma samples in which somebody stands, and in it the longest run whose matte is
 * full. The matte is kept inside the span and outside the run; colours stay as they are. Nothing is lost.
 * Numbers: four uint16 a pair of rows (span, run), then the edges; 0.25 ms to undo at 600 × 1000.
 */
const HEAD_CELLS = 4;

/** Bytes of the colours of a frame, and of its packed matte at most. */
const colourBytes = (width: number, height: number): number => (width * height * 3) / 2;
/** Bytes of both planes of a matte. */
export const matteBytes = (width: number, height: number): number => (width * height * 5) / 4;
export const maxMatteBytes = (width: number, height: number): number =>
  (height / 2) * HEAD_CELLS * 2 + matteBytes(width, height);

/** Packs the matte of a YUVA frame; returns the length. `to` starts at an even byte. */
export function packMatte(frame: Uint8Array, width: number, height: number, to: Uint8Array): number {
  const half = width / 2;
  const alphaAt = colourBytes(width, height);
  const coarseAt = alphaAt + width * height;
  const pairs = height / 2;
  const head = new Uint16Array(to.buffer, to.byteOffset, pairs * HEAD_CELLS);
  let at = pairs * HEAD_CELLS * 2;
  const put = (from: number, end: number): void => {
    to.set(frame.subarray(from, end), at);
    at += end - from;
  };
  for (let y = 0; y < pairs; y += 1) {
    let [start, end, runStart, runEnd, run] = [half, 0, 0, 0, 0];
    for (let x = 0; x < half; x += 1) {
      const p = alphaAt + 2 * y * width + 2 * x;
      const four = frame[p]! + frame[p + 1]! + frame[p + width]! + frame[p + width + 1]!;
      const coarse = frame[coarseAt + y * half + x]!;
      if (four > 0 || coarse > 0) {
        start = Math.min(start, x);
        end = x + 1;
      }
      run = four === 1020 && coarse === 255 ? run + 1 : 0;
      if (run <= runEnd - runStart) continue;
      runEnd = x + 1;
      runStart = runEnd - run;
    }
    start = Math.min(start, end);
    if (runEnd === runStart) runStart = runEnd = end;
    head.set([start, end, runStart, runEnd], y * HEAD_CELLS);
    for (const row of [alphaAt + 2 * y * width, alphaAt + (2 * y + 1) * width]) {
      put(row + 2 * start, row + 2 * runStart);
      put(row + 2 * runEnd, row + 2 * end);
    }
    put(coarseAt + y * half + start, coarseAt + y * half + runStart);
    put(coarseAt + y * half + runEnd, coarseAt + y * half + end);
  }
  return at;
}

/**
 * Unpacks both planes of a matte, into memory of one thread: fills of shared memory take ten times as long. Throws RangeError
 * when the bytes do not hold a matte.
 */
export function unpackMatte(
  packed: Uint8Array,
  bytes: number,
  width: number,
  height: number,
  to: Uint8Array<ArrayBuffer>,
): void {
  const half = width / 2;
  const coarseAt = width * height;
  const pairs = height / 2;
  let at = pairs * HEAD_CELLS * 2;
  if (bytes < at) throw new RangeError('a packed matte is too short');
  const head = new Uint16Array(packed.buffer, packed.byteOffset, pairs * HEAD_CELLS);
  to.fill(0);
  for (let y = 0; y < pairs; y += 1) {
    const start = head[y * HEAD_CELLS]!;
    const end = head[y * HEAD_CELLS + 1]!;
    const runStart = head[y * HEAD_CELLS + 2]!;
    const runEnd = head[y * HEAD_CELLS + 3]!;
    if (start > runStart || runStart > runEnd || runEnd > end || end > half)
      throw new RangeError('a packed matte has a span outside of its picture');
    if (end === start) continue;
    if (at + 5 * (runStart - start + end - runEnd) > bytes) throw new RangeError('a packed matte ends too early');
    const row = 2 * y * width;
    for (let p = row; p <= row + width; p += width) {
      for (let i = p + 2 * start; i < p + 2 * runStart; i += 1, at += 1) to[i] = packed[at]!;
      to.fill(255, p + 2 * runStart, p + 2 * runEnd);
      for (let i = p + 2 * runEnd; i < p + 2 * end; i += 1, at += 1) to[i] = packed[at]!;
    }
    const c = coarseAt + y * half;
    for (let i = c + start; i < c + runStart; i += 1, at += 1) to[i] = packed[at]!;
    to.fill(255, c + runStart, c + runEnd);
    for (let i = c + runEnd; i < c + end; i += 1, at += 1) to[i] = packed[at]!;
  }
}

/**
 * The file of a decoded film: `SRFILM02`; width, height, frames, and 1 for a cut-out person (uint32 LE); its length and the
 * offset of its index (float64 LE); from byte 4096 the frames; at last the index, where each frame begins and the last one
 * ends (float64 LE). A frame is I420, followed by its packed matte where the person is cut out. The head is written last.
 */
const HEAD_BYTES = 4096;
const MAGIC = 'SRFILM02';
const SIZE_AT = 24;
const INDEX_AT = 32;

export interface FilmShape {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly alpha: boolean;
}

/** Writes frames one after another into an open file. */
export class FilmFileWriter {
  private readonly index: number[] = [HEAD_BYTES];
  private readonly packed: Buffer;

  constructor(
    private readonly fd: number,
    private readonly shape: FilmShape,
  ) {
    this.packed = Buffer.from(new ArrayBuffer(shape.alpha ? maxMatteBytes(shape.width, shape.height) : 0));
  }

  add(frame: Uint8Array): void {
    const { width, height, alpha } = this.shape;
    const colours = frame.subarray(0, i420Size(width, height));
    const at = this.index.at(-1)!;
    this.write(colours, at);
    const bytes = alpha ? packMatte(frame, width, height, this.packed) : 0;
    this.write(this.packed.subarray(0, bytes), at + colours.length);
    this.index.push(at + colours.length + bytes);
  }

  end(): void {
    const { width, height, frames, alpha } = this.shape;
    const indexAt = this.index.at(-1)!;
    const index = Buffer.from(new Float64Array(this.index).buffer);
    this.write(index, indexAt);
    const head = Buffer.alloc(HEAD_BYTES);
    head.write(MAGIC, 'latin1');
    [width, height, frames, alpha ? 1 : 0].forEach((n, i) => head.writeUInt32LE(n, MAGIC.length + i * 4));
    head.writeDoubleLE(indexAt + index.length, SIZE_AT);
    head.writeDoubleLE(indexAt, INDEX_AT);
    this.write(head, 0);
  }

  private write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.fd, bytes, done, bytes.length - done, at + done);
  }
}

/** Reads single frames of a film, in any order. */
export class FilmFile {
  private readonly packed: Uint8Array;
  private readonly matte: Uint8Array<ArrayBuffer>;

  private constructor(
    private readonly fd: number,
    private readonly shape: FilmShape,
    private readonly index: Float64Array,
  ) {
    const { alpha, width, height } = shape;
    this.packed = new Uint8Array(alpha ? maxMatteBytes(width, height) : 0);
    this.matte = new Uint8Array(alpha ? matteBytes(width, height) : 0);
  }

  /** Throws when the file is missing, not ours, damaged, or of another film. */
  static open(path: string, shape: FilmShape): FilmFile {
    const fd = openOwnFileSync(path);
    try {
      return new FilmFile(fd, shape, readIndex(fd, shape));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Reads a frame into a YUVA picture. `isFilled`: the matte of a film with its background is full already, and stays. */
  read(frame: number, to: Uint8Array, isFilled: boolean): void {
    const { width, height, alpha } = this.shape;
    const at = this.index[frame]!;
    const bytes = this.index[frame + 1]! - at;
    const colours = i420Size(width, height);
    readAll(this.fd, to, colours, at);
    if (alpha) {
      readAll(this.fd, this.packed, bytes - colours, at + colours);
      unpackMatte(this.packed, bytes - colours, width, height, this.matte);
      to.set(this.matte, colours);
    } else if (!isFilled) to.fill(255, colours, yuvaSize(width, height));
  }

  close(): void {
    closeSync(this.fd);
  }
}

function readIndex(fd: number, { width, height, frames, alpha }: FilmShape): Float64Array {
  const head = Buffer.alloc(HEAD_BYTES);
  readAll(fd, head, HEAD_BYTES, 0);
  const shape = [width, height, frames, alpha ? 1 : 0];
  const isOurs =
    head.toString('latin1', 0, MAGIC.length) === MAGIC &&
    shape.every((n, i) => head.readUInt32LE(MAGIC.length + i * 4) === n) &&
    fstatSync(fd).size === head.readDoubleLE(SIZE_AT);
  if (!isOurs) throw new Error('the decoded film is damaged or of another form');
  const index = new Float64Array(frames + 1);
  readAll(fd, new Uint8Array(index.buffer), index.byteLength, head.readDoubleLE(INDEX_AT));
  const minBytes = i420Size(width, height);
  const maxBytes = minBytes + (alpha ? maxMatteBytes(width, height) : 0);
  for (let i = 0; i < frames; i += 1) {
    const bytes = index[i + 1]! - index[i]!;
    if (!(bytes >= minBytes && bytes <= maxBytes)) throw new Error('the index of the decoded film is damaged');
  }
  return index;
}

function readAll(fd: number, to: Uint8Array, bytes: number, at: number): void {
  for (let done = 0; done < bytes;) {
    const n = readSync(fd, to, done, bytes - done, at + done);
    if (n === 0) throw new Error('the decoded film ends too early');
    done += n;
  }
}
