import type { ChildProcess } from 'node:child_process';
import type { Closeable } from '../../core/closeable.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { MAX_OPUS_BYTES, OggOpusWriter, opusSamples } from './ogg-opus-writer.js';

export interface VoiceDecoderOptions {
  readonly ffmpegPath: string;
  /** Mono, 48 kHz. */
  readonly onPcm: (pcm: Float32Array) => void;
  /** The decoder has ended by itself. */
  readonly onEnd: (reason: string) => void;
}

/** Later packets are lost with the connection. */
const MAX_QUEUED_BYTES = 1 << 20;
/** A longer gap is a pause of the sender. */
const MAX_CONCEALED = 10;
const ARGS =
  '-hide_banner -nostats -v error -threads 1 -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0 ' +
  '-protocol_whitelist pipe -codec_whitelist opus,libopus -f ogg -i pipe:0 -ac 1 -ar 48000 -f f32le -flush_packets 1 pipe:1';

/** Decodes a live stream of Opus packets by an ffmpeg process; packets that were lost are concealed by the decoder. */
export class VoiceDecoder implements Closeable {
  private readonly process: ChildProcess;
  private readonly writer = new OggOpusWriter();
  private readonly ended: Promise<void>;
  private rest: Buffer = Buffer.alloc(0);
  private sequence: number | undefined;
  private closed = false;
  lost = 0;

  constructor({ ffmpegPath, onPcm, onEnd }: VoiceDecoderOptions) {
    this.process = spawnChild(ffmpegPath, ARGS.split(' '), { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-300)));
    this.process.stdin!.on('error', () => undefined); // its end is reported by the exit
    this.process.stdout!.on('data', (chunk: Buffer) => {
      const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
      const whole = data.length - (data.length % 4);
      this.rest = data.subarray(whole);
      const pcm = new Float32Array(whole / 4);
      for (let i = 0; i < pcm.length; i += 1) {
        const x = data.readFloatLE(4 * i);
        pcm[i] = Number.isFinite(x) ? Math.max(-1, Math.min(1, x)) : 0;
      }
      if (pcm.length > 0) onPcm(pcm);
    });
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (!this.closed) onEnd(`the decoder has ended: ${stderr.trim() || reason}`);
        this.closed = true;
        resolve();
      };
      this.process.once('error', (error) => end(error.message));
      this.process.once('close', (code, signal) => end(signal ?? `code ${code}`));
    });
    this.process.stdin!.write(this.writer.head());
  }

  /** Takes a packet with its RTP sequence number; a packet that comes after its successor is too late. */
  push(sequence: number, payload: Uint8Array): void {
    const stdin = this.process.stdin!;
    if (this.closed || payload.length > MAX_OPUS_BYTES || opusSamples(payload) === 0) return;
    if (this.sequence !== undefined) {
      const step = (sequence - this.sequence) & 0xffff;
      if (step === 0 || step > 0x8000) return;
      // A packet without data asks the decoder to conceal a lost one.
      for (let i = 1; i < Math.min(step, MAX_CONCEALED); i += 1) {
        stdin.write(this.writer.packet(Uint8Array.of(payload[0]! & ~3)));
        this.lost += 1;
      }
    }
    this.sequence = sequence;
    if (stdin.writableLength > MAX_QUEUED_BYTES) return;
    stdin.write(this.writer.packet(payload));
  }

  async close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.process.kill('SIGKILL');
    }
    await this.ended;
  }
}
