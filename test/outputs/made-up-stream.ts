import type { RTCPeerConnection } from 'werift';
import { viewerPeer } from '../../scripts/bench/proof/viewer-peer.js';
import type { CursorOptions, EncodedPacket, PacketSource } from '../../src/core/media/packets.js';
import { ticks90k } from '../../src/core/time.js';
import { PacketRing } from '../../src/encoder/packet-ring.js';

export const nal = (type: number, size: number): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 1, 0x60 | type]),
    Buffer.from(Array.from({ length: size - 1 }, (_, i) => 1 + (i % 255))),
  ]);

/** A ring with a synthetic stream: an IDR every 60 frames, and Opus. */
export class FakeSource implements PacketSource {
  readonly ring = new PacketRing();
  users = 0;
  keyRequests = 0;
  private n = 0;

  frame(): void {
    const key = this.n % 60 === 0;
    const data = key ? Buffer.concat([nal(7, 10), nal(8, 5), nal(5, 3000)]) : nal(1, 300);
    const base = { duration: ticks90k(3000), generation: 1 };
    this.ring.push({ ...base, codec: 'h264', kind: 'video', pts: ticks90k(this.n * 3000), key, data });
    for (let k = Math.ceil((this.n * 3000) / 1800); k * 1800 < (this.n + 1) * 3000; k += 1) {
      const opus: EncodedPacket = {
        ...base,
        codec: 'opus',
        kind: 'audio',
        pts: ticks90k(k * 1800),
        key: true,
        data: Buffer.alloc(80, 1),
      };
      this.ring.push(opus);
    }
    this.n += 1;
  }
  open(options: CursorOptions) {
    return this.ring.open(options);
  }
  requestKeyFrame(): void {
    this.keyRequests += 1;
  }
  h264(): undefined {
    return undefined;
  }
  aac(): undefined {
    return undefined;
  }
  acquire(): Promise<() => void> {
    this.users += 1;
    return Promise.resolve(() => {
      this.users -= 1;
    });
  }
}

/** A viewer with its offer ready. */
export async function realOffer(): Promise<{ peer: RTCPeerConnection; sdp: string }> {
  const peer = await viewerPeer();
  return { peer, sdp: peer.localDescription!.sdp };
}
