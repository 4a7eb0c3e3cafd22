import { EngineError } from '../core/errors.js';

/** Content of a tag (Adobe Flash Video File Format 10.1, E.4). Payloads are copies; timestamps are 32 bits and wrap. */
export type FlvUnit =
  | { readonly kind: 'avc-config'; readonly data: Uint8Array }
  | { readonly kind: 'avc'; readonly timestampMs: number; readonly key: boolean; readonly data: Uint8Array }
  | { readonly kind: 'aac-config'; readonly data: Uint8Array }
  | { readonly kind: 'aac'; readonly timestampMs: number; readonly data: Uint8Array };

const NOTHING: Buffer = Buffer.alloc(0);
const FILE_HEADER = 9;
const TAG_HEADER = 11;
const PREVIOUS_SIZE = 4;
const MAX_TAG_BYTES = 8 << 20;
const AUDIO = 8;
const VIDEO = 9;

/** Parses an FLV byte stream in chunks of any size and emits its H.264 and AAC units as soon as each is whole. */
export class FlvReader {
  private pending = NOTHING;
  private started = false;

  constructor(private readonly onUnit: (unit: FlvUnit) => void) {}

  push(chunk: Buffer): void {
    let data = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    if (!this.started) {
      if (data.length < FILE_HEADER + PREVIOUS_SIZE) {
        this.pending = Buffer.from(data);
        return;
      }
      if (data.toString('latin1', 0, 3) !== 'FLV') throw broken('an FLV header', data.toString('hex', 0, 3));
      this.started = true;
      data = data.subarray(FILE_HEADER + PREVIOUS_SIZE);
    }
    while (data.length >= TAG_HEADER) {
      const size = data.readUIntBE(1, 3);
      if (size > MAX_TAG_BYTES) throw broken(`a tag of at most ${MAX_TAG_BYTES} bytes`, String(size));
      const whole = TAG_HEADER + size + PREVIOUS_SIZE;
      if (data.length < whole) break;
      const timestampMs = data[7]! * 0x100_0000 + data.readUIntBE(4, 3);
      this.tag(data[0]! & 0x1f, timestampMs, data.subarray(TAG_HEADER, TAG_HEADER + size));
      data = data.subarray(whole);
    }
    // A copy: the chunk's memory is used again.
    this.pending = data.length === 0 ? NOTHING : Buffer.from(data);
  }

  private tag(type: number, timestampMs: number, body: Buffer): void {
    if (type === VIDEO && body.length > 5 && (body[0]! & 0x0f) === 7) {
      const key = body[0]! >> 4 === 1;
      if (body[1] === 0) this.onUnit({ kind: 'avc-config', data: Uint8Array.from(body.subarray(5)) });
      else if (body[1] === 1) this.onUnit({ kind: 'avc', timestampMs, key, data: Uint8Array.from(body.subarray(5)) });
    } else if (type === AUDIO && body.length > 2 && body[0]! >> 4 === 10) {
      const data = Uint8Array.from(body.subarray(2));
      this.onUnit(body[1] === 0 ? { kind: 'aac-config', data } : { kind: 'aac', timestampMs, data });
    }
  }
}

function broken(expected: string, found: string): EngineError {
  return new EngineError('E_BITSTREAM', { where: 'encoder output (FLV)', expected, found });
}
