import { call, roomUrl } from '../../api/client';
import type { Judged, JudgeHit, Segment } from '../../api/types';

export interface TextToJudge {
  readonly text: string;
  readonly product?: string;
  readonly language?: string;
}
/** A piece of a line: plain words, or words that the judge has marked. */
export interface Piece {
  readonly text: string;
  readonly hit: JudgeHit | null;
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

/** Cuts a line at the judge's marks; where two overlap the earlier one is shown. */
export function piecesOf(text: string, hits: readonly JudgeHit[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const hit of [...hits].sort((a, b) => a.start - b.start)) {
    if (hit.start < at || hit.end <= hit.start || hit.end > text.length) continue;
    if (hit.start > at) pieces.push({ text: text.slice(at, hit.start), hit: null });
    pieces.push({ text: text.slice(hit.start, hit.end), hit });
    at = hit.end;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), hit: null });
  return pieces;
}

/** What could be said instead: the line without the clause that holds the marked words. Null where nothing is left. */
export function withoutMarked(text: string, hits: readonly JudgeHit[]): string | null {
  const clauses = [...text.matchAll(/[^,，;；.。!！?？]+[,，;；.。!！?？]*\s*/g)].map((found) => ({
    from: found.index,
    text: found[0],
  }));
  const kept = clauses.filter(
    ({ from, text: clause }) => !hits.some(({ start, end }) => start < from + clause.length && end > from),
  );
  if (kept.length === 0 || kept.length === clauses.length) return null;
  const joined = kept
    .map((one) => one.text)
    .join('')
    .trim()
    .replace(/^(and|but|so)\s+/i, '')
    .replace(/^[，,、；;]\s*/, '');
  if (joined.length < 8) return null;
  const first = joined.charAt(0).toUpperCase() + joined.slice(1);
  return /[.。!！?？]$/.test(first)
    ? first
    : `${first.replace(/[,，;；]\s*$/, '')}${/[\u4e00-\u9fff]/.test(first) ? '。' : '.'}`;
}

export const textsOf = (segments: readonly Segment[]): TextToJudge[] =>
  segments.flatMap(({ product, lines }) =>
    lines.map(({ text, language }) => ({
      text,
      ...(product === undefined ? {} : { product }),
      ...(language === undefined ? {} : { language }),
    })),
  );
