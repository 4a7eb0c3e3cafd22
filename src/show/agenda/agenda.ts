import type { Layer } from '../../config/sections/layer.js';
import type { Gesture } from '../../config/sections/script.js';
import type { Utterance } from '../../core/speech.js';

/**
 * Kinds of lines, most urgent first. The agenda decides at line ends: of the waiting lines the one with the lowest
 * number is spoken next; lines of one kind keep their order. The script is the kind that is always there.
 */
export const LINE_PRIORITIES = {
  operator: 0,
  takeover: 0,
  urgent: 1,
  order: 2,
  reply: 3,
  timed: 4,
  script: 5,
  filler: 6,
} as const;
export type LineKind = keyof typeof LINE_PRIORITIES;

/** Answers, thanks and timed lines, which leave the script its share. */
export const isOfViewers = (kind: LineKind): boolean =>
  LINE_PRIORITIES[kind] >= LINE_PRIORITIES.order && LINE_PRIORITIES[kind] < LINE_PRIORITIES.script;

/** Who speaks a line. */
export type SpeakerRole = 'host' | 'assistant';

/** A layer shown while a line is spoken; it carries its own id. */
export interface LineLayer {
  readonly layer: Layer;
  /** How long it stays after the line's last word. */
  readonly tailMs?: number;
  /** It leaves earlier where the next line shows layers of its own, which may have the same place. */
  readonly givesWay?: boolean;
}

/** A line that something other than the script asks for. */
export interface LineRequest {
  readonly kind: Exclude<LineKind, 'script'>;
  readonly text: string;
  /** Default: the text; empty for none. */
  readonly caption?: string;
  /** BCP-47; default: the room's language. */
  readonly language?: string;
  /** Default: host. */
  readonly role?: SpeakerRole;
  readonly gesture?: Gesture;
  /**
   * Sound of a person who says the text. It is mixed instead of a synthesiser's, and words that must not be heard are
   * muted, since nobody can say it again without them.
   */
  readonly voice?: Utterance;
  /** Silence after it; default: the script's gap. */
  readonly pauseMs?: number;
  readonly layers?: readonly LineLayer[];
  /** Cuts the current line at once instead of waiting for its end; the cut line starts again at its sentence. */
  readonly interrupt?: boolean;
  /** It goes on with what was just spoken: before all lines but interrupting ones. */
  readonly continues?: boolean;
  /** Ids of the viewer events that it answers. */
  readonly answers?: readonly string[];
  /** Id of the product it speaks about: it is judged by that listing. Default: by all listings. */
  readonly about?: string | null;
  /** Judged as an answer to viewers. */
  readonly judgedAs?: 'speech' | 'reply';
  /** `segment`: waits until the script begins another segment. Default: spoken at the next line end. */
  readonly after?: 'line' | 'segment';
  /** Forgotten when it has waited longer; default by kind. */
  readonly maxWaitMs?: number;
  /**
   * Called once: when its first sample is scheduled, or when it is dropped. A scheduled line may still move for another that
   * interrupts. Not called when `add` returns undefined.
   */
  readonly onOutcome?: (outcome: LineOutcome) => void;
}

export type LineOutcome =
  | { readonly outcome: 'scheduled'; readonly startFrame: number; readonly endFrame: number }
  | { readonly outcome: 'forgotten' | 'displaced' | 'refused' | 'failed' | 'cancelled'; readonly reason: string };

/** A waiting or current line, for the API. */
interface AgendaItem {
  readonly id: string;
  readonly kind: LineKind;
  readonly text: string;
  readonly role: SpeakerRole;
  readonly state: 'speaking' | 'scheduled' | 'waiting';
  readonly waitedMs: number;
  /** These lines have no place in the script. */
  readonly place: null;
}

/** A waiting line. */
export interface AgendaEntry {
  readonly id: string;
  readonly request: LineRequest;
  readonly addedMs: number;
}

/** Lines since the start, by their fate. */
interface AgendaCounters {
  readonly added: number;
  readonly spoken: number;
  readonly forgotten: number;
  readonly displaced: number;
  /** Not taken because the agenda was full, or not spoken because of the rules. */
  readonly refused: number;
  readonly cancelled: number;
  readonly failed: number;
}

const PREFIXES: Partial<Record<LineRequest['kind'], string>> = { operator: 'say', filler: 'fill' };

/** Bounds of one kind of lines. */
interface KindLimits {
  /** Maximum waiting lines. */
  readonly maxLines: number;
  /** Maximum wait; a line that came too late for it is not spoken. */
  readonly maxWaitMs: number;
  /** `refuse`: a new line is refused when the kind is full. `displace`: its oldest line gives way. */
  readonly whenFull: 'refuse' | 'displace';
}

/** Answers that are spoken in the order of their questions; of more, the newest comes first. */
const MAX_ANSWERS_IN_TURN = 2;

/** Waiting lines of all kinds together. */
export const MAX_WAITING_LINES = 100;

/**
 * A person waits for an operator's line, so it is never forgotten. An answer after three quarters of a minute, or
 * thanks for a gift after half a minute, follow something that viewers no longer remember.
 */
export const KIND_LIMITS: Readonly<Record<LineRequest['kind'], KindLimits>> = {
  operator: { maxLines: 50, maxWaitMs: Infinity, whenFull: 'refuse' },
  takeover: { maxLines: 50, maxWaitMs: Infinity, whenFull: 'refuse' },
  urgent: { maxLines: 10, maxWaitMs: 60_000, whenFull: 'displace' },
  order: { maxLines: 20, maxWaitMs: 30_000, whenFull: 'displace' },
  reply: { maxLines: 20, maxWaitMs: 45_000, whenFull: 'displace' },
  timed: { maxLines: 10, maxWaitMs: 120_000, whenFull: 'displace' },
  filler: { maxLines: 1, maxWaitMs: 20_000, whenFull: 'refuse' },
};

/**
 * The lines that something other than the script wants spoken: a bounded queue, decided at line ends.
 *
 * Problem: viewers, timers and operators ask for more lines than a presenter can speak, and a late answer is worse than
 * none.
 * Rule: interrupting lines first, then the rest of an answer that is spoken in parts, then by the priority of their kind, then by age. After thanks for
 * orders or gifts a waiting answer goes before the next thanks, which would else take every turn of a crowd that buys. Where more answers wait than can be
 * spoken soon, the newest comes first: in turn, every one of them would be as late as is just allowed. The answer at
 * the head stays there, since it is being prepared. A line that has waited longer than its kind allows is forgotten. When a kind is full its oldest line gives way to the new one, except for lines that a person
 * waits for; when the agenda is full, the oldest of the least urgent lines gives way, if the new one is as urgent.
 * Numbers: in the limits above.
 */
export class Agenda {
  private readonly waiting: AgendaEntry[] = [];
  private readonly given = new Map<string, number>();
  private readonly counts = { added: 0, spoken: 0, forgotten: 0, displaced: 0, refused: 0, cancelled: 0, failed: 0 };
  private listener: () => void = () => undefined;
  private held: ReadonlySet<LineRequest['kind']> = new Set();
  /** The answer that is prepared. */
  private headAnswer: AgendaEntry | undefined;
  /** Thanks were spoken, and no answer since. */
  private isAnswersTurn = false;

  /** `nowMs`: monotonic clock in milliseconds. */
  constructor(private readonly nowMs: () => number) {}

  /** Adds a line; undefined when it is refused because the agenda is full. */
  add(request: LineRequest): { id: string } | undefined {
    this.forget();
    if (!this.makeRoom(request)) {
      this.counts.refused += 1;
      return undefined;
    }
    const prefix = PREFIXES[request.kind] ?? request.kind;
    const number = (this.given.get(prefix) ?? 0) + 1;
    this.given.set(prefix, number);
    const entry = { id: `${prefix}-${number}`, request, addedMs: this.nowMs() };
    this.waiting.push(entry);
    this.counts.added += 1;
    this.listener();
    return { id: entry.id };
  }

  /** Drops a waiting line; false when it does not wait. */
  cancel(id: string): boolean {
    const entry = this.waiting.find((one) => one.id === id);
    if (entry === undefined) return false;
    this.drop(entry, { outcome: 'cancelled', reason: 'cancelled before it was spoken' });
    this.listener();
    return true;
  }

  /** The waiting lines, in the order in which they would be spoken. */
  items(): AgendaItem[] {
    this.forget();
    const nowMs = this.nowMs();
    return this.ordered(this.waiting).map(({ id, request, addedMs }) => ({
      id,
      kind: request.kind,
      text: request.text,
      role: request.role ?? 'host',
      state: 'waiting',
      waitedMs: Math.round(nowMs - addedMs),
      place: null,
    }));
  }

  get length(): number {
    return this.waiting.length;
  }

  get counters(): AgendaCounters {
    return { ...this.counts };
  }

  /** Calls the listener whenever a line was added or cancelled. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** Lines of these kinds wait, and expire when they wait too long. */
  hold(kinds: readonly LineRequest['kind'][]): void {
    this.held = new Set(kinds);
    this.listener();
  }

  /** The line to speak next; those after the segment only at its end. */
  peek(segmentEnds: boolean): AgendaEntry | undefined {
    this.forget();
    const free = this.waiting.filter(
      ({ request }) => !this.held.has(request.kind) && (segmentEnds || request.after !== 'segment'),
    );
    const [head] = this.ordered(free);
    if (head?.request.kind === 'reply') this.headAnswer = head;
    return head;
  }

  private ordered(entries: readonly AgendaEntry[]): AgendaEntry[] {
    const sorted = entries.toSorted((a, b) => bySpeakingOrder(a, b, this.isAnswersTurn));
    const from = sorted.findIndex(isAnswer);
    const answers = sorted.filter(isAnswer);
    if (answers.length <= MAX_ANSWERS_IN_TURN) return sorted;
    const rank = (entry: AgendaEntry): number => (entry === this.headAnswer ? Infinity : entry.addedMs);
    sorted.splice(from, answers.length, ...answers.toSorted((a, b) => rank(b) - rank(a)));
    return sorted;
  }

  /** Whether a line still waits. */
  has(id: string): boolean {
    return this.waiting.some((one) => one.id === id);
  }

  /** Removes a line from the queue with its outcome; false when it no longer waits. */
  settle(id: string, outcome: LineOutcome): boolean {
    const entry = this.waiting.find((one) => one.id === id);
    if (entry === undefined) return false;
    const { kind } = entry.request;
    if (outcome.outcome === 'scheduled' && (kind === 'order' || kind === 'reply'))
      this.isAnswersTurn = kind === 'order';
    this.drop(entry, outcome);
    return true;
  }

  /** Drops lines that have waited too long. */
  private forget(): void {
    const nowMs = this.nowMs();
    for (const entry of this.waiting.slice()) {
      const { kind, maxWaitMs = KIND_LIMITS[kind].maxWaitMs } = entry.request;
      if (nowMs - entry.addedMs <= maxWaitMs) continue;
      this.drop(entry, { outcome: 'forgotten', reason: `waited longer than ${Math.round(maxWaitMs / 1000)} s` });
    }
  }

  /** False when the new line must be refused. */
  private makeRoom({ kind }: LineRequest): boolean {
    const { maxLines, whenFull } = KIND_LIMITS[kind];
    const alike = this.waiting.filter(({ request }) => request.kind === kind);
    if (alike.length >= maxLines) {
      if (whenFull === 'refuse') return false;
      this.drop(alike[0]!, { outcome: 'displaced', reason: `more than ${maxLines} lines of its kind wait` });
      return true;
    }
    if (this.waiting.length < MAX_WAITING_LINES) return true;
    const least = Math.max(...this.waiting.map(({ request }) => LINE_PRIORITIES[request.kind]));
    const victim = this.waiting.find(({ request }) => LINE_PRIORITIES[request.kind] === least)!;
    if (least < LINE_PRIORITIES[kind] || KIND_LIMITS[victim.request.kind].whenFull === 'refuse') return false;
    this.drop(victim, { outcome: 'displaced', reason: `more than ${MAX_WAITING_LINES} lines wait` });
    return true;
  }

  private drop(entry: AgendaEntry, outcome: LineOutcome): void {
    this.waiting.splice(this.waiting.indexOf(entry), 1);
    this.counts[outcome.outcome === 'scheduled' ? 'spoken' : outcome.outcome] += 1;
    entry.request.onOutcome?.(outcome);
  }
}

/** An interrupting answer, and the rest of one, keep their place before all others. */
const isAnswer = ({ request }: AgendaEntry): boolean =>
  request.kind === 'reply' && request.interrupt !== true && request.continues !== true;

/** Equal lines keep their order: the sort is stable and the queue is in order of age. */
function bySpeakingOrder(a: AgendaEntry, b: AgendaEntry, isAnswersTurn: boolean): number {
  const rank = ({ request: { kind } }: AgendaEntry): number =>
    isAnswersTurn && kind === 'order' ? LINE_PRIORITIES.reply + 0.5 : LINE_PRIORITIES[kind];
  return (
    Number(b.request.interrupt === true) - Number(a.request.interrupt === true) ||
    Number(b.request.continues === true) - Number(a.request.continues === true) ||
    rank(a) - rank(b)
  );
}
