import { type FrameIndex, frameToSample, millisecondsToFrames, sampleIndex, sampleToFrame } from '../core/time.js';
import type { TextHit } from '../core/verdict.js';
import { type Afterwards, isContact, type Unheard, unheardSpans } from '../moderation/index.js';
import type { RuleActions } from '../moderation/packs/index.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import { isSilenced, type LineNotes, PreviousLines } from './line-notes.js';
import type { LineSlot } from './line-schedule.js';
import type { RundownLine } from './rundown.js';
import type { ReadyLine, ShowParts } from './show-command.js';

const WITHHELD = { speech: 'mute', caption: 'drop-caption' } as const;

/** The contacts of a line; those continued from an earlier line are findings of their own. */
interface TrailedLine extends Unheard {
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
interface CaptionMark {
  readonly words: string;
  readonly afterwards: Afterwards | undefined;
}

/** The captions of a show. A caption with a forbidden or muted part is not shown at all. */
class ShowCaptions {
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

/** The words that viewers have heard and read so far, to return to. */
export interface ContextMark {
  readonly words: string;
  readonly afterwards: Afterwards | undefined;
  readonly captions: CaptionMark;
}

/** The findings of a line after the lines before it. */
export interface Findings {
  readonly hits: readonly TextHit[];
  readonly completed: readonly TextHit[];
  readonly trail: TrailedLine;
  /** Parts that previous lines left to mute. */
  readonly before: Afterwards | undefined;
}

/** The context in which a line is judged: the lines that viewers have heard and read before it. */
export class ShowContext {
  private readonly heard: PreviousLines;
  private readonly contacts: ContactTrail;
  private readonly captions: ShowCaptions;

  constructor(
    private readonly parts: Pick<ShowParts, 'room' | 'judge' | 'actions'>,
    notes: Pick<LineNotes, 'record'>,
    stopFor: (hits: readonly TextHit[]) => void,
  ) {
    this.heard = new PreviousLines(parts.judge, 'speech', parts.actions);
    this.contacts = new ContactTrail('speech', parts.actions);
    this.captions = new ShowCaptions(parts, notes, stopFor);
  }

  get mark(): ContextMark {
    return { words: this.heard.words, afterwards: this.contacts.afterwards, captions: this.captions.mark };
  }

  restore({ words, afterwards, captions }: ContextMark): void {
    this.heard.restore(words);
    this.contacts.restore(afterwards);
    this.captions.restore(captions);
  }

  /** Judges a line after the previous ones; changes nothing. */
  examine({ line, speech }: Pick<ReadyLine, 'line' | 'speech'>): Findings {
    const language = line.language ?? this.parts.room.language;
    const completed = this.heard.completes(line.text, language);
    const judged = [...speech.hits, ...completed];
    const before = this.contacts.afterwards;
    const trail = this.contacts.follow(line.text, language, judged.filter(isSilenced));
    return { hits: [...judged, ...trail.more], completed, trail, before };
  }

  /** The line is heard, except its muted parts. */
  hear({ line, rest }: Pick<ReadyLine, 'line' | 'rest'>, { completed, trail }: Findings): void {
    this.heard.add(line.text, completed);
    const left = rest?.afterwards;
    // The lines in between do not use up the reach of a contact in the line that they cut.
    const further = left !== undefined && (trail.afterwards === undefined || left.reach > trail.afterwards.reach);
    this.contacts.add(further ? { afterwards: left } : trail);
  }

  /** The caption of a line, if it may be shown; it counts as read. */
  readCaption(ready: ReadyLine, slot: LineSlot, { trail, before }: Findings): CaptionCue | undefined {
    return this.captions.of(ready, slot, trail, before);
  }

  /**
   * Only the beginning of a line was heard, from the context before it. Its caption was read wholly. A contact in the part
   * that was not heard leaves no trail; a line that began before the cut does.
   */
  hearPart(
    { ready, before }: { readonly ready: ReadyLine; readonly before: { readonly context: ContextMark } },
    endChar: number,
  ): ContextMark {
    const { line, speech } = ready;
    this.heard.restore(before.context.words);
    this.contacts.restore(before.context.afterwards);
    const text = line.text.slice(0, endChar);
    const hits = speech.hits
      .filter(({ start }) => start < endChar)
      .map((hit) => (hit.end <= endChar ? hit : { ...hit, end: endChar, match: line.text.slice(hit.start, endChar) }));
    const part = { line: { ...line, text }, speech: { ...speech, hits } };
    this.hear(part, this.examine(part));
    return this.mark;
  }
}
