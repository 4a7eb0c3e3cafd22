import type { ExternalAvatar } from '../../config/sections/presenter.js';
import { NAL_PPS, NAL_SPS, nalType } from '../../core/media/annex-b.js';
import { avcConfigBody, FLV_VIDEO, flvTag } from '../../core/media/flv-tags.js';
import type { ExternalSlots } from './external-ring.js';

/** The decoding thread starts with this. */
export interface ExternalStart {
  readonly slots: ExternalSlots;
  readonly ffmpegPath: string;
  readonly ffmpegMajor: number;
  readonly external: Pick<ExternalAvatar, 'key' | 'fit' | 'matrix' | 'idleClip'>;
  /** Pictures a second that the room can show. */
  readonly fps: number;
}

/** Main thread → decoding thread. */
export type ExternalRequest =
  /** Another source begins: its first tag is a configuration. */
  | { readonly type: 'open' }
  /** A whole FLV video tag. */
  | { readonly type: 'tag'; readonly bytes: Uint8Array }
  /** The source has ended. */
  | { readonly type: 'end' }
  | { readonly type: 'close' };

/** Decoding thread → main thread. */
export type ExternalReport =
  | { readonly type: 'picture'; readonly width: number; readonly height: number }
  | { readonly type: 'fault'; readonly what: 'source' | 'idle-clip'; readonly reason: string }
  | { readonly type: 'closed' };

/*
 * Problem: ffmpeg fixes the scale of a stream at its first picture, and squeezes pictures of another size into it. A size
 * changes by a configuration tag, and by a parameter set among the pictures, which is all that some senders send.
 * Rule: one decoder has one sequence parameter set. Another one, wherever it comes, is another stream. What could hide
 * one is dropped: a configuration with several, several in one tag, a tag that is not wholly made of NAL units with a
 * length, and a start code inside of one, behind which ffmpeg would look for more.
 */

const BODY = 16;
const TAG_TRAILER = 4;
const START_CODE = Buffer.from([0, 0, 1]);
const RECORD = 16;

export interface AvcConfig {
  /** The configuration tag. */
  readonly tag: Uint8Array;
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
  /** Bytes of the length before each NAL unit. */
  readonly lengthSize: number;
}

/** A configuration tag with one sequence parameter set; undefined for any other. */
export function avcConfigOf(tag: Uint8Array): AvcConfig | undefined {
  const record = tag.subarray(RECORD, tag.length - TAG_TRAILER);
  if (record.length < 11 || (record[5]! & 0x1f) !== 1) return undefined;
  const spsEnd = 8 + ((record[6]! << 8) | record[7]!);
  const sps = record.subarray(8, spsEnd);
  const ppsLength = ((record[spsEnd + 1] ?? 0) << 8) | (record[spsEnd + 2] ?? 0);
  const pps = record.subarray(spsEnd + 3, spsEnd + 3 + ppsLength);
  if (record[spsEnd] === undefined || record[spsEnd]! < 1 || pps.length !== ppsLength || ppsLength === 0)
    return undefined;
  if (nalType(sps) !== NAL_SPS || nalType(pps) !== NAL_PPS || sps.length < 4) return undefined;
  return { tag, sps, pps, lengthSize: (record[4]! & 3) + 1 };
}

/** How a picture tag goes on with a configuration: as it is, with another one, or not at all. */
export function configOfPictures(tag: Uint8Array, config: AvcConfig): AvcConfig | undefined {
  const end = tag.length - TAG_TRAILER;
  const { lengthSize } = config;
  let sps: Uint8Array | undefined;
  let pps: Uint8Array | undefined;
  let at = BODY;
  while (at < end) {
    if (at + lengthSize > end) return undefined;
    let length = 0;
    for (let i = 0; i < lengthSize; i += 1) length = length * 256 + tag[at + i]!;
    at += lengthSize;
    if (at + length > end) return undefined;
    const nal = tag.subarray(at, at + length);
    at += length;
    if (Buffer.from(nal.buffer, nal.byteOffset, nal.length).indexOf(START_CODE) >= 0) return undefined;
    if (nalType(nal) === NAL_SPS) {
      if (nal.length < 4 || (sps !== undefined && Buffer.compare(sps, nal) !== 0)) return undefined;
      sps = nal;
    } else if (nalType(nal) === NAL_PPS) pps ??= nal;
  }
  if (sps === undefined || Buffer.compare(sps, config.sps) === 0) return config;
  const body = avcConfigBody(sps, pps ?? config.pps, lengthSize);
  return {
    tag: flvTag(FLV_VIDEO, timestampOf(tag), body),
    sps: sps.slice(),
    pps: (pps ?? config.pps).slice(),
    lengthSize,
  };
}

const timestampOf = (tag: Uint8Array): number => ((tag[7]! << 24) | (tag[4]! << 16) | (tag[5]! << 8) | tag[6]!) >>> 0;
