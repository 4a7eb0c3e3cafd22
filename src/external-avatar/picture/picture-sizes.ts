import type { AvatarKey, ChromaKeyConfig, ExternalAvatar } from '../../config/sections/presenter.js';
import type { Kernels } from '../../core/kernels.js';
import { avcConfigBody, FLV_VIDEO, flvTag, NAL_PPS, NAL_SPS, nalType } from '../../core/media/packets.js';
import { i420Size } from '../../core/media/picture.js';
import type { ExternalSlots } from './external-ring.js';

/** Alpha of a luma sample: black (16) is transparent, white (235) opaque. */
const ALPHA = Uint8Array.from({ length: 256 }, (_, y) =>
  Math.max(0, Math.min(255, Math.round(((y - 16) * 255) / 219))),
);
/** Noise of the codec at both ends is cleaned away. */
for (let y = 0; y < 256; y += 1) if (ALPHA[y]! < 6) ALPHA[y] = 0;
for (let y = 0; y < 256; y += 1) if (ALPHA[y]! > 249) ALPHA[y] = 255;

/** A picture's size, and where it stands in another one; even numbers. */
interface Placed {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}

/** Separates a person from the background: I420 in, premultiplied YUVA out. */
interface FrameKeyer {
  /** `out` is transparent everywhere before; the picture goes to `place.x`, `place.y` of a picture of `place`'s size. */
  write(frame: Uint8Array, size: Placed, out: Uint8Array, place: Placed): void;
}

/** A frame that holds the colours and, beside or below them, the alpha as grey. */
class PackedAlpha implements FrameKeyer {
  constructor(private readonly kind: 'alpha-right' | 'alpha-below') {}

  /** `size` is that of the whole frame. */
  write(frame: Uint8Array, { width: whole, height: tall }: Placed, out: Uint8Array, place: Placed): void {
    const beside = this.kind === 'alpha-right';
    const width = beside ? whole / 2 : whole;
    const height = beside ? tall : tall / 2;
    const skip = beside ? width : height * whole;
    const wholePixels = whole * tall;
    const outPixels = place.width * place.height;
    const outA = i420Size(place.width, place.height);
    const outAC = outA + outPixels;
    for (let y = 0; y < height; y += 1) {
      let from = y * whole;
      let to = (y + place.y) * place.width + place.x;
      for (let x = 0; x < width; x += 1, from += 1, to += 1) {
        const a = ALPHA[frame[from + skip]!]!;
        out[outA + to] = a;
        out[to] = div255(frame[from]! * a);
      }
    }
    const stride = place.width >> 1;
    for (let y = 0; y < height >> 1; y += 1) {
      let from = wholePixels + y * (whole >> 1);
      let to = (y + (place.y >> 1)) * stride + (place.x >> 1);
      let luma = outA + (2 * y + place.y) * place.width + place.x;
      for (let x = 0; x < width >> 1; x += 1, from += 1, to += 1, luma += 2) {
        const below = luma + place.width;
        const a = (out[luma]! + out[luma + 1]! + out[below]! + out[below + 1]! + 2) >> 2;
        out[outAC + to] = a;
        out[outPixels + to] = div255(frame[from]! * a);
        out[outPixels + outPixels / 4 + to] = div255(frame[from + wholePixels / 4]! * a);
      }
    }
  }
}

const div255 = (n: number): number => ((n + 128) * 257) >> 16;

/** Shows the whole rectangle. */
class OpaqueFrame implements FrameKeyer {
  write(frame: Uint8Array, { width, height }: Placed, out: Uint8Array, place: Placed): void {
    const outPixels = place.width * place.height;
    const alpha = i420Size(place.width, place.height);
    let from = 0;
    let to = 0;
    for (const share of [1, 2, 2]) {
      const [w, h, stride] = [width / share, height / share, place.width / share];
      const origin = (place.y / share) * stride + place.x / share;
      for (let y = 0; y < h; y += 1) {
        out.set(frame.subarray(from + y * w, from + (y + 1) * w), to + origin + y * stride);
      }
      from += w * h;
      to += outPixels / (share * share);
    }
    for (const [share, plane] of [
      [1, alpha],
      [2, alpha + outPixels],
    ] as const) {
      const [w, h, stride] = [width / share, height / share, place.width / share];
      const origin = plane + (place.y / share) * stride + place.x / share;
      for (let y = 0; y < h; y += 1) out.fill(255, origin + y * stride, origin + y * stride + w);
    }
  }
}

/**
 * A chroma key in the picture's own colour space.
 *
 * Problem: the backdrop is lit unevenly, hair is half transparent, and its light falls on the person.
 * Rule (Jack, Video Demystified, chroma keying): the chroma plane is turned so that the key's hue lies on the axis X. What
 * reaches beyond the acceptance cone, `X − |Z|/tan(angle)`, as a share of the key's own saturation, says how much of the
 * backdrop is in a sample: above `1 − tolerance` all of it, below `1 − tolerance − softness` nothing. What reaches beyond a
 * slightly wider cone is taken off the chroma of what stays (spill). Luma plays no part, so shadows on the backdrop vanish too. Alpha is found
 * per chroma sample and interpolated for luma. Every pair of chroma values is computed once, into tables.
 */
const ACCEPTANCE_TAN = Math.tan((50 * Math.PI) / 180);
/** Skin that the backdrop shines on turns towards yellow, beyond that cone; yellow itself lies at 55°. */
const SPILL_TAN = Math.tan((62 * Math.PI) / 180);
const NEUTRAL = 128;
const TABLE = 65_536;

/** U and V (128 is neutral) of a colour in BT.709, limited range. */
export function chromaOf(colour: string): { u: number; v: number } {
  const value = Number.parseInt(colour.slice(1), 16);
  const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255].map((c) => c / 255) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return { u: NEUTRAL + (224 * (b - y)) / 1.8556, v: NEUTRAL + (224 * (r - y)) / 1.5748 };
}

export class ChromaKey implements FrameKeyer {
  /** By `u << 8 | v`: alpha, and chroma without spill. */
  private readonly tables = new Uint8Array(3 * TABLE);

  constructor(
    config: Omit<ChromaKeyConfig, 'kind'>,
    private readonly kernels: Pick<Kernels, 'keyChroma'>,
  ) {
    const key = chromaOf(config.colour);
    const [kx, ky] = [key.u - NEUTRAL, key.v - NEUTRAL];
    const size = Math.hypot(kx, ky);
    // A grey backdrop has no hue to key on: everything stays.
    const [ax, ay] = size < 1 ? [0, 0] : [kx / size, ky / size];
    const full = 1 - config.tolerance;
    const none = Math.max(0.02, full - config.softness);
    for (let u = 0; u < 256; u += 1) {
      for (let v = 0; v < 256; v += 1) {
        const [du, dv] = [u - NEUTRAL, v - NEUTRAL];
        const x = du * ax + dv * ay;
        const z = dv * ax - du * ay;
        const beyond = Math.max(0, x - Math.abs(z) / ACCEPTANCE_TAN);
        const share = size < 1 ? 0 : beyond / size;
        const kept = share >= full ? 0 : share <= none ? 1 : (full - share) / (full - none);
        const off = Math.max(0, x - Math.abs(z) / SPILL_TAN) * config.spill;
        const at = (u << 8) | v;
        this.tables[at] = Math.round(255 * kept);
        this.tables[TABLE + at] = Math.max(16, Math.min(240, Math.round(u - off * ax)));
        this.tables[2 * TABLE + at] = Math.max(16, Math.min(240, Math.round(v - off * ay)));
      }
    }
  }

  write(frame: Uint8Array, { width, height }: Placed, out: Uint8Array, place: Placed): void {
    this.kernels.keyChroma(frame, width, height, this.tables, out, place.width, place.height, place.x, place.y);
  }
}

export function keyerOf(key: AvatarKey, kernels: Pick<Kernels, 'keyChroma'>): FrameKeyer {
  switch (key.kind) {
    case 'chroma':
      return new ChromaKey(key, kernels);
    case 'alpha-right':
    case 'alpha-below':
      return new PackedAlpha(key.kind);
    case 'none':
      return new OpaqueFrame();
  }
}

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
