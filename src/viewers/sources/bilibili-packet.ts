/**
 * Packets of Bilibili's live comments: a header of 16 bytes, big-endian, before each body; one message may hold several
 * packets, and a body may hold packed packets again.
 */
import { promisify } from 'node:util';
import { brotliDecompress, inflate } from 'node:zlib';

const [unBrotli, unZlib] = [promisify(brotliDecompress), promisify(inflate)];

export const OPERATIONS = { heartbeat: 2, heartbeatReply: 3, message: 5, join: 7, joined: 8 } as const;
const HEADER_BYTES = 16;
const VERSIONS = { json: 0, number: 1, zlib: 2, brotli: 3 } as const;
/** Unpacked, of a whole message: a few bytes cannot fill the memory, nor keep the loop busy. */
export const MAX_UNPACKED_BYTES = 2 * 1024 * 1024;
export const MAX_PACKED = 8;
const MAX_PACKETS = 2000;

export interface Packet {
  readonly operation: number;
  readonly body: Buffer;
}

/** One packet with a JSON body or an empty one. */
export function writePacket(operation: number, body: unknown): Buffer {
  const text = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  const packet = Buffer.alloc(HEADER_BYTES + text.length);
  packet.writeUInt32BE(packet.length, 0);
  packet.writeUInt16BE(HEADER_BYTES, 4);
  packet.writeUInt16BE(VERSIONS.number, 6);
  packet.writeUInt32BE(operation, 8);
  packet.writeUInt32BE(1, 12);
  text.copy(packet, HEADER_BYTES);
  return packet;
}

/** All packets of a message, packed ones included. Rejects with a RangeError or a zlib error when it is malformed. */
export async function readPackets(message: Buffer): Promise<Packet[]> {
  const found: Packet[] = [];
  const packed = collect(message, found);
  if (packed.length > MAX_PACKED) throw new RangeError(`more than ${MAX_PACKED} packed packets`);
  // Packed ones take the places they have in the message.
  let left = MAX_UNPACKED_BYTES;
  let moved = 0;
  for (const { at, version, body } of packed) {
    if (left <= 0) throw new RangeError(`more than ${MAX_UNPACKED_BYTES} unpacked bytes`);
    const limit = { maxOutputLength: left };
    const bytes = await (version === VERSIONS.zlib ? unZlib(body, limit) : unBrotli(body, limit));
    left -= bytes.length;
    const inner: Packet[] = [];
    if (collect(bytes, inner).length > 0) throw new RangeError('packed packets within packed packets');
    if (found.length + inner.length > MAX_PACKETS) throw new RangeError(`more than ${MAX_PACKETS} packets`);
    found.splice(at + moved, 0, ...inner);
    moved += inner.length;
  }
  return found;
}

interface Packed {
  /** Packets before it. */
  readonly at: number;
  readonly version: number;
  readonly body: Buffer;
}

function collect(bytes: Buffer, found: Packet[]): Packed[] {
  const packed: Packed[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < HEADER_BYTES) throw new RangeError('a packet without a whole header');
    const length = bytes.readUInt32BE(at);
    const header = bytes.readUInt16BE(at + 4);
    const version = bytes.readUInt16BE(at + 6);
    if (header < HEADER_BYTES || length < header || at + length > bytes.length)
      throw new RangeError('a packet with a wrong length');
    if (found.length + packed.length >= MAX_PACKETS) throw new RangeError(`more than ${MAX_PACKETS} packets`);
    const body = bytes.subarray(at + header, at + length);
    if (version === VERSIONS.zlib || version === VERSIONS.brotli) packed.push({ at: found.length, version, body });
    else found.push({ operation: bytes.readUInt32BE(at + 8), body });
    at += length;
  }
  return packed;
}
