import { i420Size } from '../../core/media/picture.js';

const MAX_HEAD_BYTES = 256;
const FRAME_MARK = Buffer.from('FRAME');

/**
 * Cuts a YUV4MPEG2 stream into I420 frames as it arrives. `onFrame` gets a buffer that is reused two frames later, so a
 * frame and its predecessor are valid together.
 */
export class Y4mReader {
  width = 0;
  height = 0;
  private head: Buffer = Buffer.alloc(0);
  private frames: [Buffer, Buffer] | undefined;
  private turn = 0;
  /** Bytes of the frame so far; −1 while waiting for its marker. */
  private filled = -1;

  constructor(private readonly onFrame: (frame: Buffer, before: Buffer) => void) {}

  /** False when this is not a YUV4MPEG2 stream. */
  take(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.filled >= 0) {
        const frame = this.frames![this.turn]!;
        const n = Math.min(chunk.length - at, frame.length - this.filled);
        chunk.copy(frame, this.filled, at, at + n);
        at += n;
        this.filled += n;
        if (this.filled < frame.length) continue;
        this.filled = -1;
        const before = this.frames![1 - this.turn]!;
        this.turn = 1 - this.turn;
        this.onFrame(frame, before);
        continue;
      }
      const end = chunk.indexOf(10, at);
      const part = chunk.subarray(at, end < 0 ? chunk.length : end);
      this.head = Buffer.concat([this.head, part]);
      if (this.head.length > MAX_HEAD_BYTES) return false;
      at = end < 0 ? chunk.length : end + 1;
      if (end >= 0 && !this.line()) return false;
    }
    return true;
  }

  private line(): boolean {
    const { head } = this;
    this.head = Buffer.alloc(0);
    if (this.frames !== undefined) {
      if (!head.subarray(0, 5).equals(FRAME_MARK)) return false;
      this.filled = 0;
      return true;
    }
    const found = /^YUV4MPEG2 W(\d+) H(\d+) .*\bC420/.exec(head.toString('latin1'));
    if (found === null) return false;
    this.width = Number(found[1]);
    this.height = Number(found[2]);
    if (((this.width | this.height) & 1) !== 0 || this.width * this.height === 0) return false;
    const bytes = i420Size(this.width, this.height);
    this.frames = [Buffer.alloc(bytes), Buffer.alloc(bytes)];
    return true;
  }
}
