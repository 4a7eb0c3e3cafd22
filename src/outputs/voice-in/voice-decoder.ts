import type { Closeable } from '../../core/closeable.js';
import { MAX_OPUS_BYTES, OggOpusWriter, opusSamples } from './ogg-opus-writer.js';
import { PcmChild, type PcmChildOptions } from './pcm-child.js';

export type VoiceDecoderOptions = Omit<PcmChildOptions, 'args'>;

/** A longer gap is a pause of the sender. */
const MAX_CONCEALED = 10;
const ARGS =
  '-hide_banner -nostats -v error -threads 1 -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0 ' +
  '-protocol_whitelist pipe -codec_whitelist opus,libopus -f ogg -i pipe:0 -ac 1 -ar 48000 -f f32le -flush_packets 1 pipe:1';

/** Decodes a live stream of Opus packets by an ffmpeg process; packets that were lost are concealed by the decoder. */
export class VoiceDecoder implements Closeable {
  private readonly child: PcmChild;
  private readonly writer = new OggOpusWriter();
  private sequence: number | undefined;
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
      if (step === 0 || step > 0x8000) return;
      // A packet without data asks the decoder to conceal a lost one.
      for (let i = 1; i < Math.min(step, MAX_CONCEALED); i += 1) {
        this.child.write(this.writer.packet(Uint8Array.of(payload[0]! & ~3)));
        this.lost += 1;
      }
    }
    this.sequence = sequence;
    this.child.write(this.writer.packet(payload));
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
