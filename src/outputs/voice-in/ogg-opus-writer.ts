/** Writes Opus packets as an Ogg stream (RFC 3533, RFC 7845), one page a packet, so that nothing waits in a page. */
export class OggOpusWriter {
  private sequence = 0;
  private granule = 0;

  /** Identification and comment headers. */
  head(): Buffer {
    const id = Buffer.alloc(19);
    id.write('OpusHead', 0, 'latin1');
    id.writeUInt8(1, 8);
    id.writeUInt8(2, 9);
    id.writeUInt32LE(48_000, 12);
    const tags = Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(8)]);
    return Buffer.concat([this.page(id), this.page(tags)]);
  }

  packet(payload: Uint8Array): Buffer {
    this.granule += opusSamples(payload);
    return this.page(payload);
  }

  private page(body: Uint8Array): Buffer {
    const segments = Math.floor(body.length / 255) + 1;
    const page = Buffer.alloc(27 + segments + body.length);
    page.write('OggS', 0, 'latin1');
    page.writeUInt8(this.sequence === 0 ? 2 : 0, 5);
    page.writeBigUInt64LE(BigInt(this.granule), 6);
    page.writeUInt32LE(1, 14);
    page.writeUInt32LE(this.sequence, 18);
    page.writeUInt8(segments, 26);
    page.fill(255, 27, 26 + segments);
    page.writeUInt8(body.length % 255, 26 + segments);
    page.set(body, 27 + segments);
    page.writeUInt32LE(checksum(page), 22);
    this.sequence += 1;
    return page;
  }
}

/** A page of one packet has at most 255 segments. */
export const MAX_OPUS_BYTES = 255 * 254;

/** Samples of a packet at 48 kHz, from its first bytes (RFC 6716, section 3.1); 0 for a damaged one. */
export function opusSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const size = config < 12 ? [480, 960, 1920, 2880] : config < 16 ? [480, 960] : [120, 240, 480, 960];
  const frame = size[config < 12 ? config & 3 : config < 16 ? config & 1 : config & 3]!;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  return frame * frames;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ CRC[((crc >>> 24) ^ byte) & 255]!) >>> 0;
  return crc >>> 0;
}
