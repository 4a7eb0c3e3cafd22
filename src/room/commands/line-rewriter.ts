import type { Product } from '../../config/sections/product.js';
import { wordingsOf } from '../../config/sections/script.js';
import { toEngineError } from '../../core/errors.js';
import type { BrokenLine } from '../../config/api/products-handle.js';
import type { FoundBroken } from '../../show/products/broken-lines.js';
import { plannedRewrites, type Rewrites, withWordings } from '../../writer/products/planned-rewrites.js';
import type { LiveLine } from '../../show/script/live-script.js';
import { rewriteByModel } from '../../writer/fresh/fresh-prompt.js';
import { openChatClient } from '../../writer/llm/chat-client.js';
import { WordingJudge } from '../../writer/draft.js';
import type { RoomParts } from '../room-desk.js';

/** The rewriting that a change of a listing has brought. */
export interface Rewriting {
  /** Lines that are rewritten at once. */
  readonly planned: Rewrites;
  /** Those and the ones of the model so far, for taking all of them back. */
  readonly taken: Rewrites;
}

/** Lines that a model corrects in one request. */
const MAX_LINES = 12;

export interface LineRewriterOptions {
  readonly parts: Pick<RoomParts, 'room' | 'judge' | 'log'>;
  /** Puts lines into the running script, judged as every edit; returns those that were taken. */
  readonly apply: (rewrites: Rewrites) => Promise<Rewrites>;
  /** Aborts the show. */
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Rewrites script lines that a change of a listing has made false: at once those that a sentence plan wrote, then the
 * others by the room's language model. A line that nobody can rewrite is not spoken until a person changes it.
 */
export class LineRewriter {
  constructor(private readonly options: LineRewriterOptions) {}

  /** By sentence plans; resolves when the script has them. The model goes on with the rest. */
  async rewrite(broken: readonly FoundBroken[], before: readonly Product[]): Promise<Rewriting> {
    const taken = new Map<LiveLine, LiveLine>();
    if (broken.length === 0) return { planned: taken, taken };
    const { parts, apply } = this.options;
    const { room, judge } = parts;
    const planned = plannedRewrites({ broken, before, after: room.products, judge, language: room.language });
    const done = planned.size === 0 ? planned : await apply(planned);
    for (const [line, now] of done) taken.set(line, now);
    const rest = broken.filter(({ line }) => line !== undefined && !done.has(line));
    for (const { where, rule, match } of broken.filter(({ line }) => line === undefined || !done.has(line)))
      parts.log.warn({ where, rule, match }, 'a text is no longer true of its product, and is not spoken');
    if (rest.length > 0 && room.llm !== undefined) void this.byModel(rest, taken);
    return { planned: done, taken };
  }

  private async byModel(broken: readonly FoundBroken[], taken: Map<LiveLine, LiveLine>): Promise<void> {
    const { parts, signal, env = process.env } = this.options;
    const { room, log } = parts;
    const groups = new Map<string, FoundBroken[]>();
    for (const one of broken) {
      const key = `${one.segment?.product} ${one.line?.language ?? room.language}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    try {
      const client = openChatClient(room.llm!, env);
      for (const group of groups.values()) {
        const { segment, line } = group[0]!;
        const product = room.products.find(({ id }) => id === segment?.product);
        if (product === undefined || line === undefined) continue;
        const lines = [...new Map(group.map((one) => [one.line!, one])).values()].slice(0, MAX_LINES);
        const wordings = await rewriteByModel({
          client,
          judge: new WordingJudge(parts.judge, room.products),
          language: line.language ?? room.language,
          product,
          lines: lines.map(({ text, match, rule }) => ({ text, reason: `"${match}" (rule ${rule})` })),
          signal,
        });
        // The listing may have changed again meanwhile.
        if (room.products.includes(product)) await this.take(lines, wordings, broken, taken);
      }
    } catch (cause) {
      if (signal.aborted) return;
      log.warn({ error: toEngineError(cause, 'llm').message }, 'the language model has not rewritten outdated lines');
    }
  }

  private async take(
    lines: readonly FoundBroken[],
    wordings: readonly (readonly string[])[],
    broken: readonly FoundBroken[],
    taken: Map<LiveLine, LiveLine>,
  ): Promise<void> {
    const { parts, apply } = this.options;
    const rewrites = new Map<LiveLine, LiveLine>();
    for (const [i, { line }] of lines.entries()) {
      const outdated = new Set(broken.filter((one) => one.line === line).map(({ text }) => text));
      const rewritten = withWordings(line!, outdated, wordings[i]!.slice(0, wordingsOf(line!).length));
      if (rewritten !== undefined) rewrites.set(line!, rewritten);
    }
    if (rewrites.size === 0) return;
    const done = await apply(rewrites);
    for (const [line, now] of done) taken.set(line, now);
    if (done.size > 0) parts.log.info({ lines: done.size }, 'the language model has rewritten outdated lines');
  }
}

/** A broken text for the API, with the wording that is in its place now. */
export function brokenFor({ line, segment: _segment, ...one }: FoundBroken, rewritten: Rewrites): BrokenLine {
  const now = line && rewritten.get(line);
  if (line === undefined || now === undefined) return one;
  const text = wordingsOf(now)[wordingsOf(line).indexOf(one.text)];
  return text === undefined ? one : { ...one, rewritten: text };
}

/** Puts the former lines back. */
export const reversed = (rewrites: Rewrites): Rewrites => new Map([...rewrites].map(([before, now]) => [now, before]));
