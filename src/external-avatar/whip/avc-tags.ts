import { NAL_PPS, NAL_SPS, nalType } from '../../core/media/annex-b.js';
import { avcConfigBody, FLV_VIDEO, flvTag } from '../../core/media/flv-tags.js';
import type { AccessUnit } from './h264-depacketizer.js';

const KEY = 0x17;
const DELTA = 0x27;
const CLOCK_KHZ = 90;
const NAL_DELIMITER = 9;

/** Access units as FLV tags: a configuration whenever the parameter sets change, then pictures. */
export class AvcTags {
  private sps: Uint8Array | undefined;
  private pps: Uint8Array | undefined;
  private changed = false;
  private last: number | undefined;
  /** In ticks of 90 kHz, without the wrap of RTP. */
  private ticks = 0;

  constructor(private readonly onTag: (tag: Uint8Array) => void) {}

  push({ nals, timestamp, key }: AccessUnit): void {
    if (this.last !== undefined) this.ticks += (timestamp - this.last) | 0;
    this.last = timestamp;
    const timestampMs = Math.max(0, Math.round(this.ticks / CLOCK_KHZ));
    const slices: Uint8Array[] = [];
    for (const nal of nals) {
      const type = nalType(nal);
      if (type === NAL_SPS) this.sps = this.note(this.sps, nal);
      else if (type === NAL_PPS) this.pps = this.note(this.pps, nal);
      else if (type !== NAL_DELIMITER) slices.push(nal);
    }
    const { sps, pps } = this;
    if (sps === undefined || pps === undefined || sps.length < 4) return;
    if (this.changed) this.onTag(flvTag(FLV_VIDEO, timestampMs, avcConfigBody(sps, pps)));
    this.changed = false;
    if (slices.length === 0) return;
    const body = Buffer.alloc(5 + slices.reduce((sum, nal) => sum + 4 + nal.length, 0));
    body[0] = key ? KEY : DELTA;
    body[1] = 1;
    let at = 5;
    for (const nal of slices) {
      at = body.writeUInt32BE(nal.length, at);
      body.set(nal, at);
      at += nal.length;
    }
    this.onTag(flvTag(FLV_VIDEO, timestampMs, body));
  }

  private note(before: Uint8Array | undefined, nal: Uint8Array): Uint8Array {
    if (before !== undefined && Buffer.compare(before, nal) === 0) return before;
    this.changed = true;
    return Uint8Array.from(nal);
  }
}
