import { RuleActions } from '../../../src/moderation/packs/rule-table.js';
import { clauseAround, type Place, everySentence } from '../../../src/moderation/language/sentences.js';
import type { TextJudge } from '../../../src/moderation/text-judge.js';
import { isContact } from '../../../src/moderation/unheard/unheard-spans.js';
import type { TextHit } from '../../../src/core/verdict.js';
import { ContactTrail, withholdsContact } from '../../../src/show/show-captions.js';
import { judgeSpoken } from '../../../src/show/judge-spoken.js';
import { PreviousLines, SILENCED, UNSPOKEN } from '../../../src/show/line-notes.js';
import { spokenText } from '../../../src/speech/spoken-text.js';

/** The result of one of several consecutive lines. */
export interface SilentLine {
  readonly text: string;
  readonly hits: readonly TextHit[];
  /** Silent in speech; the whole line where it is not spoken at all. */
  readonly silent: readonly Place[];
  /** Silent if only each find, with the clause of an app, is muted. */
  readonly clauses: readonly Place[];
  /** Silent by the bare rule: from a find, or the clause of an app, to the end of the sentence. */
  readonly sentences: readonly Place[];
  readonly captionShown: boolean;
}

/** Judges consecutive lines as the show does. */
export function silentPlaces(judge: TextJudge, texts: readonly string[], language: string): SilentLine[] {
  const actions = new RuleActions({});
  const before = new PreviousLines(judge, 'speech', actions);
  const trail = new ContactTrail('speech', actions);
  return texts.map((text) => {
    const spoken = spokenText(text, language);
    const { hits: own } = judgeSpoken(judge, text, spoken, { surface: 'speech', language });
    if (own.some((h) => UNSPOKEN.has(h.action))) {
      const all = [{ start: 0, end: text.length }];
      return { text, hits: own, silent: all, clauses: all, sentences: all, captionShown: false };
    }
    const completed = before.completes(text, language);
    before.add(text, completed);
    const hits = [...own, ...completed].filter((h) => SILENCED.has(h.action));
    const followed = trail.follow(text, language, hits);
    trail.add(followed);
    const ends = everySentence(text);
    const isApp = ({ rule, kind }: TextHit): boolean => rule === '3.2' && kind !== 'phone';
    return {
      text,
      hits,
      silent: followed.places,
      clauses: hits.map((h) => (isApp(h) ? clauseAround(text, h) : h)),
      sentences: hits.map((h) => ({
        start: isApp(h) ? clauseAround(text, h).start : h.start,
        end: isContact(h) ? (ends.find(({ end }) => end >= h.end)?.end ?? text.length) : h.end,
      })),
      captionShown: hits.length === 0 && !withholdsContact(followed),
    };
  });
}
