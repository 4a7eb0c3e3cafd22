import type { Closeable } from '../../core/closeable.js';
import { FLV_AUDIO } from '../../core/media/flv-tags.js';
import { PcmChild } from './pcm-child.js';
import type { VoiceDecoderOptions } from './voice-decoder.js';

const HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 4, 0, 0, 0, 9, 0, 0, 0, 0]);
const TAG_HEADER = 11;
const AAC = 10;
const ARGS =
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
    this.child = new PcmChild({ ...options, args: ARGS.split(' ') });
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
