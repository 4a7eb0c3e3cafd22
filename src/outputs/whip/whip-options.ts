import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import type { PayloadCache } from '../webrtc/viewer-stream.js';

export interface WhipOutputOptions {
  readonly id: string;
  readonly url: string;
  readonly token?: string;
  readonly source: PacketSource;
  readonly cache: PayloadCache;
  readonly videoKbps: number;
  readonly maxLagMs: number;
  readonly maxLagBytes: number;
  readonly log: Log;
  /** Addresses to offer besides those of the machine's interfaces; loopback by default. */
  readonly hostAddresses?: readonly string[];
}
