import { EngineError, toEngineError } from '../core/errors.js';
import type { TextHit } from '../core/verdict.js';
import type { LineOutcome } from './agenda/agenda-line.js';
import type { FormerListings } from './listings.js';
import type { RundownLine } from './rundown.js';
import { judgeSpoken } from './judge-spoken.js';
import { SILENCED, UNSPOKEN, withholds } from './line-actions.js';
import type { LineNotes } from './line-notes.js';
import { takeOf, takesOf, lineVoice, voiceLanguage } from './line-voice.js';
import type { ReadyLine, ShowParts } from './show-parts.js';
import type { UnspokenLines } from './unspoken-lines.js';

export interface PreparerParts extends Pick<ShowParts, 'room' | 'judge' | 'speech' | 'voices' | 'assistantVoices'> {
  readonly listings: FormerListings;
  readonly notes: LineNotes;
  readonly unspoken: UnspokenLines;
  readonly stopFor: (hits: readonly TextHit[]) => void;
  readonly signal: AbortSignal;
}

/** A line that will not be spoken. `isStale`: it was true until a listing changed. */
export type Unprepared = Extract<LineOutcome, { readonly reason: string }> & { readonly isStale?: true };

/**
 * Judges and speaks a line. Returns the reason when it must not or cannot be spoken; ledger and state record it. A
 * line from outside with a part that would be silent is refused whole, since nobody asks for a line with a gap; in the
 * voice of a person that part is muted. A script line with a part that the listing has since changed is not spoken either.
 */
export async function prepareLine(
  { room, judge, speech: service, voices, assistantVoices, listings, notes, unspoken, stopFor, signal }: PreparerParts,
  line: RundownLine,
): Promise<ReadyLine | Unprepared> {
  const language = line.language ?? room.language;
  const entry = listings.current.of(line.product ?? line.about, line.text);
  const spoken = service.spoken(line.text, voiceLanguage(room, line.language, line.role));
  const surface = line.judgedAs;
  const speech = judgeSpoken(judge, line.text, spoken, { surface, language, entry });
  const caption = line.caption === '' ? undefined : judge.judge(line.caption, { surface: 'caption', language, entry });
  const stale = isFromOutside(line)
    ? undefined
    : listings.brokenByChange(speech.hits.filter(withholds), (former) => {
        const then = former.of(line.product ?? line.about, line.text);
        return judgeSpoken(judge, line.text, spoken, { surface, language, entry: then }).hits;
      });
  if (stale !== undefined) return unspoken.stale(line, stale);
  const refusing = speech.hits.filter(
    (h) => UNSPOKEN.has(h.action) || (isRefusedWhole(line) && SILENCED.has(h.action)),
  );
  if (refusing.length > 0) {
    const isOwn = !isFromOutside(line);
    notes.record(speech.hits, surface, isOwn ? 'skip' : 'refuse', { line });
    if (isOwn) stopFor(speech.hits);
    return { outcome: 'refused', reason: reasonOf(refusing[0]!) };
  }
  try {
    const voice = lineVoice(room, voices ?? {}, line.language, line.role, assistantVoices);
    const utterance =
      line.voice ??
      (await service.speak(
        {
          id: line.id,
          text: line.text,
          priority: isFromOutside(line) ? 'reply' : 'line',
          ...takeOf(line, takesOf(service, voice)),
          ...voice,
        },
        signal,
      ));
    if (utterance.pcm.length === 0) {
      const error = nothingToHear(line);
      unspoken.record(line, error);
      if (isFromOutside(line)) return { outcome: 'failed', reason: error.message };
    } else unspoken.spoken();
    return { line, utterance, speech, caption, noted: new Set() };
  } catch (cause) {
    if (signal.aborted) return { outcome: 'cancelled', reason: 'the room has stopped' };
    const error = toEngineError(cause, `line ${line.id}`);
    unspoken.record(line, error);
    return { outcome: 'failed', reason: error.message };
  }
}

/** Asked for while the show runs; fillers are the room file's own words. */
const isFromOutside = ({ kind }: Pick<RundownLine, 'kind'>): boolean => kind !== 'script' && kind !== 'filler';

/** Words that must not be heard refuse the line instead of being muted in it. */
export const isRefusedWhole = (line: Pick<RundownLine, 'kind' | 'voice'>): boolean =>
  isFromOutside(line) && line.voice === undefined;

export const isReady = (one: ReadyLine | Unprepared): one is ReadyLine => 'utterance' in one;

/** The words of a finding and their rule. */
const reasonOf = ({ match, rule }: TextHit): string => `"${match.slice(0, 60)}" (rule ${rule})`;

const nothingToHear = (line: RundownLine): EngineError =>
  new EngineError('E_SPEECH_FAILED', {
    where: `line ${line.id}`,
    expected: 'words that can be heard',
    found: 'silence: the voice reads no word of the text',
  });

export const completesContact = (line: RundownLine): EngineError =>
  new EngineError('E_TEXT_REFUSED', {
    where: `line ${line.id}`,
    expected: 'a line that may be spoken whole',
    found: 'the rest of a contact that previous lines began',
  });
