import { EngineError } from '../core/errors.js';

const PAGE_HEADER = 27;

/**
 * Parses an Ogg byte stream (RFC 3533) of one Opus stream in chunks of any size and emits its packets. The two header
 * packets (RFC 7845) are dropped; the pre-skip of the first is kept.
 */
export class OggOpusReader {
  private pending: Buffer = Buffer.alloc(0);
  private parts: Uint8Array[] = [];
  private packets = 0;
  /** Samples at 48 kHz that the encoder adds before the first input sample. */
  preSkip = 0;

  constructor(private readonly onPacket: (packet: Uint8Array) => void) {}

  push(chunk: Buffer): void {
    let data = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    while (data.length >= PAGE_HEADER) {
      if (data.toString('latin1', 0, 4) !== 'OggS') {
        throw new EngineError('E_BITSTREAM', {
          where: 'encoder output (Ogg)',
          expected: 'a page that starts with OggS',
          found: data.toString('hex', 0, 4),
        });
      }
      const segments = data[26]!;
      if (data.length < PAGE_HEADER + segments) break;
      let size = 0;
      for (let i = 0; i < segments; i += 1) size += data[PAGE_HEADER + i]!;
      const body = PAGE_HEADER + segments;
      if (data.length < body + size) break;
      this.page(data.subarray(PAGE_HEADER, body), data.subarray(body, body + size));
      data = data.subarray(body + size);
    }
    this.pending = Buffer.from(data);
  }

  private page(lacing: Buffer, body: Buffer): void {
    let start = 0;
    let end = 0;
    for (const length of lacing) {
      end += length;
      if (length === 255) continue;
      this.parts.push(body.subarray(start, end));
      this.packet(
        this.parts.length === 1 ? Uint8Array.from(this.parts[0]!) : Uint8Array.from(Buffer.concat(this.parts)),
      );
      this.parts = [];
      start = end;
    }
    if (end > start) this.parts.push(Uint8Array.from(body.subarray(start, end)));
  }

  private packet(data: Uint8Array): void {
    this.packets += 1;
    if (this.packets === 1) this.preSkip = data[10]! | (data[11]! << 8);
    else if (this.packets > 2) this.onPacket(data);
  }
}
