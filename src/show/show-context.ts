import type { Afterwards } from '../moderation/index.js';
import type { TextHit } from '../core/verdict.js';
import type { LineSlot } from './line-schedule.js';
import { type CaptionCue, type CaptionMark, ContactTrail, ShowCaptions, type TrailedLine } from './show-captions.js';
import { isSilenced, type LineNotes, PreviousLines } from './line-notes.js';
import type { ReadyLine, ShowParts } from './show-command.js';

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
