import type { Output, OutputProgress } from '../output.js';
import { WhipClient } from './whip-client.js';
import type { WhipOutputOptions } from './whip-options.js';

/** Pushes the room's picture and sound to a WHIP endpoint. */
export class WhipOutput implements Output {
  readonly kind = 'whip';
  readonly id: string;
  readonly target: string;
  readonly hosts: readonly string[];
  private readonly client: WhipClient;

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(options: WhipOutputOptions) {
    const { id, url, token, log, hostAddresses } = options;
    const content = async () => (await import('./room-content.js')).roomContent(options);
    const whose = `output "${id}"`;
    this.client = new WhipClient({ id, whose, url, token, sends: 'H.264 and Opus', content, log, hostAddresses });
    this.id = id;
    this.target = this.client.target;
    this.hosts = this.client.hosts;
  }

  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    return this.client.run(signal, report);
  }
}
