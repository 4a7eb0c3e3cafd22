import { TICKS_PER_SECOND } from '../../core/time.js';
import { box, fullBox, text, u16, u32, u8, zeros } from './boxes.js';

export const VIDEO_TRACK = 1;
export const AUDIO_TRACK = 2;

export interface InitSegmentOptions {
  /** AVCDecoderConfigurationRecord. */
  readonly avcConfig: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly audio: { readonly config: Uint8Array; readonly sampleRateHz: number; readonly channels: number } | undefined;
}

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** The init segment: one H.264 and one AAC track without samples, both at 90 kHz. */
export function initSegment(options: InitSegmentOptions): Buffer {
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
