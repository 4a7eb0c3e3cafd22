/** FLV as the decoder reads it (Adobe Flash Video File Format 10.1, annex E): video tags with H.264 alone. */
export const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

export const FLV_AUDIO = 8;
export const FLV_VIDEO = 9;
const TAG_HEADER = 11;
const AVC = 7;
const KEY_AVC = 0x17;

/** A whole tag with its trailing size. */
export function flvTag(type: number, timestampMs: number, body: Uint8Array): Buffer {
  const tag = Buffer.alloc(TAG_HEADER + body.length + 4);
  tag[0] = type;
  tag.writeUIntBE(body.length, 1, 3);
  tag.writeUIntBE(timestampMs & 0xff_ffff, 4, 3);
  tag[7] = (timestampMs >>> 24) & 255;
  tag.set(body, TAG_HEADER);
  tag.writeUInt32BE(TAG_HEADER + body.length, TAG_HEADER + body.length);
  return tag;
}

/** The body of a configuration tag, with an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
export function avcConfigBody(sps: Uint8Array, pps: Uint8Array, lengthSize = 4): Buffer {
  const head = [KEY_AVC, 0, 0, 0, 0, 1, sps[1]!, sps[2]!, sps[3]!, 0xfc | (lengthSize - 1), 0xe1];
  const length = (bytes: Uint8Array): Buffer => Buffer.from([bytes.length >> 8, bytes.length & 255]);
  return Buffer.concat([Buffer.from(head), length(sps), sps, Buffer.from([1]), length(pps), pps]);
}

export type TagKind = 'config' | 'key' | 'delta' | 'other';

/** What a video tag holds; anything but H.264 is `other`. */
export function tagKind(tag: Uint8Array): TagKind {
  if (tag[0] !== FLV_VIDEO || tag.length < TAG_HEADER + 9) return 'other';
  const first = tag[TAG_HEADER]!;
  if ((first & 0x0f) !== AVC || (first & 0x80) !== 0) return 'other';
  const packet = tag[TAG_HEADER + 1];
  if (packet === 0) return 'config';
  if (packet !== 1) return 'other';
  return first >> 4 === 1 ? 'key' : 'delta';
}
