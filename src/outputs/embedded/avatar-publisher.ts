/**
 * The avatar's place at the embedded server: `rtmp://host/avatar/KEY`.
 *
 * Problem: the video of another engine is unjudged, so no player may ever get it, and only the room's own engine may
 * send it.
 * Rule: a connection to the application `avatar` publishes with the room's key or is dropped; it never plays. Its
 * packets go to the room and not to the library, which broadcasts. A newer publisher takes the place of an older one.
 * Numbers: its messages are at most 8 MB, like the engine's own.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { FLV_AUDIO, FLV_VIDEO, flvTag } from '../../core/media/flv-tags.js';

export const AVATAR_APP = 'avatar';

/** A packet of the library: its memory is reused after the call. */
export interface RtmpPacket {
  readonly codec_type: number;
  readonly dts: number;
  readonly size: number;
  readonly data: Uint8Array;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export class AvatarPublisher {
  private holder: Socket | undefined;

  constructor(
    /** Undefined: the room takes no avatar. */
    private readonly key: string | undefined,
    private readonly onChange: (publishing: boolean) => void,
    private readonly onTag: (tag: Uint8Array) => void,
  ) {}

  isKey(name: string): boolean {
    return this.key !== undefined && timingSafeEqual(digest(name), digest(this.key));
  }

  begin(socket: Socket): void {
    const before = this.holder;
    this.holder = socket;
    before?.destroy();
    this.onChange(true);
    socket.once('close', () => {
      if (this.holder !== socket) return;
      this.holder = undefined;
      this.onChange(false);
    });
  }

  holds(socket: Socket): boolean {
    return this.holder === socket;
  }

  take({ codec_type: type, dts, size, data }: RtmpPacket): void {
    if (type === FLV_VIDEO || type === FLV_AUDIO) this.onTag(flvTag(type, dts, data.subarray(0, size)));
  }
}
