export type NullPacketKind = 'idr' | 'slice' | 'aac' | 'opus';

/** An SPS and a PPS as x264 writes them, then the first byte of the slice, in Annex B. */
const SETS = '00000001' + '67420c0ad90a0b42000003000200000300791e244b' + '00000001' + '68cb83cb20';
const HEADS: Readonly<Record<NullPacketKind, Buffer>> = {
  idr: Buffer.from(`${SETS}0000000165`, 'hex'),
  slice: Buffer.from('0000000141', 'hex'),
  aac: Buffer.from('21', 'hex'),
  opus: Buffer.from('fc', 'hex'),
};
/** Seven bytes of six bits; the top bit is set, so no start code can appear. */
const DIGITS = 7;

/** A packet that contains its frame or sample number. `byte` is any byte of the encoded data. */
export function makePacket(kind: NullPacketKind, index: number, byte: number): Uint8Array {
  const head = HEADS[kind];
  const out = new Uint8Array(head.length + 1 + DIGITS);
  out.set(head);
  out[head.length] = byte | 1;
  let rest = index;
  for (let at = out.length - 1; at > head.length; at -= 1) {
    out[at] = 0x80 | (rest % 64);
    rest = Math.floor(rest / 64);
  }
  return out;
}

/** Reads the number that `makePacket` wrote, also after muxing. */
export function indexOf(data: Uint8Array): number {
  let index = 0;
  for (let at = data.length - DIGITS; at < data.length; at += 1) index = index * 64 + (data[at]! & 0x3f);
  return index;
}
