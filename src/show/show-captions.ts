import { type FrameIndex, frameToSample, millisecondsToFrames, sampleIndex, sampleToFrame } from '../core/time.js';
import type { TextHit } from '../core/verdict.js';
import { type Afterwards, isContact, type Unheard, unheardSpans } from '../moderation/index.js';
import type { RuleActions } from '../moderation/packs/index.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import { type LineNotes, PreviousLines } from './line-notes.js';
import type { LineSlot } from './line-schedule.js';
import type { RundownLine } from './rundown.js';
import type { ReadyLine, ShowParts } from './show-command.js';

const WITHHELD = { speech: 'mute', caption: 'drop-caption' } as const;

/** The contacts of a line; those continued from an earlier line are findings of their own. */
export interface TrailedLine extends Unheard {
  readonly more: readonly TextHit[];
}

/**
 * Contacts across lines: when one line ends with an app and the next begins with the account, neither is heard or
 * shown.
 */
export class ContactTrail {
  private last: Afterwards | undefined;

  constructor(
    private readonly surface: 'speech' | 'caption',
    private readonly actions: Pick<RuleActions, 'action'>,
  ) {}

  /** Context that the lines so far leave for the next one. */
  get afterwards(): Afterwards | undefined {
    return this.last;
  }

  /** Returns to an earlier context: the lines since then are not heard or shown. */
  restore(afterwards: Afterwards | undefined): void {
    this.last = afterwards;
  }

  /** `hits`: the line's withheld hits. `before`: further context before it. */
  follow(text: string, language: string, hits: readonly TextHit[], before = this.last): TrailedLine {
    const unheard = unheardSpans(text, language, hits, before);
    const more = unheard.continued.map(({ start, end, rule }): TextHit => {
      const isTone = this.surface === 'speech' && this.actions.action(rule, 'speech') === 'tone';
      const action = isTone ? 'tone' : WITHHELD[this.surface];
      return { rule, kind: 'continued', start, end, match: text.slice(start, end), action };
    });
    return { ...unheard, more };
  }

  /** The line is spoken or shown, except its withheld parts. */
  add({ afterwards }: Pick<Unheard, 'afterwards'>): void {
    this.last = afterwards;
  }
}

/** Whether part of a line is withheld as a contact. */
export const withholdsContact = ({ places }: Unheard): boolean => places.some(isContact);

/** How long a caption stays after its last word. */
const CAPTION_TAIL_MS = 300;

export type CaptionCue = Parameters<SceneCompiler['caption']>[0];

/** The captions that viewers have read so far. */
export interface CaptionMark {
  readonly words: string;
  readonly afterwards: Afterwards | undefined;
}

/** The captions of a show. A caption with a forbidden or muted part is not shown at all. */
export class ShowCaptions {
  private readonly shown: PreviousLines;
  private readonly contacts: ContactTrail;

  constructor(
    private readonly parts: Pick<ShowParts, 'room' | 'judge' | 'actions'>,
    private readonly notes: Pick<LineNotes, 'record'>,
    private readonly stopFor: (hits: readonly TextHit[]) => void,
  ) {
    this.shown = new PreviousLines(parts.judge, 'caption', parts.actions);
    this.contacts = new ContactTrail('caption', parts.actions);
  }

  get mark(): CaptionMark {
    return { words: this.shown.words, afterwards: this.contacts.afterwards };
  }

  restore({ words, afterwards }: CaptionMark): void {
    this.shown.restore(words);
    this.contacts.restore(afterwards);
  }

  /**
   * The caption to show for a line, if it may be shown; from now on it counts as shown. `heard`: the line's muted parts;
   * `before`: parts that previous lines left to mute.
   */
  of(
    { line, utterance, caption, noted }: ReadyLine,
    slot: LineSlot,
    heard: TrailedLine,
    before: Afterwards | undefined,
  ): CaptionCue | undefined {
    const { room } = this.parts;
    if (caption === undefined) return undefined;
    const language = line.language ?? room.language;
    const completed = this.shown.completes(line.caption, language);
    this.shown.add(line.caption, completed);
    const judged = [...caption.hits, ...completed];
    const trail = this.contacts.follow(line.caption, language, judged.filter(isWithheld));
    this.contacts.add(trail);
    const unheard = withholdsContact(trail) ? [] : this.alsoUnheard(line, language, heard, before);
    const hits = [...judged, ...trail.more, ...unheard];
    const forbidden = hits.filter(isWithheld);
    this.notes.record(hits, 'caption', forbidden.length > 0 ? 'drop-caption' : 'warn', { line, slot, noted });
    this.stopFor(forbidden);
    if (forbidden.length > 0) return undefined;
    const frameOf = (sample: number): FrameIndex =>
      sampleToFrame(sampleIndex(frameToSample(slot.startFrame, room.rate) + sample), room.rate);
    return {
      text: line.caption,
      language,
      startFrame: slot.startFrame,
      endFrame: (slot.endFrame + millisecondsToFrames(CAPTION_TAIL_MS, room.rate)) as FrameIndex,
      words:
        line.caption === line.text
          ? utterance.words.map((w) => ({ startChar: w.startChar, endChar: w.endChar, frame: frameOf(w.startSample) }))
          : [],
    };
  }

  /** Parts of a caption that belong to contacts muted in its own line or in the previous one. */
  private alsoUnheard(
    { text, caption }: RundownLine,
    language: string,
    heard: TrailedLine,
    before: Afterwards | undefined,
  ): readonly TextHit[] {
    if (caption === text) {
      return heard.places.filter(isContact).map(({ start, end, rule }) => ({
        rule,
        kind: 'continued',
        start,
        end,
        match: text.slice(start, end),
        action: 'drop-caption',
      }));
    }
    const leading = withholdsContact(heard) ? heard.afterwards : before;
    return leading === undefined ? [] : this.contacts.follow(caption, language, [], leading).more;
  }
}

const isWithheld = ({ action }: TextHit): boolean => action !== 'warn' && action !== 'review';
