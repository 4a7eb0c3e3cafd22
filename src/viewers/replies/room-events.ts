import type {
  EventCounts,
  EventRecord,
  EventsHandle,
  IncomingEvent,
  OpenQuestion,
  PreviewedAnswer,
} from '../../core/handles/events-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { SayResult } from '../../core/room-handle.js';
import type { TextHit } from '../../core/verdict.js';
import type { AnswerPreview } from './answer-preview.js';
import type { EventIntake } from '../events/event-intake.js';
import type { EventLog } from '../events/event-log.js';
import type { AnswerSpeaker } from './answer-speaker.js';
import type { OpenQuestions } from './open-questions.js';
import type { ReplyDesk } from './reply-desk.js';
import type { ReplyJudge } from './reply-judge.js';

const TICK_MS = 100;
/** Pause between two slices of a backlog: the show's own work on this thread comes first. */
const BETWEEN_SLICES_MS = 12;

export interface RoomEventsOptions {
  readonly intake: EventIntake;
  readonly events: EventLog;
  /** The parts that follow the room's settings, as these are now. */
  readonly now: () => {
    readonly desk: ReplyDesk;
    readonly speaker: AnswerSpeaker;
    readonly preview: AnswerPreview;
  };
  readonly questions: OpenQuestions;
  readonly judge: Pick<ReplyJudge, 'name'>;
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

  take(events: readonly IncomingEvent[]): EventCounts {
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
      throw new EngineError('E_BAD_REQUEST', {
        where: `question ${id}`,
        expected: 'room for one more line',
        found: said.refused,
        todo: 'wait until the queue is shorter',
      });
    }
    questions.remove(id);
    return { id: said.id, result: 'queued', hits };
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
