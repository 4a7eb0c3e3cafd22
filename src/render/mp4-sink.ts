import { rename, rm } from 'node:fs/promises';
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { EncodedPacket as RoomPacket, PacketCursor } from '../core/media/packets.js';
import { frameToSample, frameToTicks, sampleIndex, TICKS_PER_SECOND, type FrameIndex } from '../core/time.js';
import { EncoderFeed } from '../encoder/encoder-feed.js';
import { EncoderSupervisor } from '../encoder/process/encoder-supervisor.js';
import type { FfmpegInfo } from '../encoder/process/find-ffmpeg.js';
import { makeFolderOf, type RenderSink } from './render-sinks.js';
import { sleep } from '../core/sleep.js';

export interface Mp4SinkOptions {
  readonly room: RoomConfig;
  readonly file: string;
  readonly from: FrameIndex;
  readonly kernels: Kernels;
  readonly ffmpeg: FfmpegInfo;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const RETRY_MS = 2;
const AAC_SAMPLES = 1024;

/**
 * Writes picture and sound into one MP4, with the encoders of a live room. Unlike the live loop it waits for them:
 * offline nothing may be dropped.
 */
export async function mp4Sink({ room, file, from, kernels, ffmpeg, log, signal }: Mp4SinkOptions): Promise<RenderSink> {
  makeFolderOf(file);
  const { width, height } = room.video;
  const feed = new EncoderFeed();
  let recycled = 0;
  feed.onRecycle = () => (recycled += 1);
  const encoder = new EncoderSupervisor({
    width,
    height,
    rate: room.rate,
    encoder: room.encoder,
    ffmpeg,
    kernels,
    log,
    onLink: (link) => feed.attach(link),
  });
  const cursor = encoder.open({ codecs: ['h264', 'aac'], from: 'next', maxLagMs: 600_000, maxLagBytes: 1 << 30 });
  encoder.start();
  const over = new AbortController();
  // Renamed when complete: an existing file stays until then.
  const draft = `${file}.part`;
  const writing = writeMp4(cursor, encoder, draft, room.video, frameToTicks(from, room.rate), over.signal);
  let failed = false;
  writing.catch(() => (failed = true)); // reported by end()
  let handed = 0;
  const hear = async (pcm: Float32Array): Promise<void> => {
    const samples = pcm.length / 2;
    while (!feed.writeAudio(sample, pcm, samples)) await pause(signal);
    sample = sampleIndex(sample + samples);
  };
  let sample = frameToSample(from, room.rate);
  // Packets of sound stand on one grid for all streams: silence fills the first one up.
  const pad = sample % AAC_SAMPLES;
  if (pad > 0) {
    sample = sampleIndex(sample - pad);
    await hear(new Float32Array(2 * pad));
  }
  return {
    async video(n, picture) {
      while (!feed.writeVideo(n, picture, 0)) await pause(signal);
      handed += 1;
      while (recycled < handed) await pause(signal);
    },
    audio: hear,
    async end() {
      await feed.close();
      await encoder.finish();
      while (!failed && cursor.lag().bytes > 0) await pause(signal);
      over.abort();
      await writing;
      await encoder.close();
      await rename(draft, file);
    },
    async abandon() {
      over.abort();
      await feed.close();
      await encoder.close();
      await writing.catch(() => undefined); // the reason is already reported
      await rm(draft, { force: true });
    },
  };
}

async function pause(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await sleep(RETRY_MS, signal);
}

async function writeMp4(
  cursor: PacketCursor,
  encoder: EncoderSupervisor,
  file: string,
  size: { width: number; height: number },
  base: number,
  over: AbortSignal,
): Promise<void> {
  const video = new EncodedVideoPacketSource('avc');
  const audio = new EncodedAudioPacketSource('aac');
  const output = new Output({ format: new Mp4OutputFormat(), target: new FilePathTarget(file) });
  output.addVideoTrack(video);
  output.addAudioTrack(audio);
  await output.start();
  let first = { h264: true, aac: true };
  let before: RoomPacket | undefined;
  for (let packet = await cursor.next(over); packet !== undefined; packet = await cursor.next(over)) {
    // Sound that ends before the first frame is left out but for one packet, which a decoder begins with; an edit list
    // lets both tracks start at 0.
    if (packet.pts + packet.duration <= base || (packet.codec === 'h264' && packet.pts < base)) {
      if (packet.codec === 'aac') before = packet;
      continue;
    }
    const encoded = encodedFrom(packet, base);
    if (packet.codec === 'h264') {
      await video.add(encoded, first.h264 ? videoMeta(packet, encoder, size) : undefined);
      first = { ...first, h264: false };
    } else if (packet.codec === 'aac') {
      const meta = first.aac ? audioMeta(encoder) : undefined;
      if (first.aac && before !== undefined) await audio.add(encodedFrom(before, base), meta);
      await audio.add(encoded, meta);
      first = { ...first, aac: false };
    }
  }
  await output.finalize();
}

const encodedFrom = ({ data, key, pts, duration }: RoomPacket, base: number): EncodedPacket =>
  new EncodedPacket(data, key ? 'key' : 'delta', (pts - base) / TICKS_PER_SECOND, duration / TICKS_PER_SECOND);

/** The packets are Annex B; mediabunny makes the avcC box from the parameter sets in the first one. */
function videoMeta(
  packet: RoomPacket,
  encoder: EncoderSupervisor,
  size: { width: number; height: number },
): EncodedVideoChunkMetadata {
  const sps = encoder.h264()?.sps ?? packet.data.subarray(5);
  const hex = (at: number): string => sps[at]!.toString(16).padStart(2, '0');
  return {
    decoderConfig: { codec: `avc1.${hex(1)}${hex(2)}${hex(3)}`, codedWidth: size.width, codedHeight: size.height },
  };
}

function audioMeta(encoder: EncoderSupervisor): EncodedAudioChunkMetadata {
  const { config, sampleRateHz, channels } = encoder.aac()!;
  return {
    decoderConfig: { codec: 'mp4a.40.2', sampleRate: sampleRateHz, numberOfChannels: channels, description: config },
  };
}
