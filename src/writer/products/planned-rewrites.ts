import type { Product } from '../../config/sections/product.js';
import { wordingsOf } from '../../config/sections/script.js';
import { baseLanguage, type TextJudge } from '../../moderation/index.js';
import type { LiveLine } from '../../show/script/live-script.js';
import { PlanIndex } from '../fresh/plan-writer.js';
import { sentencePlans } from '../plan-schema.js';
import { WordingJudge } from '../draft.js';
import type { FoundBroken } from '../../show/products/broken-lines.js';

export interface PlannedRewritesOptions {
  readonly broken: readonly FoundBroken[];
  readonly before: readonly Product[];
  readonly after: readonly Product[];
  readonly judge: TextJudge;
  /** BCP-47 language of the room. */
  readonly language: string;
}

/** Script lines that a change has broken, with clean wordings in the place of the broken ones. */
export type Rewrites = ReadonlyMap<LiveLine, LiveLine>;

/** Rewrites lines that a sentence plan wrote: the same sentence by the listing as it is now. Others are left out. */
export function plannedRewrites({ broken, before, after, judge, language }: PlannedRewritesOptions): Rewrites {
  const rewrites = new Map<LiveLine, LiveLine>();
  const room = baseLanguage(language);
  const wordings = new WordingJudge(judge, after);
  const [old, now] = [new PlanIndex(sentencePlans(), before, room), new PlanIndex(sentencePlans(), after, room)];
  const added = new Set<string>();
  for (const { line, segment } of broken) {
    if (line === undefined || segment?.product === undefined || rewrites.has(line)) continue;
    const spoken = baseLanguage(line.language ?? language);
    const place = `${segment.product} ${spoken}`;
    const ofBefore = before.find(({ id }) => id === segment.product);
    const ofAfter = after.find(({ id }) => id === segment.product);
    if (ofBefore === undefined || ofAfter === undefined) continue;
    if (!added.has(place)) {
      old.add(ofBefore, spoken);
      now.add(ofAfter, spoken);
      added.add(place);
    }
    const key = old.keyOf(wordingsOf(line));
    const outdated = new Set(broken.filter((one) => one.line === line).map(({ text }) => text));
    const own = new Set(wordingsOf(line));
    const isClean = (text: string): boolean =>
      !own.has(text) && wordings.refusals({ text, language: spoken, product: segment.product }).length === 0;
    const fresh = key === undefined ? [] : firstOf(now.withKey(key), isClean, outdated.size);
    const rewritten = withWordings(line, outdated, fresh);
    if (rewritten !== undefined) rewrites.set(line, rewritten);
  }
  return rewrites;
}

/** The line with others in the place of some wordings; undefined without a wording for its text. */
export function withWordings(
  line: LiveLine,
  broken: ReadonlySet<string>,
  fresh: readonly string[],
): LiveLine | undefined {
  let used = 0;
  const kept = wordingsOf(line).flatMap((text) => {
    if (!broken.has(text)) return [text];
    const next = fresh[used];
    used += 1;
    return next === undefined ? [] : [next];
  });
  const [text, ...variants] = [...new Set(kept)];
  if (text === undefined || fresh.length === 0) return undefined;
  // A caption of its own was written for the former text.
  return { ...line, text, variants, caption: line.caption === '' || text === line.text ? line.caption : undefined };
}

function firstOf(list: readonly string[], may: (text: string) => boolean, count: number): string[] {
  const found: string[] = [];
  for (const one of list) {
    if (found.length >= count) break;
    if (may(one)) found.push(one);
  }
  return found;
}
