import { EngineError } from '../../core/errors.js';
import type { StreamKind } from './encoder-link.js';
import type { EncoderProcess } from './encoder-process.js';

/** An awaited replacement of an encoder process, until its first packet or its end. */
export class AwaitedReplacement {
  private process: EncoderProcess | undefined;
  private resolve: (generation: number) => void = () => undefined;
  private reject: (error: EngineError) => void = () => undefined;

  constructor(private readonly stream: StreamKind) {}

  /** Resolves with the generation; rejects with E_ENCODER_DIED. */
  from(process: EncoderProcess): Promise<number> {
    return new Promise((resolve, reject) => {
      this.process = process;
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** This process gave a packet. */
  flows(process: EncoderProcess): void {
    if (this.process !== process) return;
    this.process = undefined;
    this.resolve(process.link.generation);
  }

  /** This process will give no packet. */
  settle(process: EncoderProcess, found: string, error?: EngineError): void {
    if (this.process !== process) return;
    this.process = undefined;
    this.reject(error ?? this.gone(process.link.generation, found));
  }

  gone(generation: number, found: string): EngineError {
    return new EngineError('E_ENCODER_DIED', {
      where: `${this.stream} encoder, generation ${generation}`,
      expected: 'a first packet',
      found,
    });
  }
}
