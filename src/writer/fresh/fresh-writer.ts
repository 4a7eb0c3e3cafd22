/**
 * Writes new wordings of the script's lines while the show runs.
 *
 * Problem: a script of a few minutes goes round for a day, and viewers who stay hear the same sentences; a language model
 * that could reword them is slow, costs money, invents, and is sometimes away.
 * Rule: a segment at a time, the next one on air first, the lines that lack wordings most are sent to the model with those
 * they have; every wording that comes back is judged as a line and by its figures before it is kept. A line has enough when
 * its wordings last for the hours of the room file, so the writing ends by itself; kept wordings are said again after that
 * time. Nothing waits for it: without the model, its budget or a clean answer, the wordings there are go round. A product
 * that changes takes the wordings about it with it. Wordings of an earlier run are judged again, by the listings as they are now,
 * before the model is asked.
 * Numbers: one request at a time, at most 12 lines in it, 10 s between two; after a failure 30 s, doubling up to 30 min; a
 * line of which three answers kept nothing rests for an hour; 32 wordings of an earlier run are judged in a step.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { LlmAhead } from '../../config/sections/services/llm.js';
import type { Product } from '../../config/sections/product.js';
import { wordingsOf } from '../../config/sections/script.js';
import { isEngineError } from '../../core/errors.js';
import type { WritingSnapshot } from '../../config/api/script-handle.js';
import type { Log } from '../../core/log.js';
import type { TextJudge } from '../../moderation/index.js';
import type { LiveLine, LiveSegment, ScriptContent } from '../../show/script/live-script.js';
import type { ChatClient } from '../llm/chat-client.js';
import { strayFigures } from '../llm/improve-segment.js';
import { WordingJudge } from '../draft.js';
import { FRESH_SCHEMA, freshMessages, readFreshAnswer } from './fresh-prompt.js';
import { type FreshWordings, keptKey, type KeptWordings, wantedWordings } from './kept-wordings.js';

const DAY_MS = 86_400_000;

/** Maximum cost of a model a day (UTC). */
class DailyBudget {
  private day = -1;
  private spent = { requests: 0, characters: 0 };

  constructor(
    private readonly limits: { readonly maxRequestsPerDay: number; readonly maxCharactersPerDay: number },
    private readonly unixMs: () => number,
  ) {}

  get today(): { readonly requests: number; readonly characters: number } {
    this.turn();
    return this.spent;
  }

  get isSpent(): boolean {
    const { requests, characters } = this.today;
    return requests >= this.limits.maxRequestsPerDay || characters >= this.limits.maxCharactersPerDay;
  }

  request(characters: number): void {
    this.turn();
    this.spent.requests += 1;
    this.spent.characters += characters;
  }

  received(characters: number): void {
    this.turn();
    this.spent.characters += characters;
  }

  private turn(): void {
    const day = Math.floor(this.unixMs() / DAY_MS);
    if (day === this.day) return;
    this.day = day;
    this.spent = { requests: 0, characters: 0 };
  }
}

const GAP_MS = 10_000;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 30 * 60_000;
const LINE_REST_MS = 60 * 60_000;
const MAX_LINES = 12;
const MAX_AVOID = 12;
const MAX_EMPTY = 3;
const RESTORED_PER_STEP = 32;
const MAX_WORDING_CHARS = 320;

export interface FreshWriterOptions {
  readonly client: Pick<ChatClient, 'complete'>;
  readonly judge: TextJudge;
  readonly config: LlmAhead;
  readonly pool: FreshWordings;
  /** Wordings over a restart; without it none are kept. */
  readonly kept?: KeptWordings;
  readonly products: () => readonly Product[];
  /** BCP-47 language of the room. */
  readonly language: string;
  readonly content: () => ScriptContent;
  /** Index of the segment that comes next. */
  readonly nextSegment: () => number;
  /** Whether a segment is spoken at present. */
  readonly speaks: (segment: number) => boolean;
  readonly nowMs: () => number;
  readonly unixMs: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

interface Wanted {
  readonly segment: LiveSegment;
  readonly language: string;
  readonly lines: readonly LiveLine[];
}

export class FreshWriter {
  private readonly budget: DailyBudget;
  private readonly counters = { written: 0, restored: 0, refused: 0, failed: 0 };
  private readonly empty = new WeakMap<LiveLine, { count: number; untilMs: number }>();
  /** Lines whose kept wordings were judged. */
  private readonly restored = new WeakSet<LiveLine>();
  private listings = new Map<string, Product>();
  private wordings: WordingJudge | undefined;
  private notBeforeMs = -Infinity;
  private restMs = FIRST_REST_MS;
  private state: WritingSnapshot['state'] = 'enough';
  private lastError = '';
  private writing: Promise<void> | undefined;

  constructor(private readonly options: FreshWriterOptions) {
    this.budget = new DailyBudget(options.config, options.unixMs);
  }

  snapshot(): WritingSnapshot {
    const { requests, characters } = this.budget.today;
    return {
      state: this.state,
      ...this.counters,
      requestsToday: requests,
      charactersToday: characters,
      lastError: this.lastError,
    };
  }

  /** Sends a request if one is wanted and due. Never throws; a call meanwhile waits for the same. */
  step(): Promise<void> {
    this.writing ??= this.turn().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async turn(): Promise<void> {
    const { nowMs, signal, log } = this.options;
    this.followProducts();
    if (!(await this.restore())) return;
    const wanted = this.next();
    if (wanted === undefined) {
      this.state = 'enough';
      return;
    }
    if (this.budget.isSpent) {
      this.state = 'capped';
      return;
    }
    if (signal.aborted || nowMs() < this.notBeforeMs) return;
    this.state = 'writing';
    try {
      await this.write(wanted);
      this.notBeforeMs = nowMs() + GAP_MS;
      this.restMs = FIRST_REST_MS;
      this.lastError = '';
    } catch (error) {
      if (signal.aborted) return;
      this.counters.failed += 1;
      this.state = 'resting';
      // A wrong key does not mend itself, but a person may mend the server.
      const lasts = isEngineError(error) && error.details['passes'] === false;
      this.notBeforeMs = nowMs() + (lasts ? LONGEST_REST_MS : this.restMs);
      this.restMs = Math.min(LONGEST_REST_MS, 2 * this.restMs);
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.lastError) log.warn({ error: message }, 'no fresh wordings; those there are go round');
      this.lastError = message;
    }
  }

  private async write({ segment, language, lines }: Wanted): Promise<void> {
    const { client, signal } = this.options;
    const product = this.listings.get(segment.product ?? '');
    const messages = freshMessages({
      language,
      product,
      lines: lines.map((line) => ({ text: line.text, avoid: this.all(line).slice(-MAX_AVOID) })),
    });
    this.budget.request(messages.reduce((sum, { content }) => sum + content.length, 0));
    const text = await client.complete({ messages, schema: FRESH_SCHEMA, signal });
    this.budget.received(text.length);
    const read = readFreshAnswer(text);
    const kept = new Set<LiveLine>();
    for (const { id, wordings } of read) {
      const line = lines[id];
      if (line === undefined) continue;
      for (const raw of wordings) {
        // Judging takes milliseconds, and this thread has a show to run.
        await breathe();
        signal.throwIfAborted();
        if (this.keep(line, raw.replace(/\s+/g, ' ').trim(), segment, language)) kept.add(line);
      }
    }
    for (const line of lines) this.noteEmpty(line, kept.has(line));
    for (const line of kept) this.remember(line, segment);
    await this.options.kept?.save();
  }

  private keep(line: LiveLine, wording: string, segment: LiveSegment, language: string): boolean {
    if (wording === '' || this.all(line).includes(wording)) return false;
    if (!this.isClean(line, wording, segment, language)) {
      this.counters.refused += 1;
      return false;
    }
    this.options.pool.add(line, wording);
    this.counters.written += 1;
    return true;
  }

  private isClean(line: LiveLine, wording: string, { product }: LiveSegment, language: string): boolean {
    return (
      wording.length <= MAX_WORDING_CHARS &&
      strayFigures(wording, wordingsOf(line)).length === 0 &&
      missesNoFigure(wording, line.text) &&
      this.wordings!.refusals({ text: wording, language, product }).length === 0
    );
  }

  /** Judges kept wordings of the script's lines; false while some are left. */
  private async restore(): Promise<boolean> {
    const { kept, content, language: room, pool, signal } = this.options;
    if (kept === undefined) return true;
    let judged = 0;
    for (const segment of content().segments) {
      for (const line of segment.lines) {
        if (this.restored.has(line)) continue;
        const language = line.language ?? room;
        const wordings = kept.of(keptKey(line, segment.product, language));
        // A step may end amid a line: its first wordings are in the pool then.
        for (const wording of wordings.filter((one) => !pool.of(line).includes(one))) {
          if (judged >= RESTORED_PER_STEP) return false;
          judged += 1;
          await breathe();
          if (signal.aborted) return false;
          if (this.isClean(line, wording, segment, language)) {
            pool.add(line, wording);
            this.counters.restored += 1;
          } else
            kept.set(
              keptKey(line, segment.product, language),
              kept.of(keptKey(line, segment.product, language)).filter((one) => one !== wording),
            );
        }
        this.restored.add(line);
      }
    }
    await kept.save();
    return true;
  }

  private remember(line: LiveLine, { product }: LiveSegment): void {
    const { kept, pool, language } = this.options;
    kept?.set(keptKey(line, product, line.language ?? language), pool.of(line));
  }

  private noteEmpty(line: LiveLine, hasKept: boolean): void {
    if (hasKept) {
      this.empty.delete(line);
      return;
    }
    const count = (this.empty.get(line)?.count ?? 0) + 1;
    this.empty.set(line, { count, untilMs: count < MAX_EMPTY ? -Infinity : this.options.nowMs() + LINE_REST_MS });
  }

  private all(line: LiveLine): string[] {
    return [...wordingsOf(line), ...this.options.pool.of(line)];
  }

  /** The lines of the first segment from the next one on that lack wordings. */
  private next(): Wanted | undefined {
    const { content, nextSegment, speaks, config, language: room, nowMs } = this.options;
    const { segments, loop } = content();
    if (!loop) return undefined;
    const target = wantedWordings(content(), room, config.hours, speaks);
    for (let i = 0; i < segments.length; i += 1) {
      const at = (nextSegment() + i) % segments.length;
      const segment = segments[at]!;
      if (!speaks(at)) continue;
      const lacking = segment.lines
        .map((line) => ({ line, has: this.all(line).length }))
        .filter(({ line, has }) => has < target && (this.empty.get(line)?.untilMs ?? -Infinity) <= nowMs())
        .toSorted((a, b) => a.has - b.has);
      const language = lacking[0]?.line.language ?? room;
      const lines = lacking.filter(({ line }) => (line.language ?? room) === language).slice(0, MAX_LINES);
      if (lines.length > 0) return { segment, language, lines: lines.map(({ line }) => line) };
    }
    return undefined;
  }

  private followProducts(): void {
    const { products, judge, content, pool } = this.options;
    const now = new Map(products().map((one) => [one.id, one]));
    const isSame = now.size === this.listings.size && [...now].every(([id, one]) => this.listings.get(id) === one);
    if (isSame && this.wordings !== undefined) return;
    for (const { product, lines } of content().segments) {
      if (product === undefined || this.listings.get(product) === now.get(product)) continue;
      for (const line of lines) {
        pool.clear(line);
        this.restored.delete(line);
      }
    }
    this.listings = now;
    this.wordings = new WordingJudge(judge, products());
  }
}

/** A price or a quantity is what the line is about: a wording without it says something else. */
function missesNoFigure(wording: string, text: string): boolean {
  return strayFigures(text, [wording]).length === 0;
}
