/**
 * Packets of Bilibili's live comments: a header of 16 bytes, big-endian, before each body; one message may hold several
 * packets, and a body may hold packed packets again.
 */
import { brotliDecompressSync, inflateSync } from 'node:zlib';

export const OPERATIONS = { heartbeat: 2, heartbeatReply: 3, message: 5, join: 7, joined: 8 } as const;
const HEADER_BYTES = 16;
const VERSIONS = { json: 0, number: 1, zlib: 2, brotli: 3 } as const;
/** Unpacked, so that a few bytes cannot fill the memory. */
const MAX_UNPACKED_BYTES = 2 * 1024 * 1024;
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

/** All packets of a message, packed ones included. Throws a RangeError or a zlib error when it is malformed. */
export function readPackets(message: Buffer): Packet[] {
  const found: Packet[] = [];
  collect(message, found, 0);
  return found;
}

function collect(bytes: Buffer, found: Packet[], depth: number): void {
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < HEADER_BYTES) throw new RangeError('a packet without a whole header');
    const length = bytes.readUInt32BE(at);
    const header = bytes.readUInt16BE(at + 4);
    const version = bytes.readUInt16BE(at + 6);
    if (header < HEADER_BYTES || length < header || at + length > bytes.length)
      throw new RangeError('a packet with a wrong length');
    if (found.length >= MAX_PACKETS) throw new RangeError(`more than ${MAX_PACKETS} packets`);
    const body = bytes.subarray(at + header, at + length);
    if (version === VERSIONS.zlib || version === VERSIONS.brotli) {
      if (depth > 0) throw new RangeError('packed packets within packed packets');
      const limit = { maxOutputLength: MAX_UNPACKED_BYTES };
      collect(version === VERSIONS.zlib ? inflateSync(body, limit) : brotliDecompressSync(body, limit), found, 1);
    } else found.push({ operation: bytes.readUInt32BE(at + 8), body });
    at += length;
  }
}
