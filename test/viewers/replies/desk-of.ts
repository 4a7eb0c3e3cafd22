import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { watch } from '../../../src/config/sections/compliance.js';
import type { Layer } from '../../../src/config/sections/layer.js';
import type { Product } from '../../../src/config/sections/product.js';
import { replies } from '../../../src/config/sections/replies.js';
import type { EventRecord, ViewerEvent } from '../../../src/config/api/events-handle.js';
import { silentLog } from '../../../src/core/log.js';
import { seededRandom } from '../../../src/core/random.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import type { LineOutcome, LineRequest } from '../../../src/show/agenda/agenda.js';
import { EventIntake, EventLog } from '../../../src/viewers/events/event-intake.js';
import { AnswerFinder } from '../../../src/viewers/replies/answer-finder.js';
import { AnswerPreview } from '../../../src/viewers/replies/answer-preview.js';
import { AnswerSpeaker } from '../../../src/viewers/replies/answer-speaker.js';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { ListingAnswers } from '../../../src/viewers/replies/listing-answers.js';
import type { LlmAnswers } from '../../../src/viewers/replies/llm-answers.js';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { OpenQuestions } from '../../../src/viewers/replies/replies-in-parts.js';
import { Reactions } from '../../../src/viewers/replies/reactions.js';
import { ReplyDesk, TimedTalks } from '../../../src/viewers/replies/reply-desk.js';
import { ReplyJudge } from '../../../src/viewers/replies/reply-judge.js';
import { ReplyRules } from '../../../src/viewers/replies/reply-rules.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import { bottle } from './reply-room.js';

let texts: TextJudge | undefined;

export interface DeskOptions {
  readonly config?: object;
  readonly language?: string;
  readonly products?: readonly Product[];
  readonly productNow?: () => string | null;
  readonly llm?: LlmAnswers;
  /** Whether a line is placed as soon as it is added. */
  readonly places?: boolean;
  readonly local?: () => Date;
  readonly onAnswer?: (language: string) => void;
}

/** A reply desk with the real judge and packs, a clock of its own and an agenda that records. */
export function deskOf({ config = {}, language = 'en', products = [bottle], ...options }: DeskOptions = {}) {
  const live = { products };
  const clock = { nowMs: 1000 };
  const lines: LineRequest[] = [];
  const noted: LedgerEntry[] = [];
  const shown: { layer: Layer; forMs: number }[] = [];
  const posted: EventRecord[] = [];
  const state = { isFull: false, places: options.places ?? true };
  const agenda = {
    add(request: LineRequest): { id: string } | undefined {
      if (state.isFull) return undefined;
      lines.push(request);
      if (state.places) request.onOutcome?.({ outcome: 'scheduled', startFrame: 1, endFrame: 60 });
      return { id: `line-${lines.length}` };
    },
  };
  const parsed = replies.parse({ minGapMs: 0, gatherMs: 0, ...config });
  const nowMs = (): number => clock.nowMs;
  const packs = replyPacks();
  const productNow = options.productNow ?? ((): string | null => live.products[0]?.id ?? null);
  texts ??= new TextJudge();
  const judge = new ReplyJudge({
    judge: texts,
    products: () => live.products,
    language,
    spoken: spokenText,
    spam: new ReplyWatch(watch.parse({}).replies),
    note: (entry) => void noted.push(entry),
    nowMs,
  });
  const comments = new CommentReader(packs, language, parsed.languages);
  const listing = new ListingAnswers(sentencePlans(), packs, comments, language);
  const room = { language, replies: parsed, layers: [] };
  const events = new EventLog();
  const questions = new OpenQuestions();
  const speaker = new AnswerSpeaker({ room, agenda, judge, listing, packs, productNow });
  const finder = new AnswerFinder({
    config: parsed,
    products: () => live.products,
    comments,
    listing,
    packs,
    productNow,
  });
  const rules = new ReplyRules(parsed.rules, seededRandom(7));
  const desk = new ReplyDesk({
    config: parsed,
    events,
    finder,
    speaker,
    judge,
    rules,
    reactions: new Reactions({
      config: parsed.reactions,
      pack: packs.get(comments.home)!,
      name: (user) => judge.name(user),
      together: (names, of) => judge.together(names, of),
    }),
    talks: new TimedTalks(parsed.timedTalk, clock.nowMs, (options.local ?? (() => new Date(0)))()),
    questions,
    packs,
    llm: options.llm,
    ...(options.onAnswer === undefined ? {} : { onAnswer: options.onAnswer }),
    showLayer: (layer, forMs) => void shown.push({ layer, forMs }),
    post: (_, record) => void posted.push(record),
    nowMs,
    local: options.local ?? (() => new Date(0)),
  });
  const preview = new AnswerPreview({
    config: parsed,
    finder,
    speaker,
    judge,
    rules,
    comments,
    stockLine: () => undefined,
  });
  const intake = new EventIntake({
    events,
    onEvent: (record) => desk.accept(record),
    nowMs,
    unixMs: nowMs,
    log: silentLog,
  });
  let ids = 0;
  const event = (parts: Partial<ViewerEvent>): ViewerEvent => ({
    id: `e${(ids += 1)}`,
    platform: 'taobao',
    kind: 'comment',
    user: 'Anna',
    ...parts,
  });
  return {
    live,
    clock,
    state,
    lines,
    noted,
    shown,
    posted,
    events,
    questions,
    intake,
    desk,
    speaker,
    preview,
    judge,
    comments,
    event,
    /** Takes events and lets some time pass. */
    async tell(list: readonly Partial<ViewerEvent>[], passMs = 100): Promise<void> {
      intake.take(list.map(event));
      while (desk.work(1000));
      clock.nowMs += passMs;
      desk.tick();
      await new Promise((resolve) => setImmediate(resolve));
    },
    pass(ms: number): void {
      clock.nowMs += ms;
      desk.tick();
    },
    settle: (at: number, outcome: LineOutcome): void => lines[at]!.onOutcome?.(outcome),
    /** States of the comments, oldest first. */
    states: (): string[] =>
      events
        .recent(500)
        .map(({ state: one }) => one)
        .toReversed(),
    last: (): EventRecord => events.recent(1)[0]!,
  };
}
