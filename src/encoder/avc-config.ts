import { EngineError } from '../core/errors.js';
import { NAL_IDR, NAL_SLICE, nalType } from '../core/media/packets.js';

export interface ParameterSets {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** First SPS and PPS of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
export function readAvcConfig(record: Uint8Array): ParameterSets {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  try {
    const spsLength = view.getUint16(6);
    const sps = record.subarray(8, 8 + spsLength);
    const at = 8 + spsLength;
    const ppsLength = view.getUint16(at + 1);
    const pps = record.subarray(at + 3, at + 3 + ppsLength);
    if ((record[5]! & 0x1f) >= 1 && record[at]! >= 1 && sps.length === spsLength && pps.length === ppsLength) {
      return { sps, pps };
    }
  } catch {
    // A read past the end means the same as a failed check above.
  }
  throw new EngineError('E_BITSTREAM', {
    where: 'encoder output (avcC)',
    expected: 'one SPS and one PPS',
    found: `${record.length} bytes`,
  });
}

/**
 * One access unit with 4-byte lengths as Annex B with 4-byte start codes: only the slices, with SPS and PPS before an
 * IDR. x264's settings string (SEI) and delimiters are dropped.
 */
export function avcToAnnexB(unit: Uint8Array, sets: ParameterSets): { data: Uint8Array; key: boolean } {
  const view = new DataView(unit.buffer, unit.byteOffset, unit.byteLength);
  const slices: Uint8Array[] = [];
  let key = false;
  let size = 0;
  for (let at = 0; at + 4 < unit.length;) {
    const length = view.getUint32(at);
    const nal = unit.subarray(at + 4, at + 4 + length);
    if (length === 0 || nal.length !== length) {
      throw new EngineError('E_BITSTREAM', {
        where: 'encoder output (access unit)',
        expected: `a NAL unit of ${length} bytes`,
        found: `${nal.length} bytes`,
      });
    }
    const type = nalType(nal);
    if (type === NAL_IDR || type === NAL_SLICE) {
      slices.push(nal);
      size += 4 + length;
      if (type === NAL_IDR) key = true;
    }
    at += 4 + length;
  }
  const nals = key ? [sets.sps, sets.pps, ...slices] : slices;
  if (key) size += 8 + sets.sps.length + sets.pps.length;
  const data = new Uint8Array(size);
  let at = 0;
  for (const nal of nals) {
    data[at + 3] = 1;
    data.set(nal, at + 4);
    at += 4 + nal.length;
  }
  return { data, key };
}
