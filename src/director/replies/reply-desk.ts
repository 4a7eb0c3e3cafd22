/**
 * Answers viewers: from an event to a line in the agenda.
 *
 * Problem: comments come in bursts, many ask the same, some are meant to harm. Each must be judged, and none of this
 * may hold up the show.
 * Rule: events wait in a bounded backlog and are worked off in slices of SLICE_MS. A comment goes to the first that
 * knows it: the room's rules, the listing, its questions and answers, the language model, a stock line. Hostile ones
 * stop before that. Equal questions wait together for `gatherMs` and for the previous answer, and are answered once.
 */
import type { RepliesConfig, ReplyRule } from '../../config/sections/replies.js';
import type { AnswerPath, EventRecord } from '../../core/handles/events-handle.js';
import type { LineOutcome } from '../agenda/agenda-line.js';
import type { EventLog } from '../events/event-log.js';
import type { ShowLayer } from './agenda-port.js';
import type { AnswerFinder, Finding } from './answer-finder.js';
import type { AnswerSpeaker } from './answer-speaker.js';
import { foldComment } from './comments/fold-comment.js';
import type { LlmAnswers } from './llm-answers.js';
import type { OpenQuestions } from './open-questions.js';
import { PendingAnswer } from './pending-answer.js';
import type { ReplyJudge } from './reply-judge.js';
import { type ReplyRules, ruleText, type RuleText } from './reply-rules.js';
import type { ReplyPacks } from './comments/load-reply-packs.js';
import type { Reactions } from './reactions.js';
import type { TimedTalks } from './timed-talks.js';
import { ViewerLimit } from './viewer-limit.js';

const MAX_BACKLOG = 1000;
const SLICE_MS = 4;
const MAX_PENDING = 20;
/** A question that has waited longer for its turn is given up. */
const MAX_PENDING_MS = 60_000;
/** An answer without an outcome for so long no longer holds up the next. */
const MAX_OUTSTANDING_MS = 90_000;
const MAX_ANSWERED = 200;
const HOSTILE_WEIGHT = 3;
/** Stock lines are rarer than answers. */
const STOCK_LINE_GAP_MS = 45_000;

export interface ReplyDeskOptions {
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
  readonly showLayer: ShowLayer;
  /** Posts an event to the webhook of a rule; must not throw. */
  readonly post: (rule: ReplyRule, record: EventRecord) => void;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** The machine's clock. */
  readonly local: () => Date;
}

export class ReplyDesk {
  private readonly backlog: EventRecord[] = [];
  private readonly pending = new Map<string, PendingAnswer>();
  private readonly answered = new Map<string, { atMs: number; text: string }>();
  private readonly limit: ViewerLimit;
  private lastMs = -Infinity;
  private lastStockMs = -Infinity;
  private outstandingSinceMs: number | undefined;

  constructor(private readonly options: ReplyDeskOptions) {
    this.limit = new ViewerLimit(options.config.perViewerPerMinute);
  }

  /** Queues an event; never waits. */
  accept(record: EventRecord): void {
    if (this.backlog.length < MAX_BACKLOG) this.backlog.push(record);
    else this.options.events.change(record.seq, { state: 'ignored', reason: 'too many events at once' });
  }

  get waiting(): number {
    return this.backlog.length;
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

  /** Speaks what is due. Call it several times a second. */
  tick(): void {
    const nowMs = this.options.nowMs();
    for (const { text, language, role } of this.options.talks.due(nowMs, this.options.local()))
      this.options.speaker.say([{ text, language }], { kind: 'timed', role });
    if (!this.options.config.enabled) return;
    this.react(nowMs);
    for (const [key, one] of this.pending) {
      if (nowMs - one.sinceMs <= MAX_PENDING_MS) continue;
      this.pending.delete(key);
      this.giveUp(one, 'waited too long for its turn');
    }
    this.speakDue(nowMs);
  }

  private handle(record: EventRecord): void {
    const { config, events, rules, reactions, nowMs } = this.options;
    const ignore = (reason: string): void => events.change(record.seq, { state: 'ignored', reason });
    if (!config.enabled) return ignore('replies are off');
    const now = nowMs();
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
    const found = this.options.finder.find(text);
    if (rule === undefined && found.intent === undefined && !found.isQuestion) return ignore('no question');
    const verdict = this.options.judge.comment(text, found.language);
    if (verdict === 'hostile') {
      this.limit.add(viewer, now, HOSTILE_WEIGHT);
      return events.change(record.seq, { state: 'hostile', reason: 'insult, contact or forbidden matter' });
    }
    const isShown = verdict === 'clean';
    if (rule !== undefined) this.takeRule(rule, record, { found, isShown }, now);
    else this.takeQuestion(record, found, isShown, now);
  }

  private takeRule(
    rule: ReplyRule,
    record: EventRecord,
    comment: { found: Finding; isShown: boolean } | undefined,
    now: number,
  ): void {
    const { rules, events, post } = this.options;
    const key = `rule ${rule.id}`;
    const waiting = this.pending.get(key);
    if (waiting !== undefined) return this.join(waiting, record);
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
    const texts = rules.answers(rule, (one) => language !== undefined && this.isOf(one, language));
    this.pend(
      new PendingAnswer(key, now, {
        first: record,
        path: 'rule',
        about: rule.id,
        language: language ?? '',
        product: comment?.found.product ?? this.options.finder.current(),
        rule,
        texts,
        isShown: comment?.isShown ?? false,
      }),
      record,
    );
    if (rule.interrupt) this.speakDue(now);
  }

  private isOf(language: string | undefined, wanted: string): boolean {
    return language === undefined ? this.options.judge.isRoomLanguage(wanted) : language.split('-')[0] === wanted;
  }

  private takeQuestion(record: EventRecord, found: Finding, isShown: boolean, now: number): void {
    const { language, product, answer } = found;
    const more = { first: record, language, product, isShown };
    if (answer !== undefined) {
      const texts = answer.wordings.map((text): RuleText => ({ text, language }));
      this.pend(new PendingAnswer(answer.key, now, { ...more, path: answer.path, about: answer.about, texts }), record);
      return;
    }
    const { llm } = this.options;
    const key = `open ${product?.id} ${language} ${foldComment(record.text ?? '')}`;
    if (llm !== undefined && product !== undefined && llm.isFree && !this.pending.has(key)) {
      const pending = new PendingAnswer(key, now, { ...more, path: 'llm', about: '' });
      if (!this.pend(pending, record)) return;
      void llm.ask(record.text ?? '', product, language).then((result) => {
        if (!this.pending.has(key)) return;
        if ('answer' in result) pending.texts = [{ text: result.answer, language }];
        else {
          this.pending.delete(key);
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
  private fallBack(
    pending: PendingAnswer,
    { intent, language, product }: Finding,
    reason: string,
    record?: EventRecord,
  ): void {
    const { config, finder, packs } = this.options;
    const now = this.options.nowMs();
    if (record !== undefined) {
      const waiting = this.pending.get(pending.key);
      if (waiting !== undefined) return this.join(waiting, record);
      pending.join(record, this.nameOf(record));
    }
    this.list(pending, intent === undefined ? reason : `the listing does not say (${intent})`);
    let texts: readonly RuleText[] = [];
    if (intent !== undefined && product !== undefined && config.missing === 'say') {
      pending.path = 'intent';
      pending.about = intent;
      texts = finder.notListed(language).map((text) => ({ text, language }));
    } else if (intent === undefined && config.unknown === 'stock-line' && now - this.lastStockMs >= STOCK_LINE_GAP_MS) {
      this.lastStockMs = now;
      pending.path = 'stock-line';
      const own = config.stockLines.map(ruleText).filter((one) => this.isOf(one.language, language));
      texts = own.length > 0 ? own : this.stockLines(language, packs);
    }
    if (texts.length === 0 || this.pending.size >= MAX_PENDING)
      return this.mark(pending, { state: 'unanswered', reason });
    pending.texts = texts;
    this.pending.set(pending.key, pending);
    this.mark(pending, { state: 'answering', path: pending.path });
  }

  private stockLines(language: string, packs: ReplyPacks): RuleText[] {
    const pack = packs.get(language) ?? packs.get('en')!;
    return pack.sentences.unknown.map((text) => ({
      text: text.replace(/\(([^|()]*)\|[^()]*\)/g, '$1'),
      language: pack.language,
    }));
  }

  /** False when it was answered lately, joined another, or has no room. */
  private pend(pending: PendingAnswer, record: EventRecord): boolean {
    const { config, events } = this.options;
    const waiting = this.pending.get(pending.key);
    if (waiting !== undefined) {
      this.join(waiting, record);
      return false;
    }
    const { path, about } = pending;
    const lately = this.answered.get(pending.key);
    if (path !== 'rule' && lately !== undefined && pending.sinceMs - lately.atMs < config.sameQuestionMs) {
      events.change(record.seq, { state: 'merged', path, about, answer: lately.text });
      return false;
    }
    if (this.pending.size >= MAX_PENDING) {
      events.change(record.seq, { state: 'unanswered', path, about, reason: 'too many questions are waiting' });
      return false;
    }
    pending.join(record, this.nameOf(record));
    this.pending.set(pending.key, pending);
    events.change(record.seq, { state: 'answering', path, about });
    return true;
  }

  private join(waiting: PendingAnswer, record: EventRecord): void {
    waiting.join(record, this.nameOf(record));
    this.options.events.change(record.seq, { state: 'merged', path: waiting.path, about: waiting.about });
  }

  private nameOf({ user }: EventRecord): string | undefined {
    return user === '' ? undefined : this.options.judge.name(user);
  }

  /** Interrupting rules first, then in order of arrival; one answer at a time. */
  private speakDue(nowMs: number): void {
    const { config } = this.options;
    const all = [...this.pending.values()].filter(({ texts }) => texts !== undefined);
    for (const urgent of all.filter(({ found }) => found.rule?.interrupt === true)) this.speak(urgent, nowMs);
    if (this.outstandingSinceMs !== undefined && nowMs - this.outstandingSinceMs < MAX_OUTSTANDING_MS) return;
    if (nowMs - this.lastMs < config.minGapMs) return;
    const next = all.find((one) => one.found.rule?.interrupt !== true && nowMs - one.sinceMs >= config.gatherMs);
    if (next !== undefined) this.speak(next, nowMs);
  }

  private speak(pending: PendingAnswer, nowMs: number): void {
    const { rules, speaker } = this.options;
    this.pending.delete(pending.key);
    const { rule } = pending.found;
    if (rule !== undefined) rules.used(rule, nowMs);
    let early: LineOutcome | undefined;
    let isAdded = false;
    const spoken = speaker.speak(pending, (outcome) => {
      if (isAdded) this.settle(pending, outcome);
      else early = outcome;
    });
    if ('refused' in spoken) return this.giveUp(pending, spoken.refused);
    isAdded = true;
    this.outstandingSinceMs = nowMs;
    this.lastMs = nowMs;
    this.remember(pending.key, spoken.text, nowMs);
    const { path, about } = pending;
    this.mark(pending, { path, about, answer: spoken.text, outcome: 'waiting' });
    if (early !== undefined) this.settle(pending, early);
  }

  private settle(pending: PendingAnswer, outcome: LineOutcome): void {
    this.outstandingSinceMs = undefined;
    if (outcome.outcome === 'scheduled') {
      this.lastMs = this.options.nowMs();
      return this.mark(pending, { state: 'answered', outcome: 'scheduled' });
    }
    this.answered.delete(pending.key);
    this.giveUp(pending, outcome.reason, outcome.outcome);
  }

  private remember(key: string, text: string, atMs: number): void {
    this.answered.delete(key);
    this.answered.set(key, { atMs, text });
    if (this.answered.size > MAX_ANSWERED) this.answered.delete(this.answered.keys().next().value!);
  }

  private giveUp(pending: PendingAnswer, reason: string, outcome?: string): void {
    this.mark(pending, { state: 'unanswered', reason, ...(outcome === undefined ? {} : { outcome }) });
    if (pending.first.kind === 'comment') this.list(pending, reason);
  }

  private list(pending: PendingAnswer, reason: string): void {
    const { first, found } = pending;
    this.options.questions.add({
      text: first.text ?? '',
      user: first.user,
      language: found.language,
      product: found.product?.id ?? null,
      reason,
      atMs: first.atMs,
    });
  }

  private mark(pending: PendingAnswer, change: Parameters<EventLog['change']>[1]): void {
    for (const seq of pending.records) this.options.events.change(seq, change);
  }

  private react(nowMs: number): void {
    const { reactions, speaker, events, config } = this.options;
    for (const { kind, texts, records } of reactions.due(nowMs)) {
      const mark = (change: Parameters<EventLog['change']>[1]): void => {
        for (const seq of records) events.change(seq, { path: 'reaction' satisfies AnswerPath, ...change });
      };
      const lineKind = kind === 'order' || kind === 'gift' ? 'order' : 'timed';
      const said = speaker.say(
        texts.map((text) => ({ text, language: undefined })),
        { kind: lineKind, role: config.reactions[kind].role },
        ({ outcome, ...more }) =>
          mark(
            'reason' in more ? { state: 'unanswered', outcome, reason: more.reason } : { state: 'answered', outcome },
          ),
      );
      mark('refused' in said ? { state: 'unanswered', reason: said.refused } : { answer: said.text });
    }
  }
}
