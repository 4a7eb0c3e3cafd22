import type { Log } from '../../core/log.js';
import type { Output, OutputProgress } from '../output.js';
import type { SoundFeed } from '../webrtc/media-sender.js';
import { WhipClient } from './whip-client.js';

export interface SoundOutputOptions {
  readonly id: string;
  /** Says in errors whose sound it is. */
  readonly whose: string;
  /** May hold a key; never shown. */
  readonly url: string;
  readonly token: string | undefined;
  /** Opened once the connection is up. */
  readonly feed: SoundFeed;
  readonly log: Log;
  readonly hostAddresses?: readonly string[] | undefined;
}

/** Sends sound alone to a WHIP endpoint. */
export class SoundOutput implements Output {
  readonly kind = 'whip';
  readonly id: string;
  readonly target: string;
  readonly hosts: readonly string[];
  private readonly client: WhipClient;

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor({ feed, ...options }: SoundOutputOptions) {
    const content = async () => (await import('./sound-content.js')).soundContent(feed);
    this.client = new WhipClient({ ...options, sends: 'one track of Opus', content });
    this.id = options.id;
    this.target = this.client.target;
    this.hosts = this.client.hosts;
  }

  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    return this.client.run(signal, report);
  }
}
