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
import type { EncodedPacket, PacketSource } from '../../core/media/packets.js';
import { avcSequenceHeader, FLV_VIDEO_HEADER_BYTES, type FlvBodies } from '../rtmp/flv-body.js';
import { box, fullBox, u32, u64 } from './boxes.js';
import type { Gop } from './gop-collector.js';
import { AUDIO_TRACK, initSegment, VIDEO_TRACK } from './init-segment.js';

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

export interface Mp4WriterOptions {
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
