/** RTMP chunk stream, receiving side (Adobe RTMP 1.0, 5.3). */

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

export interface RtmpMessage {
  readonly type: number;
  readonly streamId: number;
  /** As in the header: absolute in a full header, a delta in the others; 2²⁴−1 where the extended field holds it. */
  readonly timestampField: number;
  readonly payload: Buffer;
}

interface ChunkState {
  timestampField: number;
  length: number;
  type: number;
  streamId: number;
  parts: Buffer[];
  received: number;
}

const HEADER_BYTES = [11, 7, 3, 0] as const;
const MAX_MESSAGE_BYTES = 1 << 20;
const MAX_CHUNK_STREAMS = 64;

export class ChunkReader {
  chunkSize = 128;
  private pending: Buffer = Buffer.alloc(0);
  private readonly streams = new Map<number, ChunkState>();

  constructor(private readonly onMessage: (message: RtmpMessage) => void) {}

  /** @throws RangeError on data that is not a chunk stream */
  push(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    for (;;) {
      const used = this.chunk(this.pending);
      if (used === 0) return;
      this.pending = this.pending.subarray(used);
    }
  }

  /** Size of the first chunk in `data`, or 0 while it is incomplete. */
  private chunk(data: Buffer): number {
    if (data.length < 1) return 0;
    const format = data[0]! >> 6;
    let id = data[0]! & 0x3f;
    let at = 1;
    if (id < 2) {
      if (data.length < 2 + id) return 0;
      id = id === 0 ? data[1]! + 64 : data.readUInt16LE(1) + 64;
      at = id < 320 && (data[0]! & 0x3f) === 0 ? 2 : 3;
    }
    const header = HEADER_BYTES[format]!;
    if (data.length < at + header) return 0;
    const before = this.streams.get(id);
    if (before === undefined && format !== 0) throw new RangeError(`RTMP chunk of type ${format} on a new stream`);
    const timestampField = format < 3 ? data.readUIntBE(at, 3) : before!.timestampField;
    const length = format < 2 ? data.readUIntBE(at + 3, 3) : before!.length;
    const type = format < 2 ? data[at + 6]! : before!.type;
    const streamId = format === 0 ? data.readUInt32LE(at + 7) : before!.streamId;
    if (length > MAX_MESSAGE_BYTES) throw new RangeError(`RTMP message of ${length} bytes`);
    at += header + (timestampField === 0xffffff ? 4 : 0);
    const received = before?.received ?? 0;
    const take = Math.min(this.chunkSize, length - received);
    if (data.length < at + take) return 0;
    const state = before ?? { timestampField, length, type, streamId, parts: [], received: 0 };
    if (before === undefined) {
      if (this.streams.size >= MAX_CHUNK_STREAMS) throw new RangeError('too many RTMP chunk streams');
      this.streams.set(id, state);
    }
    Object.assign(state, { timestampField, length, type, streamId });
    state.parts.push(Buffer.from(data.subarray(at, at + take)));
    state.received += take;
    if (state.received >= length) {
      const payload = state.parts.length === 1 ? state.parts[0]! : Buffer.concat(state.parts);
      state.parts = [];
      state.received = 0;
      this.onMessage({ type, streamId, timestampField, payload });
    }
    return at + take;
  }
}
