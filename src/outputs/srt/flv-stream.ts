/** FLV as a byte stream (Adobe Flash Video File Format 10.1, E.2 and E.3), for a program that reads it from a pipe. */

const TAG = { audio: 8, video: 9 } as const;
const HEAD = 11;

/** Signature, flags for picture and sound, and the first (zero) previous-tag size. */
export const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);

export function flvTag(kind: 'audio' | 'video', timestampMs: number, body: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HEAD + body.length + 4);
  const time = timestampMs % 0x1_0000_0000;
  out[0] = TAG[kind];
  out.writeUIntBE(body.length, 1, 3);
  out.writeUIntBE(time % 0x100_0000, 4, 3);
  out[7] = Math.floor(time / 0x100_0000);
  out.writeUIntBE(0, 8, 3);
  out.set(body, HEAD);
  out.writeUInt32BE(HEAD + body.length, HEAD + body.length);
  return out;
}
