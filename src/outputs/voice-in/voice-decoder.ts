import type { Closeable } from '../../core/closeable.js';
import { MAX_OPUS_BYTES, OggOpusWriter, opusSamples } from './ogg-opus-writer.js';
import { PcmChild, type PcmChildOptions } from './pcm-child.js';

export type VoiceDecoderOptions = Omit<PcmChildOptions, 'args'>;

/** This many late packets in a row are the packets of a sender that began anew, at a number of its own. */
const MAX_LATE = 5;
/** A longer gap is a pause of the sender. */
const MAX_CONCEALED = 10;
/** The mean of both channels: ffmpeg's own mix of two like ones, as a mono sender's are, is 3 dB louder and clips. */
const ARGS =
  '-hide_banner -nostats -v error -threads 1 -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0 ' +
  '-protocol_whitelist pipe -codec_whitelist opus,libopus -f ogg -i pipe:0 -af pan=mono|c0=0.5*c0+0.5*c1 -ar 48000 -f f32le -flush_packets 1 pipe:1';

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
