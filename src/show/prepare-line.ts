import type { UnspokenSnapshot } from '../config/api/room-handle.js';
import { EngineError, toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { LedgerEntry, TextHit } from '../core/verdict.js';
import type { LineOutcome } from './agenda/agenda.js';
import { judgeSpoken } from './judge-spoken.js';
import { type LineNotes, SILENCED, UNSPOKEN, withholds } from './line-notes.js';
import { lineVoice, takeOf, takesOf, voiceLanguage } from './line-voice.js';
import type { FormerListings } from './listings.js';
import type { RundownLine } from './rundown.js';
import type { ReadyLine, ShowParts } from './show-command.js';

/**
 * Lines that were due and not spoken, recorded in log, ledger and state.
 *
 * Problem: a dead voice fails for each script line, many a minute and for hours.
 * Rule: of consecutive failures the ledger records the first. An inserted line is recorded each time, since somebody
 * waits for it.
 */
export class UnspokenLines {
  /** Consecutive failures. */
  run = 0;
  /** The last failure. */
  error: EngineError | undefined;
  private total = 0;
  private last: UnspokenSnapshot['last'] = null;

  constructor(private readonly parts: { readonly log: Log; readonly ledger: (entry: LedgerEntry) => void }) {}

  record(line: RundownLine, error: EngineError): void {
    const { id, text } = line;
    this.run += 1;
    this.error = error;
    this.total += 1;
    this.last = { line: id, text: text.slice(0, 200), code: error.code, message: error.message };
    this.parts.log.error({ code: error.code, line: id }, error.message);
    if (this.run > 1 && line.position !== undefined) return;
    this.parts.ledger({
      kind: 'text',
      surface: 'speech',
      action: 'unspoken',
      evidence: text.slice(0, 200),
      detail: { line: id, code: error.code, why: error.message.slice(0, 200) },
    });
  }

  /** A line that states something else than the changed listing: it says nothing about the voice. */
  stale(line: RundownLine, { match, rule, kind }: TextHit): { outcome: 'refused'; reason: string; isStale: true } {
    const { id, text } = line;
    const reason = `"${match.slice(0, 60)}" is no longer in the listing (rule ${rule})`;
    const error = new EngineError('E_TEXT_REFUSED', {
      where: `line ${id}`,
      expected: 'the facts of the listing as they are now',
      found: `"${match.slice(0, 60)}" (rule ${rule})`,
      todo: 'change the line, or wait: lines of a sentence plan are rewritten',
    });
    this.total += 1;
    this.last = { line: id, text: text.slice(0, 200), code: error.code, message: error.message };
    this.parts.log.warn({ line: id, rule, match }, 'a line is not spoken: its listing has changed');
    this.parts.ledger({
      kind: 'text',
      rule,
      surface: line.judgedAs,
      action: 'refuse',
      evidence: match.slice(0, 200),
      detail: { line: id, kind, why: 'the listing has changed' },
    });
    return { outcome: 'refused', reason, isStale: true };
  }

  /** A line was spoken. */
  spoken(): void {
    this.run = 0;
  }

  snapshot(): UnspokenSnapshot {
    return { total: this.total, last: this.last };
  }
}

interface PreparerParts extends Pick<ShowParts, 'room' | 'judge' | 'speech' | 'voices' | 'assistantVoices'> {
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
