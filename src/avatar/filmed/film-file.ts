import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import { openOwnFileSync } from '../../core/files/own-folder.js';
import { i420Size, yuvaSize } from '../../core/media/picture.js';
import { matteBytes, maxMatteBytes, packMatte, unpackMatte } from './packed-matte.js';

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
