import { randomUUID } from 'node:crypto';
import type { OpenQuestion } from '../../config/api/events-handle.js';
import type { Layer } from '../../config/sections/layer.js';
import type { LineRequest } from '../../show/agenda/agenda.js';
import type { EventLog } from '../events/event-intake.js';
import { foldComment } from './comments/comment-reader.js';
import type { PendingAnswer } from './pending-answer.js';

const MAX_QUESTIONS = 200;

interface AskedQuestion {
  readonly text: string;
  readonly user: string;
  readonly language: string;
  readonly product: string | null;
  readonly reason: string;
  readonly atMs: number;
}

/** Questions without an answer, for the operator. Equal ones are one entry with a count. */
export class OpenQuestions {
  private readonly questions = new Map<string, OpenQuestion>();

  add(question: AskedQuestion): void {
    const key = `${question.product}\n${foldComment(question.text)}`;
    const before = this.questions.get(key);
    // Deleted first, so that the newest is the last.
    this.questions.delete(key);
    this.questions.set(
      key,
      before === undefined
        ? { ...question, id: randomUUID(), count: 1 }
        : { ...before, count: before.count + 1, atMs: question.atMs, reason: question.reason },
    );
    if (this.questions.size > MAX_QUESTIONS) this.questions.delete(this.questions.keys().next().value!);
  }

  /** Newest first. */
  list(): OpenQuestion[] {
    return [...this.questions.values()].toReversed();
  }

  get(id: string): OpenQuestion | undefined {
    return this.list().find((one) => one.id === id);
  }

  remove(id: string): void {
    for (const [key, one] of this.questions) if (one.id === id) this.questions.delete(key);
  }
}

type Change = Parameters<EventLog['change']>[1];

/** Records the outcome for everybody who asked; unanswered questions go to the operator's list. */
export class AnswerOutcomes {
  constructor(
    private readonly events: EventLog,
    private readonly questions: OpenQuestions,
  ) {}

  mark(pending: PendingAnswer, change: Change): void {
    for (const seq of pending.records) this.events.change(seq, change);
  }

  giveUp(pending: PendingAnswer, reason: string, outcome?: string): void {
    this.mark(pending, { state: 'unanswered', reason, ...(outcome === undefined ? {} : { outcome }) });
    if (pending.first.kind === 'comment') this.list(pending, reason);
  }

  list({ first, found }: PendingAnswer, reason: string): void {
    this.questions.add({
      text: first.text ?? '',
      user: first.user,
      language: found.language,
      product: found.product?.id ?? null,
      reason,
      atMs: first.atMs,
    });
  }
}

/** The part of the agenda that replies use. */
export interface AgendaPort {
  /** Undefined when there is no room for it. */
  add(request: LineRequest): { id: string } | undefined;
}

/** Shows a layer for some time without a line. Never throws; a refused layer is logged. */
export type ShowLayer = (layer: Layer, forMs: number) => void;

/**
 * Speaks an answer while its rest is still being made.
 *
 * Problem: a human voice takes work for each second of speech, a third of a second of it in the slow case, so an answer of
 * eight seconds would begin three seconds after the question, twice that beside a show; in the quick case a fifth of a second.
 * Rule: the answer's first clause is a line of its own, short enough for the voice, and what follows it other lines
 * that follow at once: before the script, and before other answers. A slow voice gets two more parts, each
 * made while the one before is heard, then a part a sentence; a quick one gets the rest whole. Cuts lie behind marks; only a first
 * clause without one is cut between words. All parts are made in a row. The answer was judged whole before; each part
 * is judged again as it is spoken.
 */
const PART_PAUSE_MS = 120;
/** Behind a sentence. */
const SENTENCE_PAUSE_MS = 260;

/** Letters of a part: shorter ones sound chopped, longer ones keep the viewer waiting. */
interface Sizes {
  readonly min: number;
  readonly max: number;
}
interface Limits {
  /** Of the first parts, one after the other; what is behind them is cut at sentences alone. */
  readonly letters: readonly Sizes[];
  readonly han: readonly Sizes[];
  /** The rest stays in one part. */
  readonly restWhole?: boolean;
}
/**
 * `slow`: 1.2 s of speech; each further part takes about as long to make as the one before to hear. `quick`: four
 * seconds, made in a tenth of one.
 */
/** A sentence or clause that is longer by less than this stays whole. */
const STRETCH = 1.5;
const LIMITS: Readonly<Record<ReplyPace, Limits>> = {
  slow: {
    letters: [
      { min: 6, max: 15 },
      { min: 8, max: 26 },
      { min: 10, max: 42 },
    ],
    han: [
      { min: 3, max: 5 },
      { min: 3, max: 9 },
      { min: 4, max: 14 },
    ],
  },
  quick: { letters: [{ min: 14, max: 48 }], han: [], restWhole: true },
};

const HAN = /\p{Script=Han}/u;
const SENTENCES = /[^.!?…。！？]+[.!?…。！？]+["”’»)\]）」』]*\s*|[^.!?…。！？]+$/gu;
const CLAUSE = /[,;:，、；：](?=\s|\p{L})/gu;
const ENDS = /[.!?…。！？]["”’»)\]）」』]*$/u;
/** Words that begin a phrase, before which a speaker may breathe. */
const OPENS =
  /^(?:and|but|or|so|because|which|that|if|when|with|for|from|in|at|on|to|y|o|pero|que|porque|con|para|de|en|et|ou|mais|qui|avec|pour|dans|e|ma|che|con|per|di|com|mas|und|oder|aber|dass|weil|mit|für|in|和|与|但|而|因为|如果|在|用|给|从|对|是|有|可以|就|都|也|要|会|能|还)$/iu;

/** Or what counts as one: the measure word belongs to it. */
const NUMERAL = /[\p{N}一二两三四五六七八九十百千万几每这那$€£¥]$/u;
const ARTICLE = /^(?:the|an?|el|la|los|las|una?|le|les|une|il|lo|gli|os?|as?|um|uma|der|die|das|ein|eine|den)$/iu;

/** How long a voice takes: about as long as the line lasts, or a fiftieth of that. */
type ReplyPace = 'slow' | 'quick';

interface ReplyVoice {
  /** How long a line takes to make; undefined: no time worth a cut. */
  readonly pace: (request: LineRequest) => ReplyPace | undefined;
  /** Begins to make a part. */
  readonly ahead: (request: LineRequest) => void;
}

/** An agenda that takes answers in a human voice in parts. */
export const repliesInParts = (agenda: AgendaPort, voice: ReplyVoice): AgendaPort => ({
  add(request) {
    const isWhole = request.kind !== 'reply' || request.interrupt === true || request.caption !== undefined;
    const pace = isWhole || request.voice !== undefined ? undefined : voice.pace(request);
    if (pace === undefined) return agenda.add(request);
    const [first, ...rest] = replyParts(request.text, pace);
    if (first === undefined || rest.length === 0) return agenda.add(request);
    const { layers: _layers, gesture: _gesture, onOutcome, ...plain } = request;
    const next = (i: number): void => {
      const text = rest[i];
      if (text === undefined) return;
      agenda.add({
        ...plain,
        text,
        continues: true,
        ...(i < rest.length - 1 ? { pauseMs: pauseBehind(text) } : {}),
        onOutcome: ({ outcome }) => {
          if (outcome === 'scheduled') next(i + 1);
        },
      });
    };
    const added = agenda.add({
      ...request,
      text: first,
      pauseMs: pauseBehind(first),
      onOutcome: (outcome) => {
        onOutcome?.(outcome);
        if (outcome.outcome === 'scheduled') next(0);
      },
    });
    if (added !== undefined) for (const text of [first, ...rest]) voice.ahead({ ...plain, text });
    return added;
  },
});

const pauseBehind = (part: string): number => (ENDS.test(part) ? SENTENCE_PAUSE_MS : PART_PAUSE_MS);

/** An answer's first clauses and its further sentences. */
export function replyParts(text: string, pace: ReplyPace = 'slow'): string[] {
  const { letters, han, restWhole = false } = LIMITS[pace];
  const limits = HAN.test(text) ? han : letters;
  const parts: string[] = [];
  const rest = sentencesOf(text);
  for (const [i, size] of limits.entries()) {
    const sentence = rest.shift();
    if (sentence === undefined) break;
    const at = lettersOf(sentence) <= size.max * STRETCH ? -1 : cutOf(sentence, size, i === 0);
    if (at < 0) parts.push(sentence);
    else {
      parts.push(sentence.slice(0, at));
      rest.unshift(sentence.slice(at));
    }
  }
  const behind = restWhole && rest.length > 0 ? [rest.join('')] : rest;
  return [...parts, ...behind].map((one) => one.trim()).filter((one) => one !== '');
}

function sentencesOf(text: string): string[] {
  return (text.match(SENTENCES) ?? [text]).reduce<string[]>((out, one) => {
    // A full stop inside a number, and a mark alone, end no sentence.
    const last = out.at(-1);
    if (last !== undefined && (isShort(last) || isShort(one) || (/\d[.]$/.test(last) && /^\d/.test(one))))
      out[out.length - 1] = last + one;
    else out.push(one);
    return out;
  }, []);
}

/** Where a sentence is cut: behind the last mark within the size, else before a phrase, else a word; −1: nowhere. */
function cutOf(sentence: string, { min, max }: Sizes, betweenWords: boolean): number {
  let after = -1;
  let firstMark = -1;
  for (const { index } of sentence.matchAll(CLAUSE)) {
    const [head, tail] = [lettersOf(sentence.slice(0, index + 1)), lettersOf(sentence.slice(index + 1))];
    if (head < min || tail < min) continue;
    firstMark = firstMark < 0 ? index + 1 : firstMark;
    if (head <= max) after = index + 1;
    else if (after < 0 && head <= max * STRETCH) return index + 1;
    else break;
  }
  if (after >= 0) return after;
  let phrase = -1;
  let word = -1;
  let before = '';
  for (const { segment, index, isWordLike } of wordsIn(sentence)) {
    const head = lettersOf(sentence.slice(0, index));
    const isFar = head > max && (phrase >= 0 || (betweenWords && word >= 0));
    if (isFar || head > max * STRETCH || lettersOf(sentence.slice(index)) < min) break;
    if (isWordLike !== true) continue;
    // A number keeps its unit, and a small word what it belongs to.
    const holds = NUMERAL.test(before) || OPENS.test(before) || ARTICLE.test(before);
    const isPart = HAN.test(segment) && (before.length < 2 || (segment.length < 2 && !NUMERAL.test(segment)));
    before = segment;
    if (head < (min + max) / 2 - 1 || holds) continue;
    if (OPENS.test(segment)) phrase = index;
    else if (!isPart) word = index;
  }
  if (phrase >= 0) return phrase;
  return betweenWords && word >= 0 ? word : firstMark;
}

const wordsIn = (sentence: string): Intl.Segments =>
  new Intl.Segmenter(HAN.test(sentence) ? 'zh' : 'en', { granularity: 'word' }).segment(sentence);

const lettersOf = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
const isShort = (text: string): boolean => lettersOf(text) < (HAN.test(text) ? 3 : 6);
