import { createWriteStream, mkdirSync, statSync, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { RoomConfig } from '../config/room-config.js';
import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { PacketCursor, EncodedPacket as RoomPacket } from '../core/media/packets.js';
import { sleep } from '../core/sleep.js';
import { type FrameIndex, frameToSample, frameToTicks, sampleIndex, TICKS_PER_SECOND } from '../core/time.js';
import { EncoderFeed } from '../encoder/encoder-feed.js';
import { EncoderSupervisor } from '../encoder/process/encoder-supervisor.js';
import type { FfmpegInfo } from '../encoder/process/find-ffmpeg.js';
import { loadSharp } from '../scene/sharp.js';

/** Receives an offline render. `video` and `audio` get every frame of the stretch, in order, and are awaited. */
export interface RenderSink {
  video(n: FrameIndex, picture: Uint8Array): Promise<void>;
  audio(pcm: Float32Array): Promise<void>;
  /** Completes the files and renames them. */
  end(): Promise<void>;
  /** Ends without a result, and removes a file that is useless in part. Frames and raw data stay. */
  abandon?(): Promise<void>;
}

function makeFolder(dir: string): void {
  try {
    makeFolders(dir);
  } catch (cause) {
    throw new EngineError('E_BAD_REQUEST', {
      where: '--out',
      expected: 'a folder that can be made',
      found: (cause as Error).message,
      cause,
    });
  }
}

/** Node's `recursive` option never returns where a parent cannot be created, such as below /proc. */
function makeFolders(dir: string): void {
  try {
    mkdirSync(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
    makeFolders(dirname(dir));
    mkdirSync(dir);
  }
}

/** Creates the folder of a file. */
const makeFolderOf = (file: string): void => makeFolder(dirname(file));

/** `frame-000123.png` for every frame. */
export async function pngSink(dir: string, width: number, height: number, kernels: Kernels): Promise<RenderSink> {
  makeFolder(dir);
  const sharp = await loadSharp();
  const rgba = new Uint8Array(width * height * 4);
  return {
    async video(n, picture) {
      kernels.i420ToRgba(picture, width, height, rgba);
      const file = join(dir, `frame-${String(n).padStart(6, '0')}.png`);
      await sharp(rgba, { raw: { width, height, channels: 4 } })
        .removeAlpha()
        .png({ compressionLevel: 3 })
        .toFile(file);
    },
    audio: async () => undefined,
    end: async () => undefined,
  };
}

function writeAll(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())));
}

/** `video.i420` (raw frames) and `audio.f32` (interleaved stereo, 48 kHz), for measurements. */
export function rawSink(dir: string): RenderSink {
  makeFolder(dir);
  const video = createWriteStream(join(dir, 'video.i420'));
  const audio = createWriteStream(join(dir, 'audio.f32'));
  const end = (stream: WriteStream): Promise<void> => new Promise((resolve) => stream.end(() => resolve()));
  return {
    video: (_n, picture) => writeAll(video, picture),
    audio: (pcm) => writeAll(audio, new Uint8Array(pcm.slice().buffer)),
    async end() {
      await Promise.all([end(video), end(audio)]);
    },
  };
}

interface Mp4SinkOptions {
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
