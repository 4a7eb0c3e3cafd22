/**
 * RTMP chunk stream, sending side (Adobe RTMP 1.0, 5.3). Every message starts with a full (type 0) header and an
 * absolute timestamp: 11 bytes per message spare receivers from adding up deltas.
 */

export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAckSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf0: 18,
  commandAmf3: 17,
  commandAmf0: 20,
} as const;

/** Chunk stream ids: 2 is reserved for the protocol, the others are free. */
export const CHUNK_STREAM = { control: 2, command: 3, audio: 4, video: 6, data: 5 } as const;

const EXTENDED = 0xffffff;
/** Below this size, one copy is cheaper than two socket buffers. */
const SHARED_FROM_BYTES = 2048;

export class ChunkWriter {
  /** Both sides begin with 128; ours changes with the Set Chunk Size message the engine sends. */
  chunkSize = 128;

  /**
   * Like `message`, in pieces: a payload that fits one chunk is not copied, so many connections share the same bytes.
   */
  pieces(chunkStream: number, type: number, streamId: number, timestampMs: number, payload: Uint8Array): Uint8Array[] {
    if (payload.length < SHARED_FROM_BYTES || payload.length > this.chunkSize) {
      return [this.message(chunkStream, type, streamId, timestampMs, payload)];
    }
    const extended = timestampMs % 0x1_0000_0000 >= EXTENDED;
    const header = Buffer.allocUnsafe(extended ? 16 : 12);
    this.header(header, chunkStream, type, streamId, timestampMs, payload.length);
    return [header, payload];
  }

  /**
   * One message as bytes for the socket. `timestampMs` is taken modulo 2³² (RTMP's clock wraps after 49.7
   * days); from 2²⁴−1 on it goes to the extended field, which is repeated in every chunk.
   */
  message(chunkStream: number, type: number, streamId: number, timestampMs: number, payload: Uint8Array): Buffer {
    const time = timestampMs % 0x1_0000_0000;
    const extended = time >= EXTENDED;
    const more = Math.max(0, Math.ceil(payload.length / this.chunkSize) - 1);
    const out = Buffer.allocUnsafe(12 + (extended ? 4 : 0) + payload.length + more * (extended ? 5 : 1));
    let at = this.header(out, chunkStream, type, streamId, time, payload.length);
    for (let from = 0; from < payload.length || from === 0;) {
      const to = Math.min(payload.length, from + this.chunkSize);
      out.set(payload.subarray(from, to), at);
      at += to - from;
      from = to;
      if (from >= payload.length) break;
      out[at] = 0xc0 | chunkStream;
      at += 1;
      if (extended) at = out.writeUInt32BE(time, at);
    }
    return out;
  }

  private header(
    out: Buffer,
    chunkStream: number,
    type: number,
    streamId: number,
    timestampMs: number,
    length: number,
  ): number {
    const time = timestampMs % 0x1_0000_0000;
    const extended = time >= EXTENDED;
    out[0] = chunkStream;
    out.writeUIntBE(extended ? EXTENDED : time, 1, 3);
    out.writeUIntBE(length, 4, 3);
    out[7] = type;
    out.writeUInt32LE(streamId, 8);
    return extended ? out.writeUInt32BE(time, 12) : 12;
  }
}
