import { EngineError } from '../../src/core/errors.js';
import type { Output, OutputProgress } from '../../src/outputs/output.js';
import type { SupervisorClock } from '../../src/outputs/supervised-output.js';

/** A clock the test advances. */
export class FakeClock implements SupervisorClock {
  private ms = 0;
  private readonly due: { at: number; callback: () => void }[] = [];
  waits: number[] = [];

  nowMs(): number {
    return this.ms;
  }
  random(): number {
    return 1;
  }
  after(ms: number, callback: () => void): () => void {
    const entry = { at: this.ms + ms, callback };
    this.due.push(entry);
    if (ms !== 500 && ms !== 2000) this.waits.push(ms);
    return () => {
      const at = this.due.indexOf(entry);
      if (at >= 0) this.due.splice(at, 1);
    };
  }
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      await settle();
      const next = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.due.splice(this.due.indexOf(next), 1);
      this.ms = next.at;
      next.callback();
    }
    this.ms = end;
  }
}

/** Runs pending work as far as it gets without time passing. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

/** An output controlled by the test. */
export class FakeOutput implements Output {
  readonly kind = 'fake';
  readonly target = 'fake://host';
  runs = 0;
  report: (progress: Partial<OutputProgress>) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  deaf = false;

  constructor(readonly id: string) {}

  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    this.runs += 1;
    this.report = (progress) =>
      report({ accepted: true, bytesSent: 0, bytesDelivered: 0, packetsDropped: 0, lagMs: 0, ...progress });
    return new Promise((resolve, reject) => {
      this.fail = reject;
      if (!this.deaf) signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

export const lost = (): EngineError => new EngineError('E_OUTPUT_LOST', { where: 'output "a"', found: 'nothing' });
