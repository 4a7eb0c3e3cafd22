import type { TextJudge } from '../../moderation/index.js';
import type { Product } from '../../config/sections/product.js';
import type { RepliesConfig } from '../../config/sections/replies.js';
import { wordingsOf } from '../../config/sections/script.js';
import type { BrokenLine } from '../../config/api/products-handle.js';
import { Listings } from '../listings.js';
import type { LiveLine, LiveSegment, ScriptContent } from '../script/live-script.js';
import { withholds } from '../line-notes.js';

/** Time between two breathers: judging a long script must not keep operator commands waiting. */
const BREATH_MS = 15;

export interface BrokenLinesOptions {
  readonly judge: Pick<TextJudge, 'judge'>;
  readonly language: string;
  readonly script: Pick<ScriptContent, 'segments' | 'fillers'>;
  readonly replies?: Pick<RepliesConfig, 'rules' | 'timedTalk'>;
  readonly before: readonly Product[];
  readonly after: readonly Product[];
  /** The changed product. */
  readonly id: string;
}

/** A text that a change of a listing has made false; of the script, with its line. */
export interface FoundBroken extends BrokenLine {
  readonly line?: LiveLine;
  readonly segment?: LiveSegment;
}

interface Candidate extends Pick<FoundBroken, 'where' | 'text' | 'line' | 'segment'> {
  readonly language: string | undefined;
  readonly surface: 'speech' | 'reply';
}

/** The texts of a show that break a rule by new listings and broke none by the old ones. */
export async function brokenLines(options: BrokenLinesOptions): Promise<FoundBroken[]> {
  const { judge, language, before, after, id } = options;
  const [old, now] = [new Listings(before), new Listings(after)];
  const broken: FoundBroken[] = [];
  let breathedAt = performance.now();
  for (const { surface, language: own = language, ...place } of candidates(options)) {
    const { text, segment } = place;
    const entry = now.of(segment?.product, text);
    if (!entry.some((one) => one.id === id)) continue;
    const context = { surface, language: own } as const;
    const hits = judge.judge(text, { ...context, entry }).hits.filter(withholds);
    if (hits.length > 0) {
      const known = judge.judge(text, { ...context, entry: old.of(segment?.product, text) }).hits.filter(withholds);
      const hit = hits.find((one) => !known.some((other) => other.rule === one.rule && other.start === one.start));
      if (hit !== undefined) {
        const { rule, kind, match } = hit;
        broken.push({ ...place, rule, kind, match, action: 'skip' });
      }
    }
    if (performance.now() - breathedAt < BREATH_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    breathedAt = performance.now();
  }
  return broken;
}

function* candidates({ script, replies }: BrokenLinesOptions): Generator<Candidate> {
  for (const [s, segment] of script.segments.entries())
    for (const [l, line] of segment.lines.entries())
      for (const [w, text] of wordingsOf(line).entries()) {
        const where = `script.segments[${s}].lines[${l}]${w === 0 ? '.text' : `.variants[${w - 1}]`}`;
        yield { where, text, line, segment, language: line.language, surface: 'speech' };
      }
  for (const [i, text] of script.fillers.entries())
    yield { where: `script.fillers[${i}]`, text, language: undefined, surface: 'speech' };
  for (const [r, { answers }] of (replies?.rules ?? []).entries())
    for (const [a, answer] of answers.entries()) {
      const { text, language } = typeof answer === 'string' ? { text: answer, language: undefined } : answer;
      // A variable reads the listing as it is.
      if (text.includes('{')) continue;
      yield { where: `replies.rules[${r}].answers[${a}]`, text, language, surface: 'reply' };
    }
  for (const [i, talk] of (replies?.timedTalk ?? []).entries())
    for (const [w, text] of wordingsOf(talk).entries()) {
      const where = `replies.timedTalk[${i}]${w === 0 ? '.text' : `.variants[${w - 1}]`}`;
      yield { where, text, language: talk.language, surface: 'speech' };
    }
}
