import type {
  EventCounts,
  EventRecord,
  EventsHandle,
  ViewerEvent,
  OpenQuestion,
  PreviewedAnswer,
} from '../../config/api/events-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { SayResult } from '../../config/api/room-handle.js';
import type { TextHit } from '../../core/verdict.js';
import type { Layer } from '../../config/sections/layer.js';
import type { HiddenViewer } from '../../config/api/desk-handle.js';
import type { OpenQuestions, ShowLayer } from './replies-in-parts.js';
import { type AnswerSpeaker, questionLayer } from './answer-speaker.js';
import type { AnswerPreview } from './answer-preview.js';
import type { EventIntake, EventLog } from '../events/event-intake.js';
import type { ReplyDesk } from './reply-desk.js';
import type { ReplyJudge } from './reply-judge.js';

const TICK_MS = 100;
/** How long a comment stays on the picture, and after its answer. */
const SHOWN_MS = 12_000;
const PANEL_TAIL_MS = 2500;
/** Pause between two slices of a backlog: the show's own work on this thread comes first. */
const BETWEEN_SLICES_MS = 12;

/** Why a comment does not come on the picture that breaks no rule. */
const UNCLEAR = {
  en: 'not understood as a question, and the show repeats no viewer’s words (replies.quote)',
  zh: '没有听懂这是什么问题，而节目不会原样显示观众的话（replies.quote）',
};

const MAX_HIDDEN = 2000;

/** Viewers whose comments are neither answered nor shown, for the length of the show. */
export class HiddenViewers {
  private readonly viewers = new Map<string, HiddenViewer>();

  add({ platform, user }: HiddenViewer): void {
    const key = keyOf({ platform, user });
    this.viewers.delete(key);
    this.viewers.set(key, { platform, user });
    if (this.viewers.size > MAX_HIDDEN) this.viewers.delete(this.viewers.keys().next().value!);
  }

  remove(viewer: HiddenViewer): void {
    this.viewers.delete(keyOf(viewer));
  }

  /** A viewer without a name is nobody in particular, and never hidden. */
  has({ platform, user }: HiddenViewer): boolean {
    return user !== '' && this.viewers.has(keyOf({ platform, user }));
  }

  list(): readonly HiddenViewer[] {
    return [...this.viewers.values()];
  }
}

const keyOf = ({ platform, user }: HiddenViewer): string => JSON.stringify([platform, user]);

export interface RoomEventsOptions {
  readonly intake: EventIntake;
  readonly events: EventLog;
  /** The parts that follow the room's settings, as these are now. */
  readonly now: () => {
    readonly desk: ReplyDesk;
    readonly speaker: AnswerSpeaker;
    readonly preview: Pick<AnswerPreview, 'of' | 'questionOf'>;
    /** Whether the room file allows comments on the picture as they were written. */
    readonly quotes: boolean;
  };
  readonly questions: OpenQuestions;
  readonly judge: Pick<ReplyJudge, 'name' | 'mask' | 'refusals'>;
  readonly hidden: HiddenViewers;
  readonly showLayer: ShowLayer;
  readonly layers: readonly Layer[];
  readonly productNow: () => string | null;
  /** Language of an operator's words. */
  readonly languageOf: (text: string) => string;
  /** A refusal in plain words. */
  readonly reasonOf: (hits: readonly TextHit[]) => { readonly en: string; readonly zh: string };
}

/** Viewers' events of a room: takes them, works on them beside the show, and lists their outcomes. */
export class RoomEvents implements EventsHandle, Closeable {
  private readonly timer: NodeJS.Timeout;
  private slice: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: RoomEventsOptions) {
    this.timer = setInterval(() => options.now().desk.tick(), TICK_MS);
    this.timer.unref();
  }

  take(events: readonly ViewerEvent[]): EventCounts {
    const counts = this.options.intake.take(events);
    if (counts.taken > 0) this.workSoon();
    return counts;
  }

  ask(comment: string): Promise<PreviewedAnswer> {
    return this.options.now().preview.of(comment);
  }

  recent(limit: number): readonly EventRecord[] {
    return this.options.events.recent(limit);
  }

  counts(): EventCounts {
    return this.options.intake.counts;
  }

  listen(listener: (record: EventRecord) => void): () => void {
    return this.options.events.listen(listener);
  }

  questions(): readonly OpenQuestion[] {
    return this.options.questions.list();
  }

  async answer(id: string, text: string): Promise<SayResult> {
    const { questions, judge, languageOf, reasonOf } = this.options;
    const { speaker } = this.options.now();
    const question = questions.get(id);
    if (question === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: `question ${id}`,
        found: 'no open question with this id',
        todo: 'GET /api/questions lists them',
      });
    const asker = question.user === '' ? undefined : judge.name(question.user);
    const said = speaker.operator(text, languageOf(text), asker);
    const hits = said.hits.map(({ rule, kind, match }) => ({ rule, kind, match }));
    if ('refused' in said) {
      if (hits.length > 0) return { id: '', result: 'refused', reason: reasonOf(said.hits), hits };
      throw full(`question ${id}`, said.refused);
    }
    questions.remove(id);
    return { id: said.id, result: 'queued', hits };
  }

  /** Speaks an operator's answer to any comment, with the question on the picture where it was understood. */
  async answerComment(seq: number, text: string): Promise<SayResult> {
    const { events, questions, judge, languageOf, reasonOf, now } = this.options;
    const { speaker } = now();
    const record = this.comment(seq);
    const layer = await this.panel(record);
    const said = speaker.operator(text, languageOf(text), record.user === '' ? undefined : judge.name(record.user), {
      answers: [record.id],
      ...('refused' in layer ? {} : { layers: [{ layer: layer.layer, tailMs: PANEL_TAIL_MS, givesWay: true }] }),
      onOutcome: (outcome) =>
        events.change(
          seq,
          outcome.outcome === 'scheduled'
            ? { state: 'answered', outcome: 'scheduled' }
            : { state: 'unanswered', outcome: outcome.outcome, reason: outcome.reason },
        ),
    });
    const hits = said.hits.map(({ rule, kind, match }) => ({ rule, kind, match }));
    if ('refused' in said) {
      if (hits.length > 0) return { id: '', result: 'refused', reason: reasonOf(said.hits), hits };
      throw full(`comment ${seq}`, said.refused);
    }
    // A comment whose answer was scheduled at once is answered already.
    const state = events.get(seq)?.state === 'answered' ? 'answered' : 'answering';
    events.change(seq, { state, path: 'operator', answer: said.text });
    const open = questions.list().find((one) => one.text === record.text);
    if (open !== undefined) questions.remove(open.id);
    return { id: said.id, result: 'queued', hits };
  }

  /** Shows what a comment asks on the picture, without a word. */
  async showComment(seq: number): Promise<SayResult> {
    const { reasonOf, showLayer } = this.options;
    const found = await this.panel(this.comment(seq));
    if ('refused' in found) {
      const hits = found.refused.map(({ rule, kind, match }) => ({ rule, kind, match }));
      const reason = found.isUnclear === true ? UNCLEAR : reasonOf(found.refused);
      return { id: '', result: 'refused', reason, hits };
    }
    showLayer(found.layer, SHOWN_MS);
    return { id: found.layer.id, result: 'queued', hits: [] };
  }

  hidden(): readonly HiddenViewer[] {
    return this.options.hidden.list();
  }

  hide(viewer: HiddenViewer): void {
    const { hidden, events } = this.options;
    hidden.add(viewer);
    // What is not said yet will not be.
    for (const { seq, platform, user, state } of events.recent(500))
      if (platform === viewer.platform && user === viewer.user && state === 'taken')
        events.change(seq, { state: 'ignored', reason: 'hidden by the operator' });
  }

  unhide(viewer: HiddenViewer): void {
    this.options.hidden.remove(viewer);
  }

  private comment(seq: number): EventRecord {
    const record = this.options.events.get(seq);
    if (record?.kind === 'comment' && record.text !== undefined) return record;
    throw new EngineError('E_NOT_FOUND', {
      where: `comment ${seq}`,
      found: 'no comment with this number',
      todo: 'GET /api/events lists the newest',
    });
  }

  /**
   * The panel of a comment that breaks no rule; a bad name alone is masked. A person who reads the comment knows the words
   * of one language, and a list of words is never complete: so the panel says what was understood, as it does for the host.
   */
  private async panel({
    text = '',
    user,
    state,
  }: EventRecord): Promise<{ layer: Layer } | { refused: readonly TextHit[]; isUnclear?: boolean }> {
    const { judge, languageOf, layers, productNow, now } = this.options;
    const { preview, quotes } = now();
    const hits = judge.refusals(text, languageOf(text), productNow());
    if (hits.length > 0 || state === 'hostile') return { refused: hits };
    const shown = quotes ? text : await preview.questionOf(text);
    if (shown === undefined) return { refused: [], isUnclear: true };
    const name = user === '' ? undefined : (judge.name(user) ?? judge.mask(user));
    return { layer: questionLayer(shown, name, layers) };
  }

  /** Works on events that wait. */
  workSoon(delayMs = 0): void {
    if (this.isClosed || this.slice !== undefined) return;
    this.slice = setTimeout(() => {
      this.slice = undefined;
      if (this.options.now().desk.work()) this.workSoon(BETWEEN_SLICES_MS);
    }, delayMs);
    this.slice.unref();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    clearTimeout(this.slice);
  }
}

const full = (where: string, found: string): EngineError =>
  new EngineError('E_BAD_REQUEST', {
    where,
    expected: 'room for one more line',
    found,
    todo: 'wait until the queue is shorter',
  });
