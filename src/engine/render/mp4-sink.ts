import { rename, rm } from 'node:fs/promises';
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { RoomConfig } from '../../config/room-config.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { EncodedPacket as RoomPacket, PacketCursor } from '../../core/media/packets.js';
import { frameToSample, frameToTicks, sampleIndex, TICKS_PER_SECOND, type FrameIndex } from '../../core/time.js';
import { EncoderFeed } from '../../encoder/encoder-feed.js';
import { EncoderSupervisor } from '../../encoder/process/encoder-supervisor.js';
import type { FfmpegInfo } from '../../encoder/process/find-ffmpeg.js';
import { makeFolderOf, type RenderSink } from './render-sinks.js';
import { sleep } from '../../core/sleep.js';

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
  const cursor = encoder.open({ codecs: ['h264', 'aac'], from: 'latest-key', maxLagMs: 600_000, maxLagBytes: 1 << 30 });
  encoder.start();
  const over = new AbortController();
  // Renamed when complete: an existing file stays until then.
  const draft = `${file}.part`;
  const writing = writeMp4(cursor, encoder, draft, room.video, frameToTicks(from, room.rate), over.signal);
  let failed = false;
  writing.catch(() => (failed = true)); // reported by end()
  let handed = 0;
  let sample = frameToSample(from, room.rate);
  return {
    async video(n, picture) {
      while (!feed.writeVideo(n, picture, 0)) await pause(signal);
      handed += 1;
      while (recycled < handed) await pause(signal);
    },
    async audio(pcm) {
      const samples = pcm.length / 2;
      while (!feed.writeAudio(sample, pcm, samples)) await pause(signal);
      sample = sampleIndex(sample + samples);
    },
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
  for (let packet = await cursor.next(over); packet !== undefined; packet = await cursor.next(over)) {
    if (packet.pts < base) continue; // the codec's priming before the first frame
    const encoded = new EncodedPacket(
      packet.data,
      packet.key ? 'key' : 'delta',
      (packet.pts - base) / TICKS_PER_SECOND,
      packet.duration / TICKS_PER_SECOND,
    );
    if (packet.codec === 'h264') {
      await video.add(encoded, first.h264 ? videoMeta(packet, encoder, size) : undefined);
      first = { ...first, h264: false };
    } else if (packet.codec === 'aac') {
      await audio.add(encoded, first.aac ? audioMeta(encoder) : undefined);
      first = { ...first, aac: false };
    }
  }
  await output.finalize();
}

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
