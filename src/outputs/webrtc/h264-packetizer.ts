import { NAL_PPS, NAL_SPS, nalType, splitNals } from '../../core/media/annex-b.js';

/** Fits a 1280-byte IPv6 path with RTP header, extensions and SRTP tag around it. */
export const RTP_PAYLOAD_BYTES = 1200;

const STAP_A = 24;
const FU_A = 28;
const FU_START = 0x80;
const FU_END = 0x40;

/**
 * One access unit as RTP payloads (RFC 6184, packetization-mode 1): parameter sets together in a STAP-A, small NAL
 * units alone, large ones as FU-A. The last payload carries the marker bit.
 */
export function packetizeH264(annexB: Uint8Array, maxBytes: number = RTP_PAYLOAD_BYTES): Buffer[] {
  const nals = splitNals(annexB);
  const isSet = (nal: Uint8Array): boolean => nalType(nal) === NAL_SPS || nalType(nal) === NAL_PPS;
  const sets = nals.filter(isSet);
  const payloads: Buffer[] = [];
  const together = sets.reduce((sum, nal) => sum + 2 + nal.length, 1);
  if (sets.length > 1 && together <= maxBytes) payloads.push(stapA(sets, together));
  else for (const nal of sets) single(payloads, nal, maxBytes);
  for (const nal of nals) if (!isSet(nal)) single(payloads, nal, maxBytes);
  return payloads;
}

function stapA(nals: readonly Uint8Array[], size: number): Buffer {
  const out = Buffer.allocUnsafe(size);
  const importance = nals.reduce((most, nal) => Math.max(most, nal[0]! & 0x60), 0);
  out[0] = importance | STAP_A;
  let at = 1;
  for (const nal of nals) {
    at = out.writeUInt16BE(nal.length, at);
    out.set(nal, at);
    at += nal.length;
  }
  return out;
}

function single(payloads: Buffer[], nal: Uint8Array, maxBytes: number): void {
  if (nal.length <= maxBytes) {
    payloads.push(Buffer.from(nal.buffer, nal.byteOffset, nal.byteLength));
    return;
  }
  const body = nal.length - 1;
  // Pieces of equal size, so the last one is not tiny.
  const pieces = Math.ceil(body / (maxBytes - 2));
  for (let i = 0; i < pieces; i += 1) {
    const from = 1 + Math.floor((body * i) / pieces);
    const to = 1 + Math.floor((body * (i + 1)) / pieces);
    const out = Buffer.allocUnsafe(2 + to - from);
    out[0] = (nal[0]! & 0xe0) | FU_A;
    out[1] = (i === 0 ? FU_START : 0) | (i === pieces - 1 ? FU_END : 0) | nalType(nal);
    out.set(nal.subarray(from, to), 2);
    payloads.push(out);
  }
}
