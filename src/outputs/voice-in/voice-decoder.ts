import type { Closeable } from '../../core/closeable.js';
import { FLV_AUDIO } from '../../core/media/packets.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { StreamProcess } from '../../core/processes/stream-process.js';
import { SAMPLE_RATE_HZ } from '../../core/time.js';

interface PcmChildOptions {
  readonly ffmpegPath: string;
  /** It reads from stdin and writes 32-bit floats. */
  readonly args: readonly string[];
  /** Mono, 48 kHz. */
  readonly onPcm: (pcm: Float32Array) => void;
  /** The decoder has ended by itself. */
  readonly onEnd: (reason: string) => void;
}

/** Later packets are lost with the connection. */
const MAX_QUEUED_BYTES = 1 << 20;

/** Speech that arrives faster than real time waits in the decoder; past its limit it is lost. */
const MAX_RATE = 1.2;
/** Sound that may come at once, after a gap of the network. */
const MAX_BURST_MS = 2000;

/** An ffmpeg process that decodes a live stream of sound. */
export class PcmChild implements Closeable {
  private readonly decoder: StreamProcess;
  private rest: Buffer = Buffer.alloc(0);
  private allowedMs = MAX_BURST_MS;
  private lookedMs = performance.now();

  constructor({ ffmpegPath, args, onPcm, onEnd }: PcmChildOptions) {
    this.decoder = new StreamProcess({
      child: spawnChild(ffmpegPath, args, { stdio: ['pipe', 'pipe', 'pipe'] }),
      maxQueuedBytes: MAX_QUEUED_BYTES,
      onOutput: (chunk) => {
        const pcm = this.samplesOf(chunk);
        if (pcm.length > 0) onPcm(pcm);
        this.pace(pcm.length);
        return undefined;
      },
      onEnd: (reason) => onEnd(`the decoder has ended: ${reason}`),
    });
  }

  /** False when the bytes were lost. */
  write(bytes: Uint8Array): boolean {
    return this.decoder.write(bytes);
  }

  close(): Promise<void> {
    return this.decoder.close();
  }

  private pace(samples: number): void {
    const nowMs = performance.now();
    this.allowedMs = Math.min(MAX_BURST_MS, this.allowedMs + (nowMs - this.lookedMs) * MAX_RATE);
    this.lookedMs = nowMs;
    this.allowedMs -= (samples * 1000) / SAMPLE_RATE_HZ;
    if (this.allowedMs < 0) this.decoder.rest(-this.allowedMs / MAX_RATE);
  }

  private samplesOf(chunk: Buffer): Float32Array {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const whole = data.length - (data.length % 4);
    this.rest = data.subarray(whole);
    const pcm = new Float32Array(whole / 4);
    for (let i = 0; i < pcm.length; i += 1) {
      const x = data.readFloatLE(4 * i);
      pcm[i] = Number.isFinite(x) ? Math.max(-1, Math.min(1, x)) : 0;
    }
    return pcm;
  }
}

export type VoiceDecoderOptions = Omit<PcmChildOptions, 'args'>;

/** This many late packets in a row are the packets of a sender that began again, at a number of its own. */
const MAX_LATE = 5;
/** A longer gap is a pause of the sender. */
const MAX_CONCEALED = 10;
/** The mean of both channels: ffmpeg's own mix of two like ones, as a mono sender's are, is 3 dB louder and clips. */
const ARGS =
  '-hide_banner -nostats -v error -threads 1 -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0 ' +
  '-protocol_whitelist pipe -codec_whitelist opus,libopus -f ogg -i pipe:0 -af pan=mono|c0=0.5*c0+0.5*c1 -ar 48000 -f f32le -flush_packets 1 pipe:1';

/** Writes Opus packets as an Ogg stream (RFC 3533, RFC 7845), one page a packet, so that nothing waits in a page. */
class OggOpusWriter {
  private sequence = 0;
  private granule = 0;

  /** Identification and comment headers. */
  head(): Buffer {
    const id = Buffer.alloc(19);
    id.write('OpusHead', 0, 'latin1');
    id.writeUInt8(1, 8);
    id.writeUInt8(2, 9);
    id.writeUInt32LE(48_000, 12);
    const tags = Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(8)]);
    return Buffer.concat([this.page(id), this.page(tags)]);
  }

  packet(payload: Uint8Array): Buffer {
    this.granule += opusSamples(payload);
    return this.page(payload);
  }

  private page(body: Uint8Array): Buffer {
    const segments = Math.floor(body.length / 255) + 1;
    const page = Buffer.alloc(27 + segments + body.length);
    page.write('OggS', 0, 'latin1');
    page.writeUInt8(this.sequence === 0 ? 2 : 0, 5);
    page.writeBigUInt64LE(BigInt(this.granule), 6);
    page.writeUInt32LE(1, 14);
    page.writeUInt32LE(this.sequence, 18);
    page.writeUInt8(segments, 26);
    page.fill(255, 27, 26 + segments);
    page.writeUInt8(body.length % 255, 26 + segments);
    page.set(body, 27 + segments);
    page.writeUInt32LE(checksum(page), 22);
    this.sequence += 1;
    return page;
  }
}

/** A page of one packet has at most 255 segments. */
const MAX_OPUS_BYTES = 255 * 254;

/** Samples of a packet at 48 kHz, from its first bytes (RFC 6716, section 3.1); 0 for a damaged one. */
function opusSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const size = config < 12 ? [480, 960, 1920, 2880] : config < 16 ? [480, 960] : [120, 240, 480, 960];
  const frame = size[config < 12 ? config & 3 : config < 16 ? config & 1 : config & 3]!;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  return frame * frames;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ CRC[((crc >>> 24) ^ byte) & 255]!) >>> 0;
  return crc >>> 0;
}

/** Decodes a live stream of Opus packets by an ffmpeg process; packets that were lost are concealed by the decoder. */
export class VoiceDecoder implements Closeable {
  private readonly child: PcmChild;
  private readonly writer = new OggOpusWriter();
  private sequence: number | undefined;
  /** Packets in a row that came too late. */
  private late = 0;
  lost = 0;

  constructor(options: VoiceDecoderOptions) {
    this.child = new PcmChild({ ...options, args: ARGS.split(' ') });
    this.child.write(this.writer.head());
  }

  /** Takes a packet with its RTP sequence number; a packet that comes after its successor is too late. */
  push(sequence: number, payload: Uint8Array): void {
    if (payload.length > MAX_OPUS_BYTES || opusSamples(payload) === 0) return;
    if (this.sequence !== undefined) {
      const step = (sequence - this.sequence) & 0xffff;
      if (step === 0) return;
      if (step > 0x8000) {
        if ((this.late += 1) < MAX_LATE) return;
        return this.begin(sequence, payload);
      }
      // A packet without data asks the decoder to conceal a lost one.
      for (let i = 1; i < Math.min(step, MAX_CONCEALED); i += 1) {
        this.child.write(this.writer.packet(Uint8Array.of(payload[0]! & ~3)));
        this.lost += 1;
      }
    }
    this.begin(sequence, payload);
  }

  private begin(sequence: number, payload: Uint8Array): void {
    this.sequence = sequence;
    this.late = 0;
    this.child.write(this.writer.packet(payload));
  }

  close(): Promise<void> {
    return this.child.close();
  }
}

const HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 4, 0, 0, 0, 9, 0, 0, 0, 0]);
const TAG_HEADER = 11;
const AAC = 10;
const FLV_VOICE_DECODER_ARGS =
  '-hide_banner -nostats -v error -threads 1 -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0 ' +
  '-protocol_whitelist pipe -format_whitelist flv -codec_whitelist aac -f flv -i pipe:0 ' +
  '-vn -ac 1 -ar 48000 -f f32le -flush_packets 1 pipe:1';

/** Whether an FLV tag configures AAC. */
export const isAacConfig = (tag: Uint8Array): boolean =>
  tag[0] === FLV_AUDIO && tag[TAG_HEADER]! >> 4 === AAC && tag[TAG_HEADER + 1] === 0;

/** Decodes the AAC of FLV tags by an ffmpeg process; other sound is ignored. */
export class FlvVoiceDecoder implements Closeable {
  private readonly child: PcmChild;

  /** @param config the tag with which the stream began */
  constructor(options: VoiceDecoderOptions, config: Uint8Array) {
    this.child = new PcmChild({ ...options, args: FLV_VOICE_DECODER_ARGS.split(' ') });
    this.child.write(HEADER);
    this.child.write(config);
  }

  push(tag: Uint8Array): void {
    if (tag[0] === FLV_AUDIO && tag[TAG_HEADER]! >> 4 === AAC && !isAacConfig(tag)) this.child.write(tag);
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
