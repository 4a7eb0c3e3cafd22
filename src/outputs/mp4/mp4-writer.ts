/**
 * Packets as fragmented MP4 (ISO/IEC 14496-12, CMAF): an init segment, then one fragment per GOP.
 *
 * Problem: a file must be readable up to its last GOP whenever the process dies or the disk fills, and a live playlist
 * runs for months.
 * Demands: a fragment depends only on the init segment; nothing is kept after it is written (mediabunny's writer keeps
 * a record of every sample until the end, so it does not fit); times never wrap.
 * Rule: each fragment carries its own 64-bit decode times. A frame lasts until the next one, also across fragments, so
 * an encoder gap becomes a longer frame and not a hole. Sound from before the first picture is left out.
 */
import {
  type EncodedPacket,
  NAL_PPS,
  NAL_SPS,
  nalType,
  type PacketSource,
  splitNals,
} from '../../core/media/packets.js';
import { TICKS_PER_SECOND } from '../../core/time.js';
import { avcSequenceHeader, FLV_VIDEO_HEADER_BYTES, type FlvBodies } from '../rtmp/flv-muxer.js';

/** One GOP and its sound. */
export interface Gop {
  /** The first is an IDR. */
  readonly video: readonly EncodedPacket[];
  readonly audio: readonly EncodedPacket[];
  /** Time of the next GOP's IDR, or the end of the last frame. */
  readonly endPts: number;
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** Cuts packets before each IDR. A GOP whose IDR has no parameter sets is dropped: it cannot be decoded. */
export class GopCollector {
  private video: EncodedPacket[] = [];
  private audio: EncodedPacket[] = [];

  /** Returns a GOP when this packet begins the next one. */
  push(packet: EncodedPacket): Gop | undefined {
    if (packet.kind === 'audio') {
      if (this.video.length > 0) this.audio.push(packet);
      return undefined;
    }
    let gop: Gop | undefined;
    if (packet.key) {
      gop = this.take(packet.pts);
    } else if (this.video.length === 0) {
      return undefined;
    }
    this.video.push(packet);
    return gop;
  }

  /** Returns the unfinished GOP at the end. */
  flush(): Gop | undefined {
    const last = this.video.at(-1);
    return last === undefined ? undefined : this.take(last.pts + last.duration);
  }

  private take(endPts: number): Gop | undefined {
    const { video, audio } = this;
    this.video = [];
    this.audio = [];
    if (video.length === 0) return undefined;
    const nals = splitNals(video[0]!.data);
    const sps = nals.find((nal) => nalType(nal) === NAL_SPS);
    const pps = nals.find((nal) => nalType(nal) === NAL_PPS);
    return sps === undefined || pps === undefined ? undefined : { video, audio, endPts, sps, pps };
  }
}

/** Boxes of ISO base media files (ISO/IEC 14496-12) as buffers: size, name, content. */

type BoxPart = Uint8Array | readonly BoxPart[];

const flat = (part: BoxPart): Uint8Array[] =>
  part instanceof Uint8Array ? [part] : (part as readonly BoxPart[]).flatMap(flat);

function box(name: string, ...parts: BoxPart[]): Buffer {
  const inside = parts.flatMap(flat);
  const size = inside.reduce((sum, part) => sum + part.length, 8);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size, 0);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, ...inside], size);
}

const fullBox = (name: string, version: number, flags: number, ...parts: BoxPart[]): Buffer =>
  box(name, u32(((version << 24) | flags) >>> 0), ...parts);

function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

function u16(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => out.writeUInt16BE(value & 0xffff, i * 2));
  return out;
}

function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => out.writeUInt32BE(value >>> 0, i * 4));
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const zeros = (length: number): Buffer => Buffer.alloc(length);

const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;

interface InitSegmentOptions {
  /** AVCDecoderConfigurationRecord. */
  readonly avcConfig: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly audio: { readonly config: Uint8Array; readonly sampleRateHz: number; readonly channels: number } | undefined;
}

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** The init segment: one H.264 and one AAC track without samples, both at 90 kHz. */
function initSegment(options: InitSegmentOptions): Buffer {
  const { audio } = options;
  const ftyp = box('ftyp', text('iso6'), u32(0), text('iso6cmfcavc1mp41'));
  const mvhd = fullBox('mvhd', 0, 0, u32(0, 0, 1000, 0, 0x10000), u16(0x0100, 0), zeros(8), MATRIX, zeros(24), u32(3));
  const tracks = [videoTrack(options)];
  const extended = [trex(VIDEO_TRACK)];
  if (audio !== undefined) {
    tracks.push(audioTrack(audio));
    extended.push(trex(AUDIO_TRACK));
  }
  return Buffer.concat([ftyp, box('moov', mvhd, tracks, box('mvex', extended))]);
}

const trex = (id: number): Buffer => fullBox('trex', 0, 0, u32(id, 1, 0, 0, 0));

function videoTrack({ avcConfig, width, height }: InitSegmentOptions): Buffer {
  const avc1 = box(
    'avc1',
    zeros(6),
    u16(1),
    zeros(16),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    zeros(32),
    u16(0x18, 0xffff),
    box('avcC', avcConfig),
  );
  return track(VIDEO_TRACK, 'vide', { width, height, volume: 0 }, fullBox('vmhd', 0, 1, zeros(8)), avc1);
}

function audioTrack(audio: NonNullable<InitSegmentOptions['audio']>): Buffer {
  const { config, sampleRateHz, channels } = audio;
  const mp4a = box(
    'mp4a',
    zeros(6),
    u16(1),
    zeros(8),
    u16(channels, 16, 0, 0),
    u32(sampleRateHz * 0x10000),
    fullBox('esds', 0, 0, esDescriptor(config)),
  );
  return track(AUDIO_TRACK, 'soun', { width: 0, height: 0, volume: 0x0100 }, fullBox('smhd', 0, 0, zeros(4)), mp4a);
}

/** ES_Descriptor (ISO/IEC 14496-1, 7.2.6.5) of AAC. */
function esDescriptor(config: Uint8Array): Buffer {
  const tag = (id: number, ...parts: Uint8Array[]): Buffer => {
    const inside = Buffer.concat(parts);
    return Buffer.concat([u8(id, inside.length), inside]);
  };
  const decoder = tag(4, u8(0x40, 0x15, 0, 0, 0), u32(0, 0), tag(5, config));
  return tag(3, u16(AUDIO_TRACK), u8(0), decoder, tag(6, u8(2)));
}

function track(
  id: number,
  handler: 'vide' | 'soun',
  look: { width: number; height: number; volume: number },
  mediaHeader: Buffer,
  entry: Buffer,
): Buffer {
  const tkhd = fullBox(
    'tkhd',
    0,
    3,
    u32(0, 0, id, 0, 0),
    zeros(8),
    u16(0, handler === 'soun' ? 1 : 0, look.volume, 0),
    MATRIX,
    u32(look.width * 0x10000, look.height * 0x10000),
  );
  const mdhd = fullBox('mdhd', 0, 0, u32(0, 0, TICKS_PER_SECOND, 0), u16(0x55c4, 0));
  const hdlr = fullBox('hdlr', 0, 0, u32(0), text(handler), zeros(12), text('Showroom\0'));
  const dinf = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const stbl = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), entry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
  return box('trak', tkhd, box('mdia', mdhd, hdlr, box('minf', mediaHeader, dinf, stbl)));
}

const DEFAULT_BASE_IS_MOOF = 0x020000;
const DATA_OFFSET = 0x1;
const SAMPLE_DURATION = 0x100;
const SAMPLE_SIZE = 0x200;
const SAMPLE_FLAGS = 0x400;
const SYNC = 0x02000000;
const NOT_SYNC = 0x01010000;

interface Sample {
  readonly duration: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

interface Mp4WriterOptions {
  readonly source: Pick<PacketSource, 'aac'>;
  readonly bodies: FlvBodies;
  readonly width: number;
  readonly height: number;
}

export class Mp4Writer {
  private zero = -1;
  private sequence = 0;

  constructor(private readonly options: Mp4WriterOptions) {}

  /** The init segment a GOP needs. Equal ones can be shared. */
  init(gop: Gop): Buffer {
    const { width, height, source } = this.options;
    const avcConfig = avcSequenceHeader(gop.sps, gop.pps).subarray(FLV_VIDEO_HEADER_BYTES);
    return initSegment({ avcConfig, width, height, audio: source.aac() });
  }

  fragment(gop: Gop): Buffer {
    const { video, audio, endPts } = gop;
    if (this.zero < 0) this.zero = video[0]!.pts;
    this.sequence += 1;
    const heard = audio.filter((packet) => packet.pts >= this.zero);
    const pictures = video.map((packet, i): Sample => ({
      duration: (video[i + 1]?.pts ?? endPts) - packet.pts,
      flags: packet.key ? SYNC : NOT_SYNC,
      data: this.options.bodies.body(packet).subarray(FLV_VIDEO_HEADER_BYTES),
    }));
    const sound = heard.map((packet, i): Sample => ({
      duration: (heard[i + 1]?.pts ?? packet.pts + packet.duration) - packet.pts,
      flags: SYNC,
      data: packet.data,
    }));
    const offsets = { video: 0, audio: 0 };
    // Written twice: the offsets depend on the size, which does not depend on them.
    const made = (): Buffer =>
      box('moof', fullBox('mfhd', 0, 0, u32(this.sequence)), [
        this.trackFragment(VIDEO_TRACK, video[0]!, pictures, offsets.video),
        heard.length === 0 ? [] : this.trackFragment(AUDIO_TRACK, heard[0]!, sound, offsets.audio),
      ]);
    const moofBytes = made().length;
    offsets.video = moofBytes + 8;
    offsets.audio = offsets.video + pictures.reduce((sum, { data }) => sum + data.length, 0);
    return Buffer.concat([
      made(),
      box(
        'mdat',
        [...pictures, ...sound].map(({ data }) => data),
      ),
    ]);
  }

  private trackFragment(id: number, first: EncodedPacket, samples: readonly Sample[], dataOffset: number): Buffer {
    const table = Buffer.alloc(samples.length * 12);
    samples.forEach(({ duration, data, flags }, i) => {
      table.writeUInt32BE(duration, i * 12);
      table.writeUInt32BE(data.length, i * 12 + 4);
      table.writeUInt32BE(flags, i * 12 + 8);
    });
    const has = DATA_OFFSET | SAMPLE_DURATION | SAMPLE_SIZE | SAMPLE_FLAGS;
    return box(
      'traf',
      fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(id)),
      fullBox('tfdt', 1, 0, u64(first.pts - this.zero)),
      fullBox('trun', 0, has, u32(samples.length, dataOffset), table),
    );
  }
}
