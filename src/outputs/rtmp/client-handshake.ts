import { randomFillSync } from 'node:crypto';

const PART_BYTES = 1536;
const VERSION = 3;

/** The client's side of the plain handshake (RTMP 1.0, 5.2): C0 and C1 go out, S0, S1 and S2 come in, C2 goes out. */
export class ClientHandshake {
  private pending: Buffer = Buffer.alloc(0);

  /** C0 and C1. */
  static hello(): Buffer {
    const hello = Buffer.alloc(1 + PART_BYTES);
    hello[0] = VERSION;
    randomFillSync(hello, 9);
    return hello;
  }

  /** Undefined until the handshake is complete; then C2 and any bytes that follow it. Throws RangeError. */
  take(data: Buffer): { reply: Buffer; rest: Buffer } | undefined {
    this.pending = Buffer.concat([this.pending, data]);
    const { pending } = this;
    if (pending.length > 0 && pending[0] !== VERSION) throw new RangeError(`RTMP version ${pending[0]}`);
    if (pending.length < 1 + 2 * PART_BYTES) return undefined;
    return { reply: pending.subarray(1, 1 + PART_BYTES), rest: Buffer.from(pending.subarray(1 + 2 * PART_BYTES)) };
  }
}
