import { judgeAcross, recentText, type TextJudge } from '../../moderation/index.js';
import type { TogetherHit } from './shown-together.js';
import type { ShownText } from './layer-texts.js';

/** How long a viewer remembers a removed text. */
const MINDED_MS = 60_000;
/** Maximum remembered texts; the oldest are dropped. */
const MAX = 20;
/** Maximum relative change at which a changed number counts as a counter. */
const COUNTER_STEP = 0.1;

/**
 * Texts of layers that were removed or replaced on air: viewers join half a number and the half that replaces it.
 *
 * A counter (viewers, items left, seconds) changes all the time and is not remembered.
 */
export class RemovedTexts {
  private texts: (ShownText & { readonly atMs: number })[] = [];

  constructor(
    private readonly judge: Pick<TextJudge, 'judge'>,
    private readonly nowMs: () => number,
  ) {}

  /** Adds texts that have left the picture. */
  add(texts: readonly ShownText[]): void {
    // A layer that comes and goes with lines must not push out the others.
    this.texts = this.texts.filter((known) => !texts.some(({ text }) => text === known.text));
    for (const text of texts) this.texts.push({ ...text, atMs: this.nowMs() });
    this.texts.splice(0, Math.max(0, this.texts.length - MAX));
  }

  /** Hits that new texts complete together with removed or replaced ones. */
  hits(texts: readonly ShownText[], language: string, replaced: readonly ShownText[] = []): TogetherHit[] {
    const since = this.nowMs() - MINDED_MS;
    const minded: ShownText[] = [...this.texts.filter(({ atMs }) => atMs >= since), ...replaced];
    const found: TogetherHit[] = [];
    for (const { where, text } of texts) {
      const gone = minded.filter((one) => !isCounter(one.text, text));
      const before = gone.reduce((sum, one) => recentText(sum, one.text), '');
      const besides = `${gone.at(-1)?.where ?? ''}, as it was`;
      for (const hit of judgeAcross(this.judge, before, text, language)) found.push({ where, besides, hit });
    }
    return found;
  }
}

const FIGURE = /\d+(?:[.,]\d+)*/g;
const figures = (text: string): number[] => (text.match(FIGURE) ?? []).map((f) => Number(f.replaceAll(',', '')));

function isCounter(before: string, now: string): boolean {
  if (before.replace(FIGURE, '#') !== now.replace(FIGURE, '#')) return false;
  const [old, next] = [figures(before), figures(now)];
  return old.every((n, i) => Math.abs(n - next[i]!) <= Math.max(10, COUNTER_STEP * Math.abs(n)));
}
