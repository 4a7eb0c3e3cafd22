/**
 * NAL units of an H.264 byte stream (ITU-T H.264 Annex B). The engine writes 4-byte start codes; 3-byte ones are read
 * as well.
 */

export const NAL_SLICE = 1;
export const NAL_IDR = 5;

export const NAL_SPS = 7;
export const NAL_PPS = 8;

/** nal_unit_type of a NAL unit without its start code. */
export const nalType = (nal: Uint8Array): number => (nal[0] ?? 0) & 0x1f;

/** The NAL units of one access unit as views without start codes; empty ones are skipped. */
export function splitNals(data: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  const length = data.length;
  let start = -1;
  let i = 0;
  while (i + 2 < length) {
    if (data[i + 2]! > 1) {
      i += 3;
    } else if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) {
      if (start >= 0) pushNal(nals, data, start, i);
      start = i + 3;
      i += 3;
    } else {
      i += 1;
    }
  }
  if (start >= 0) pushNal(nals, data, start, length);
  return nals;
}

function pushNal(nals: Uint8Array[], data: Uint8Array, start: number, limit: number): void {
  let end = limit;
  // A NAL unit never ends in a zero byte: zeros before a start code belong to the start code.
  while (end > start && data[end - 1] === 0) end -= 1;
  if (end > start) nals.push(data.subarray(start, end));
}
