import type { LlmUse } from '../../config/api/replies-handle.js';

/** US dollars a million tokens. */
export interface LlmPrice {
  readonly input: number;
  readonly output: number;
}

export interface TokenUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const MILLION = 1_000_000;
const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10);

/** What the language model has been asked for today (UTC), and whether it may be asked again. */
export class LlmBudget {
  prices: LlmPrice | undefined;
  /** No more requests on a day that has cost so much. */
  maxUsd: number | undefined;
  private use = { day: '', requests: 0, inputTokens: 0, outputTokens: 0 };

  constructor(
    private readonly unixMs: () => number,
    /** What was used before a restart. */
    before?: Omit<LlmUse, 'usd'>,
    /** Told of each change. */
    private readonly onChange?: (use: Omit<LlmUse, 'usd'>) => void,
  ) {
    if (before !== undefined) this.use = { ...before };
  }

  today(): LlmUse {
    const day = dayOf(this.unixMs());
    const use = this.use.day === day ? this.use : { day, requests: 0, inputTokens: 0, outputTokens: 0 };
    const { prices } = this;
    const usd =
      prices === undefined ? null : (use.inputTokens * prices.input + use.outputTokens * prices.output) / MILLION;
    return { ...use, usd: usd === null ? null : Math.round(usd * 10_000) / 10_000 };
  }

  /** Why no request may be sent now. */
  get spent(): string | undefined {
    const { usd } = this.today();
    if (this.maxUsd === undefined || usd === null || usd < this.maxUsd) return undefined;
    return `today’s limit of ${this.maxUsd.toFixed(2)} US dollars is reached`;
  }

  add({ inputTokens, outputTokens }: TokenUse): void {
    const { usd: _usd, ...use } = this.today();
    this.use = {
      day: use.day,
      requests: use.requests + 1,
      inputTokens: use.inputTokens + inputTokens,
      outputTokens: use.outputTokens + outputTokens,
    };
    this.onChange?.(this.use);
  }
}
