import type { TextJudge } from '../../moderation/index.js';
import type { Product } from '../../config/sections/product.js';
import { type Line, wordingsOf } from '../../config/sections/script.js';
import type { BrokenLine } from '../../core/handles/products-handle.js';
import type { TextHit } from '../../core/verdict.js';
import { Listings } from '../listings.js';
import { SILENCED, UNSPOKEN } from '../show/line-actions.js';

/** Time between two breathers: judging a long script must not keep operator commands waiting. */
const BREATH_MS = 15;

export interface BrokenLinesOptions {
  readonly judge: Pick<TextJudge, 'judge'>;
  readonly language: string;
  readonly segments: readonly { readonly product?: string | undefined; readonly lines: readonly Line[] }[];
  readonly before: readonly Product[];
  readonly after: readonly Product[];
  /** The changed product. */
  readonly id: string;
}

/** The wordings of a script that break a rule by new listings and broke none by the old ones. */
export async function brokenLines(options: BrokenLinesOptions): Promise<BrokenLine[]> {
  const { judge, language, segments, before, after, id } = options;
  const [old, now] = [new Listings(before), new Listings(after)];
  const broken: BrokenLine[] = [];
  let breathedAt = performance.now();
  for (const [s, segment] of segments.entries()) {
    for (const [l, line] of segment.lines.entries()) {
      for (const [w, text] of wordingsOf(line).entries()) {
        const entry = now.of(segment.product, text);
        if (!entry.some((one) => one.id === id)) continue;
        const context = { surface: 'speech', language: line.language ?? language } as const;
        const hits = judge.judge(text, { ...context, entry }).hits.filter(withholds);
        if (hits.length > 0) {
          const known = judge.judge(text, { ...context, entry: old.of(segment.product, text) }).hits.filter(withholds);
          const hit = hits.find((one) => !known.some((other) => other.rule === one.rule && other.start === one.start));
          const where = `script.segments[${s}].lines[${l}]${w === 0 ? '.text' : `.variants[${w - 1}]`}`;
          if (hit !== undefined) {
            const { rule, kind, match } = hit;
            broken.push({ where, text, rule, kind, match, action: UNSPOKEN.has(hit.action) ? 'skip' : 'mute' });
          }
        }
        if (performance.now() - breathedAt < BREATH_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        breathedAt = performance.now();
      }
    }
  }
  return broken;
}

const withholds = ({ action }: TextHit): boolean => UNSPOKEN.has(action) || SILENCED.has(action);
