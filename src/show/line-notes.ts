import type { RuleActions } from '../moderation/packs/index.js';
import { UtteranceMemory } from '../compliance/watch/utterance-memory.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import type { Utterance } from '../core/speech.js';
import { frameToMicroseconds } from '../core/time.js';
import type { EvidenceFile, LedgerEntry, SoundEvidence, TextHit } from '../core/verdict.js';
import type { LineSlot } from './line-schedule.js';
import type { RundownLine } from './rundown.js';
import { muteSpans } from '../speech/mute-spans.js';
import { SILENCED } from './line-actions.js';

/** Actions that the ledger records unchanged, whatever happens to the rest of the line. */
const ASIS: ReadonlySet<string> = new Set(['warn', 'review', 'tone', 'stop']);
/** Minimum interval between warnings about a repetitive script. */
const REPEAT_WARNING_MS = 60_000;

export interface LineNotesParts {
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
export interface NotedLine {
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
