/**
 * Answers viewers: from an event to a line in the agenda.
 *
 * Problem: comments come in bursts, many ask the same, some are meant to harm. Each must be judged, and none of this
 * may hold up the show.
 * Rule: events wait in a bounded backlog and are worked off in slices of SLICE_MS. A comment goes to the first source with
 * an answer: the room's rules, the listing, its questions and answers, the language model, a stock line. Hostile ones
 * stop before that. Equal questions wait together for `gatherMs` and for the previous answer, and are answered once. When a
 * listing changes, answers that wait are looked up again.
 */
import { isDeepStrictEqual } from 'node:util';
import type { EventRecord } from '../../config/api/events-handle.js';
import type { Product } from '../../config/sections/product.js';
import type { RepliesConfig, ReplyRule, TimedTalk } from '../../config/sections/replies.js';
import type { LineOutcome } from '../../show/agenda/agenda.js';
import type { EventLog } from '../events/event-intake.js';
import { type AnswerFinder, type Finding, isAnsweredMeaning } from './answer-finder.js';
import type { AnswerSpeaker } from './answer-speaker.js';
import { foldComment } from './comments/comment-reader.js';
import type { ReplyPacks } from './comments/reply-packs.js';
import type { LlmAnswers } from './llm-answers.js';
import type { CommentMeanings, Reading } from './meaning/comment-meanings.js';
import { AnswerOutcomes, type OpenQuestions, type ShowLayer } from './replies-in-parts.js';
import { PendingAnswer, WaitingAnswers } from './pending-answer.js';
import { type Reactions, speakReactions } from './reactions.js';
import type { ReplyJudge } from './reply-judge.js';
import { type ReplyRules, type RuleText, StockLines } from './reply-rules.js';

interface DueTalk {
  readonly text: string;
  readonly language: string | undefined;
  readonly role: TimedTalk['role'];
}

/** Lines at intervals and at times of day. A time that passed while the machine slept is not made up for. */
export class TimedTalks {
  private readonly entries: { readonly talk: TimedTalk; nextMs: number; day: string; turn: number }[];

  /** `before`: talks as they were; those that stay keep their time and turn. */
  constructor(talks: readonly TimedTalk[], startMs: number, local: Date, before?: TimedTalks) {
    this.entries = talks.map(
      (talk) =>
        before?.entries.find((one) => isDeepStrictEqual(one.talk, talk)) ?? {
          talk,
          nextMs: startMs + (talk.everyMs ?? 0),
          // A room that starts after the time of day waits for tomorrow.
          day: talk.at !== undefined && timeOf(local) >= talk.at ? dayOf(local) : '',
          turn: 0,
        },
    );
  }

  /** Lines due now. `nowMs` is monotonic; `local` is the machine's clock. */
  due(nowMs: number, local: Date): DueTalk[] {
    return this.entries.flatMap((entry) => {
      const { talk } = entry;
      if (talk.everyMs === undefined) {
        if (timeOf(local) !== talk.at || entry.day === dayOf(local)) return [];
        entry.day = dayOf(local);
      } else {
        if (nowMs < entry.nextMs) return [];
        entry.nextMs = nowMs + talk.everyMs;
      }
      const wordings = [talk.text, ...talk.variants];
      const text = wordings[entry.turn % wordings.length]!;
      entry.turn += 1;
      return [{ text, language: talk.language, role: talk.role }];
    });
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
const timeOf = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}`;
const dayOf = (date: Date): string => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;

const MAX_BACKLOG = 1000;
const SLICE_MS = 4;
/** After this time an answer without an outcome no longer holds up the next. */
const MAX_OUTSTANDING_MS = 90_000;
const HOSTILE_WEIGHT = 3;

interface ReplyDeskOptions {
  readonly config: RepliesConfig;
  readonly events: EventLog;
  readonly finder: AnswerFinder;
  readonly speaker: AnswerSpeaker;
  readonly judge: ReplyJudge;
  readonly rules: ReplyRules;
  readonly reactions: Reactions;
  readonly talks: TimedTalks;
  readonly questions: OpenQuestions;
  readonly packs: ReplyPacks;
  readonly llm: LlmAnswers | undefined;
  /** What comments mean; without it known words decide. */
  readonly meanings?: CommentMeanings | undefined;
  readonly showLayer: ShowLayer;
  /** An answer in this language will be spoken soon. */
  readonly onAnswer?: (language: string) => void;
  /** Posts an event to the webhook of a rule; must not throw. */
  readonly post: (rule: ReplyRule, record: EventRecord) => void;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** The machine's clock. */
  readonly local: () => Date;
}

const MINUTE_MS = 60_000;
const MAX_VIEWERS = 5000;

/** Maximum comments of one viewer a minute; hostile ones weigh more. */
class ViewerLimit {
  private readonly viewers = new Map<string, { fromMs: number; count: number }>();

  constructor(private readonly perMinute: number) {}

  /** Counts a comment; true when the viewer has had enough of the room's attention. */
  exceeds(viewer: string, nowMs: number): boolean {
    return this.add(viewer, nowMs, 1) > this.perMinute;
  }

  add(viewer: string, nowMs: number, weight: number): number {
    let entry = this.viewers.get(viewer);
    if (entry === undefined || nowMs - entry.fromMs >= MINUTE_MS) {
      this.viewers.delete(viewer);
      this.viewers.set(viewer, (entry = { fromMs: nowMs, count: 0 }));
      if (this.viewers.size > MAX_VIEWERS) this.viewers.delete(this.viewers.keys().next().value!);
    }
    entry.count += weight;
    return entry.count;
  }
}

export class ReplyDesk {
  private readonly backlog: EventRecord[] = [];
  private readonly pending: WaitingAnswers;
  private readonly outcomes: AnswerOutcomes;
  private readonly stockLines: StockLines;
  private readonly limit: ViewerLimit;
  /** Comments whose meaning is being found. */
  private readonly underway = new Set<EventRecord>();
  private isOver = false;
  private lastMs = -Infinity;
  private outstandingSinceMs: number | undefined;
  /** By which waiting answers were found. */
  private listings: readonly Product[];

  constructor(private readonly options: ReplyDeskOptions) {
    const { config, events, judge, questions, packs } = options;
    this.listings = options.finder.listings;
    this.limit = new ViewerLimit(config.perViewerPerMinute);
    this.pending = new WaitingAnswers({ config, events, name: (user) => judge.name(user) });
    this.outcomes = new AnswerOutcomes(events, questions);
    this.stockLines = new StockLines({ config, packs, isOf: (language, wanted) => this.isOf(language, wanted) });
  }

  /** Queues an event; never waits. */
  accept(record: EventRecord): void {
    if (this.backlog.length < MAX_BACKLOG) this.backlog.push(record);
    else this.options.events.change(record.seq, { state: 'ignored', reason: 'too many events at once' });
  }

  /** What a desk with other settings keeps. */
  get rules(): ReplyRules {
    return this.options.rules;
  }
  get reactions(): Reactions {
    return this.options.reactions;
  }
  get talks(): TimedTalks {
    return this.options.talks;
  }

  /** Ends the desk; returns the events that another one has to answer. */
  handOver(): EventRecord[] {
    this.isOver = true;
    const waiting = this.pending.takeAll().flatMap(({ records }) => records);
    const records = [...waiting, ...this.underway, ...this.backlog].flatMap((one) =>
      typeof one === 'number' ? (this.options.events.get(one) ?? []) : one,
    );
    this.backlog.length = 0;
    this.underway.clear();
    return records;
  }

  get waiting(): number {
    return this.backlog.length + this.underway.size;
  }

  /** Works off a slice of the backlog; returns whether more is waiting. */
  work(sliceMs = SLICE_MS): boolean {
    const untilMs = performance.now() + sliceMs;
    let done = 0;
    while (done < this.backlog.length && performance.now() < untilMs) {
      this.handle(this.backlog[done]!);
      done += 1;
    }
    this.backlog.splice(0, done);
    return this.backlog.length > 0;
  }

  /** Speaks the answers that are due. Call it several times a second. */
  tick(): void {
    const nowMs = this.options.nowMs();
    this.followListings();
    for (const { text, language, role } of this.options.talks.due(nowMs, this.options.local()))
      this.options.speaker.say([{ text, language }], { kind: 'timed', role });
    if (!this.options.config.enabled) return;
    speakReactions(this.options, nowMs);
    for (const one of this.pending.expire(nowMs)) this.outcomes.giveUp(one, 'waited too long for its turn');
    this.speakDue(nowMs);
  }

  private handle(record: EventRecord): void {
    const { config, events, rules, reactions, nowMs } = this.options;
    const ignore = (reason: string): void => events.change(record.seq, { state: 'ignored', reason });
    if (!config.enabled) return ignore('replies are off');
    const now = nowMs();
    this.followListings();
    const text = record.text ?? '';
    if (record.kind !== 'comment') {
      const rule = rules.find(record.kind, text);
      if (rule !== undefined) return this.takeRule(rule, record, undefined, now);
      if (reactions.add(record, now)) return events.change(record.seq, { state: 'answering', path: 'reaction' });
      return ignore('no reaction to this kind');
    }
    if (text.trim() === '') return ignore('no words');
    const viewer = `${record.platform}\n${record.user === '' ? record.id : record.user}`;
    if (this.limit.exceeds(viewer, now)) return ignore('too many comments of one viewer');
    const rule = rules.find('comment', text);
    const { finder, meanings } = this.options;
    const reading = rule === undefined ? meanings?.read(text, finder.productOf(text)) : undefined;
    if (reading === undefined) return this.takeComment(record, viewer, rule, undefined);
    this.underway.add(record);
    void reading.then((read) => {
      this.underway.delete(record);
      // An operator may answer while the comment is being read.
      if (this.isOver || this.options.events.get(record.seq)?.path === 'operator') return;
      this.takeComment(record, viewer, read?.rule, read);
    });
  }

  /** A comment whose meaning is known, or will not be. */
  private takeComment(
    record: EventRecord,
    viewer: string,
    rule: ReplyRule | undefined,
    reading: Reading | undefined,
  ): void {
    const { events, nowMs } = this.options;
    const ignore = (reason: string): void => events.change(record.seq, { state: 'ignored', reason });
    const now = nowMs();
    const text = record.text ?? '';
    const found = this.options.finder.find(text, reading);
    if (rule === undefined && found.intent === undefined && found.meaning === undefined && !found.isQuestion)
      return ignore('no question');
    const verdict = this.options.judge.comment(text, found.language, isAnsweredMeaning(found));
    if (verdict === 'hostile') {
      this.limit.add(viewer, now, HOSTILE_WEIGHT);
      return events.change(record.seq, { state: 'hostile', reason: 'insult, contact or forbidden matter' });
    }
    const isClean = verdict === 'clean';
    if (rule !== undefined) this.takeRule(rule, record, { found, isClean }, now);
    else this.takeQuestion(record, found, isClean, now, reading);
  }

  private takeRule(
    rule: ReplyRule,
    record: EventRecord,
    comment: { found: Finding; isClean: boolean } | undefined,
    now: number,
  ): void {
    const { rules, events, post } = this.options;
    const key = `rule ${rule.id}`;
    if (this.pending.join(key, record)) return;
    if (rules.isQuiet(rule, now))
      return events.change(record.seq, {
        state: 'merged',
        path: 'rule',
        about: rule.id,
        reason: 'quiet time of the rule',
      });
    if (rule.webhook !== undefined) post(rule, record);
    if (rule.answers.length === 0) {
      rules.used(rule, now);
      if (rule.layer !== undefined) this.options.showLayer(rule.layer, rule.layerMs);
      return events.change(record.seq, { state: 'answered', path: 'rule', about: rule.id });
    }
    const language = comment?.found.language;
    this.options.onAnswer?.(language ?? '');
    const texts = rules.answers(rule, (one) => language !== undefined && this.isOf(one, language));
    this.pending.add(
      new PendingAnswer(key, now, {
        first: record,
        path: 'rule',
        about: rule.id,
        language: language ?? '',
        product: comment?.found.product ?? this.options.finder.current(),
        rule,
        texts,
        ...(comment === undefined ? {} : { asked: comment.found.asked }),
        isClean: comment?.isClean ?? false,
      }),
      record,
    );
    if (rule.interrupt) this.speakDue(now);
  }

  private isOf(language: string | undefined, wanted: string): boolean {
    return language === undefined ? this.options.judge.isRoomLanguage(wanted) : language.split('-')[0] === wanted;
  }

  private takeQuestion(record: EventRecord, found: Finding, isClean: boolean, now: number, reading?: Reading): void {
    const { language, product, answer, asked } = found;
    const more = { first: record, language, product, asked, isClean, reading };
    this.options.onAnswer?.(language);
    if (answer !== undefined) {
      const texts = answer.wordings.map((text): RuleText => ({ text, language: answer.language ?? language }));
      this.pending.add(
        new PendingAnswer(answer.key, now, { ...more, path: answer.path, about: answer.about, texts }),
        record,
      );
      return;
    }
    const { llm } = this.options;
    const key = `open ${product?.id} ${language} ${foldComment(record.text ?? '')}`;
    if (llm !== undefined && product !== undefined && llm.isFree && !this.pending.has(key)) {
      const pending = new PendingAnswer(key, now, { ...more, path: 'llm', about: '' });
      if (!this.pending.add(pending, record)) return;
      void llm.ask(record.text ?? '', product, language).then((result) => {
        if (!this.pending.has(key)) return;
        if ('answer' in result) pending.texts = [{ text: result.answer, language }];
        else {
          this.pending.remove(key);
          this.fallBack(pending, found, result.reason);
        }
      });
      return;
    }
    this.fallBack(
      new PendingAnswer(key, now, { ...more, path: 'stock-line', about: '' }),
      found,
      'nobody knows the answer',
      record,
    );
  }

  /** Nobody knows: the listing does not say, a stock line, or silence. The operator gets the question in any case. */
  private fallBack(pending: PendingAnswer, finding: Finding, reason: string, record?: EventRecord): void {
    const { config, finder } = this.options;
    const { language, product } = finding;
    const intent = finding.intent ?? finding.meaning;
    if (record !== undefined) {
      if (this.pending.join(pending.key, record)) return;
      this.pending.count(pending, record);
    }
    const isListed = finder.isAnswered(finding);
    this.outcomes.list(pending, intent === undefined || isListed ? reason : `the listing does not say (${intent})`);
    let texts: readonly RuleText[] = [];
    if (intent !== undefined && product !== undefined && config.missing === 'say') {
      pending.path = 'intent';
      pending.about = intent;
      const words = isListed ? finder.inListing(language) : finder.notListed(language);
      texts = words.map((text) => ({ text, language }));
    } else if (intent === undefined) {
      const stock = this.stockLines.next(language, this.options.nowMs());
      if (stock !== undefined) {
        pending.path = 'stock-line';
        texts = stock;
      }
    }
    if (texts.length === 0 || this.pending.isFull) return this.outcomes.mark(pending, { state: 'unanswered', reason });
    pending.texts = texts;
    this.pending.keep(pending);
    this.outcomes.mark(pending, { state: 'answering', path: pending.path });
  }

  /** Answers by former listings are looked up again, and may be given again. */
  private followListings(): void {
    const { listings } = this.options.finder;
    if (listings === this.listings) return;
    this.listings = listings;
    this.pending.forgetAll();
    this.options.meanings?.forget();
    for (const pending of this.pending.ready) this.findAnew(pending);
  }

  /** The words of a waiting answer by the listings as they are now; false where those have none. */
  private findAnew(pending: PendingAnswer): boolean {
    // A rule's variables are filled when it is spoken.
    if (pending.found.rule !== undefined) return true;
    const { language, answer } = this.options.finder.find(pending.first.text ?? '', pending.found.reading);
    if (answer === undefined || answer.key !== pending.key) return false;
    pending.texts = answer.wordings.map((text): RuleText => ({ text, language: answer.language ?? language }));
    return true;
  }

  /** Interrupting rules first, then in order of arrival; one answer at a time. */
  private speakDue(nowMs: number): void {
    const { config } = this.options;
    const all = this.pending.ready;
    for (const urgent of all.filter(({ found }) => found.rule?.interrupt === true)) this.speak(urgent, nowMs);
    if (this.outstandingSinceMs !== undefined && nowMs - this.outstandingSinceMs < MAX_OUTSTANDING_MS) return;
    if (nowMs - this.lastMs < config.minGapMs) return;
    const next = all.find((one) => one.found.rule?.interrupt !== true && nowMs - one.sinceMs >= config.gatherMs);
    if (next !== undefined) this.speak(next, nowMs);
  }

  private speak(pending: PendingAnswer, nowMs: number): void {
    const { rules, speaker } = this.options;
    this.pending.remove(pending.key);
    const { rule } = pending.found;
    if (rule !== undefined) rules.used(rule, nowMs);
    const { listings } = this;
    let early: LineOutcome | undefined;
    let isAdded = false;
    const spoken = speaker.speak(pending, (outcome) => {
      if (isAdded) this.settle(pending, outcome, listings);
      else early = outcome;
    });
    if ('refused' in spoken) return this.outcomes.giveUp(pending, spoken.refused);
    if (spoken.instead !== undefined) this.outcomes.list(pending, spoken.instead);
    isAdded = true;
    this.outstandingSinceMs = nowMs;
    this.lastMs = nowMs;
    this.pending.remember(pending.key, spoken.text, nowMs);
    const { path, about } = pending;
    this.outcomes.mark(pending, { path, about, answer: spoken.text, outcome: 'waiting' });
    if (early !== undefined) this.settle(pending, early, listings);
  }

  private settle(pending: PendingAnswer, outcome: LineOutcome, listings: readonly Product[]): void {
    this.outstandingSinceMs = undefined;
    if (outcome.outcome === 'scheduled') {
      this.lastMs = this.options.nowMs();
      return this.outcomes.mark(pending, { state: 'answered', outcome: 'scheduled' });
    }
    this.pending.forget(pending.key);
    // Refused because a listing changed while it waited: its question is answered by the new one.
    const isOutdated = listings !== this.options.finder.listings;
    if (!this.isOver && outcome.outcome === 'refused' && isOutdated && this.findAnew(pending))
      return this.pending.keep(pending);
    this.outcomes.giveUp(pending, outcome.reason, outcome.outcome);
  }
}
