import type { TextJudge } from '../moderation/index.js';
import type { RoomConfig } from '../config/room-config.js';
import type { FrameVerdict } from '../core/verdict.js';
import { forbids } from './texts/refuse-texts.js';

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
