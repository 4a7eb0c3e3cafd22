import { call, roomUrl } from '../../api/client';
import type { Judged, Segment } from '../../api/types';

export interface TextToJudge {
  readonly text: string;
  readonly product?: string;
  readonly language?: string;
}
const BATCH = 100;
const DELAY_MS = 150;
export const keyOf = ({ text, product = '', language = '' }: TextToJudge): string => `${product}|${language}|${text}`;

/** The room's judge, asked once a wording. Lines that are not judged yet have no verdict. */
export class Judge {
  private known: Record<string, Judged> = $state.raw({});
  isJudging = $state(false);
  error: unknown = $state.raw(null);
  private readonly waiting = new Map<string, TextToJudge>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly room: string) {}

  of(one: TextToJudge): Judged | undefined {
    return this.known[keyOf(one)];
  }

  /** Asks for those that are new, a moment later and together. */
  want(texts: readonly TextToJudge[]): void {
    for (const one of texts) {
      const key = keyOf(one);
      if (one.text.trim() !== '' && this.known[key] === undefined) this.waiting.set(key, one);
    }
    if (this.waiting.size === 0 || this.isJudging) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), DELAY_MS);
  }

  /** At once: for one wording that a person waits for. */
  async now(one: TextToJudge): Promise<Judged | undefined> {
    const key = keyOf(one);
    if (this.known[key] !== undefined) return this.known[key];
    const [judged] = await this.send([[key, one]]);
    return judged;
  }

  private async ask(): Promise<void> {
    this.isJudging = true;
    this.error = null;
    try {
      while (this.waiting.size > 0) {
        const batch = [...this.waiting].slice(0, BATCH);
        await this.send(batch);
        for (const [key] of batch) this.waiting.delete(key);
      }
    } catch (refused) {
      this.error = refused;
      this.waiting.clear();
    } finally {
      this.isJudging = false;
    }
  }

  private async send(batch: readonly (readonly [string, TextToJudge])[]): Promise<readonly Judged[]> {
    const { results } = await call<{ results: readonly Judged[] }>('POST', roomUrl(this.room, '/script/judge'), {
      body: { texts: batch.map(([, one], index) => ({ id: String(index), surface: 'speech', ...one })) },
    });
    const next = { ...this.known };
    for (const result of results) {
      const key = batch[Number(result.id)]?.[0];
      if (key !== undefined) next[key] = result;
    }
    this.known = next;
    return results;
  }
}

export const textsOf = (segments: readonly Segment[]): TextToJudge[] =>
  segments.flatMap(({ product, lines }) =>
    lines.map(({ text, language }) => ({
      text,
      ...(product === undefined ? {} : { product }),
      ...(language === undefined ? {} : { language }),
    })),
  );
