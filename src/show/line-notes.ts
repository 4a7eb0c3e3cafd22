import { UtteranceMemory } from '../compliance/watch/utterance-memory.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import type { Utterance } from '../core/speech.js';
import { frameToMicroseconds } from '../core/time.js';
import type { EvidenceFile, LedgerEntry, RuleAction, SoundEvidence, TextHit } from '../core/verdict.js';
import { judgeAcross, recentText, type TextJudge } from '../moderation/index.js';
import type { RuleActions } from '../moderation/packs/index.js';
import { muteSpans } from '../speech/mute-spans.js';
import type { LineSlot } from './line-schedule.js';
import type { RundownLine } from './rundown.js';

/** Rule actions that keep a whole line from being spoken. */
export const UNSPOKEN: ReadonlySet<string> = new Set(['skip', 'blank', 'refuse', 'stop']);
/** Rule actions that mute the matched words. */
export const SILENCED: ReadonlySet<string> = new Set(['mute', 'tone', 'hold', 'drop-caption']);

/** The words are not heard as they are: the line is not spoken, or they are muted. */
export const withholds = ({ action }: Pick<TextHit, 'action'>): boolean => UNSPOKEN.has(action) || SILENCED.has(action);

/** Nobody hears these words: muted, or in a line that ends the room and is never scheduled. */
export const isSilenced = ({ action }: Pick<TextHit, 'action'>): boolean => SILENCED.has(action) || action === 'stop';

const MILD: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review']);
const AS_IT_IS: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review', 'tone', 'stop']);
/** The line is already scheduled: it cannot be skipped any more. */
const WITHHELD = { speech: 'mute', caption: 'drop-caption' } as const;

/**
 * The previous lines, spoken or shown. A number in two halves, each harmless alone, is complete for somebody who hears
 * both lines; the second half never leaves.
 */
export class PreviousLines {
  private recent = '';

  constructor(
    private readonly judge: Pick<TextJudge, 'judge'>,
    private readonly surface: 'speech' | 'caption',
    private readonly actions: Pick<RuleActions, 'action'>,
  ) {}

  /** The last words, to return to with `restore`. */
  get words(): string {
    return this.recent;
  }

  /** Returns to earlier words: the lines since then are not heard or shown. */
  restore(words: string): void {
    this.recent = words;
  }

  /** Hits that this text would complete. */
  completes(text: string, language: string): TextHit[] {
    const hits: TextHit[] = [];
    for (const hit of judgeAcross(this.judge, this.recent, text, language)) {
      const action = this.actions.action(hit.rule, this.surface);
      if (action !== undefined) hits.push({ ...hit, action: AS_IT_IS.has(action) ? action : WITHHELD[this.surface] });
    }
    return hits;
  }

  /** This text is spoken or shown, except the parts it completes. */
  add(text: string, completed: readonly TextHit[]): void {
    const withheld = completed.filter((h) => !MILD.has(h.action)).map((h) => h.end);
    this.recent = recentText(this.recent, text.slice(Math.max(0, ...withheld)));
  }
}

/** Actions that the ledger records unchanged, whatever happens to the rest of the line. */
const ASIS: ReadonlySet<string> = new Set(['warn', 'review', 'tone', 'stop']);
/** Minimum interval between warnings about a repetitive script. */
const REPEAT_WARNING_MS = 60_000;

interface LineNotesParts {
  readonly room: RoomConfig;
  readonly log: Log;
  readonly ledger: (entry: LedgerEntry) => void;
  readonly actions: Pick<RuleActions, 'action'>;
  /** A broken rule ends the room. */
  readonly onStop?: (rule: string) => void;
  /** Keeps the muted words. */
  readonly evidence?: SoundEvidence;
}

/** A line with findings. */
interface NotedLine {
  readonly line: RundownLine;
  readonly slot?: LineSlot;
  readonly utterance?: Utterance;
  readonly noted?: Set<string>;
}

/** Records a show's lines in the ledger: each rule they break, and words that repeat too often. */
export class LineNotes {
  private readonly memory: UtteranceMemory;
  private repeatWarnedMs = -Infinity;

  constructor(private readonly parts: LineNotesParts) {
    this.memory = new UtteranceMemory(parts.room.compliance.watch.duplicates);
  }

  /** Rule 5.7, in show time. */
  remember(line: RundownLine, slot: LineSlot): void {
    const atMs = frameToMicroseconds(slot.startFrame, this.parts.room.rate) / 1000;
    const repetition = this.memory.seen(line.text, atMs);
    if (repetition?.tooOften !== true || atMs - this.repeatWarnedMs < REPEAT_WARNING_MS) return;
    this.repeatWarnedMs = atMs;
    const stops = this.parts.actions.action('5.7', 'speech') === 'stop';
    this.parts.ledger({
      kind: 'text',
      rule: '5.7',
      surface: 'speech',
      action: stops ? 'stop' : 'warn',
      frame: slot.startFrame,
      evidence: line.text.slice(0, 200),
      detail: { line: line.id, kind: 'repeated', timesInHour: repetition.timesInHour },
    });
    this.parts.log.warn({ line: line.id, timesInHour: repetition.timesInHour }, 'the same words too often in an hour');
    if (stops) this.parts.onStop?.('5.7');
  }

  /** Records each finding once, also of a line that is scheduled again. */
  record(
    hits: readonly TextHit[],
    surface: 'speech' | 'caption' | 'reply',
    action: string,
    { line, slot, utterance, noted }: NotedLine,
  ): void {
    const known = new Set(noted);
    for (const hit of hits) {
      const key = `${surface} ${hit.rule} ${hit.match}`;
      if (known.has(key)) continue;
      noted?.add(key);
      const file = utterance && SILENCED.has(hit.action) ? this.keepSound(utterance, hit) : undefined;
      this.parts.ledger({
        kind: 'text',
        rule: hit.rule,
        surface,
        // The rules' actions do not apply to a refused line, and it adds no risk.
        action: ASIS.has(hit.action) && action !== 'refuse' ? hit.action : action,
        ...(slot === undefined ? {} : { frame: slot.startFrame }),
        evidence: hit.match.slice(0, 200),
        detail: { line: line.id, kind: hit.kind },
        ...(file === undefined ? {} : { file }),
      });
    }
  }

  private keepSound(utterance: Utterance, hit: TextHit): EvidenceFile | undefined {
    const [span] = muteSpans(utterance, [hit]);
    return span && this.parts.evidence?.sound(utterance.pcm, span);
  }
}
