import { findDrawnCode, type TextJudge } from '../../moderation/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';
import type { LedgerEntry, TextHit, FrameVerdict } from '../../core/verdict.js';
import { Listings } from '../../show/listings.js';
import { filledTexts, type ShownText } from './layer-texts.js';
import type { TogetherHit } from './shown-together.js';

/** True for a hit that must not be shown; warnings and reviews may. */
export const forbids = (hit: TextHit): boolean => hit.action !== 'warn' && hit.action !== 'review';

/** Texts in two languages are common on stickers, so the language rule only warns here. */
const LANGUAGE_RULE = '5.6';
export const forbidsShown = (hit: TextHit): boolean => forbids(hit) && hit.rule !== LANGUAGE_RULE;

/** Throws E_TEXT_REFUSED for the first forbidden text; records each hit in the ledger. */
export function refuseTexts(
  judge: TextJudge,
  room: RoomConfig,
  texts: readonly ShownText[],
  ledger: (entry: LedgerEntry) => void,
): void {
  const entries = new Listings(room.products);
  for (const { where, text, product } of filledTexts(texts, room)) {
    const entry = entries.of(product, text);
    const drawn = findDrawnCode(text);
    if (drawn !== undefined) {
      ledger(refused(drawn, { where, kind: drawn.kind }));
      throw new EngineError('E_TEXT_REFUSED', {
        where,
        expected: 'a text without characters that can draw a code',
        found: `"${drawn.match}" (${codePointOf(drawn.match)}, rule ${drawn.rule})`,
        todo: 'take it out, or use • ★ ✓ as a bullet',
        details: { hits: [drawn] },
      });
    }
    const { hits } = judge.judge(text, { surface: 'caption', language: room.language, entry });
    const bad = hits.filter(forbidsShown);
    for (const hit of bad) ledger(refused(hit, { where, kind: hit.kind }));
    const first = bad[0];
    if (first === undefined) continue;
    throw new EngineError('E_TEXT_REFUSED', {
      where,
      expected: 'a text that may be shown',
      found: `"${first.match.slice(0, 60)}" (rule ${first.rule}, ${first.kind})`,
      todo: 'take it out',
      details: { hits: bad },
    });
  }
}

/** Throws E_TEXT_REFUSED for the first texts that must not be shown side by side; records each hit in the ledger. */
export function refuseTogether(all: readonly TogetherHit[], ledger: (entry: LedgerEntry) => void): void {
  const found = all.filter(({ hit }) => forbidsShown(hit));
  for (const { where, besides, hit } of found) ledger(refused(hit, { where, kind: hit.kind, besides }));
  const first = found[0];
  if (first === undefined) return;
  throw new EngineError('E_TEXT_REFUSED', {
    where: first.where,
    expected: `a text that may stand beside ${first.besides}`,
    found: `"${first.hit.match.slice(0, 60)}", which completes it (rule ${first.hit.rule}, ${first.hit.kind})`,
    todo: 'take one of them out',
    details: { hits: found.map(({ hit }) => hit) },
  });
}

const codePointOf = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

const refused = (hit: TextHit, detail: NonNullable<LedgerEntry['detail']>): LedgerEntry => ({
  kind: 'text',
  rule: hit.rule,
  surface: 'caption',
  action: 'refuse',
  evidence: hit.match.slice(0, 200),
  detail,
});

/** Maximum characters of a match in a report or the ledger. */
const EVIDENCE_CHARACTERS = 200;

/** Words in a drawing's text elements that break a rule. They are fragments, as words read off a picture are. */
export function writtenInside(
  { judge, room }: { judge: Pick<TextJudge, 'judge'>; room: Pick<RoomConfig, 'language' | 'products'> },
  texts: readonly string[],
  surface: 'frame' | 'cover' = 'frame',
): FrameVerdict {
  const context = { surface, language: room.language, entry: room.products };
  const found = texts.flatMap((text) => judge.judge(text, context).hits);
  const hits = found.map(({ rule, kind, match }) => ({ rule, kind, text: match.slice(0, EVIDENCE_CHARACTERS) }));
  if (found.some(forbids)) return { verdict: 'violation', hits };
  return { verdict: hits.length === 0 ? 'clean' : 'review', hits };
}
