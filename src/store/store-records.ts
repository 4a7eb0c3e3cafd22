/** Records of a show. Times are Unix milliseconds; a record without a session of its own belongs to the open one. */
export interface SessionStart {
  readonly room: string;
  /** Version of the engine. */
  readonly version: string;
  readonly atMs: number;
}

/** Frames so far in this session. */
export interface SessionFigures {
  readonly frames: number;
  readonly replaced: number;
  readonly muted: number;
  readonly late: number;
}

/** `killed` is never written: a session without an end was killed, or is still on air. */
export type SessionEnd = 'stopped' | 'failed';

/** A product comes on screen and stays until the next record or the session's end; null: no product. */
export interface ProductShown {
  readonly atMs: number;
  readonly product: string | null;
  /** Empty for null. */
  readonly title: string;
}

/** A line with the time it is heard. */
export interface LineSpoken {
  /** Id in the rundown: `s0.1.2`, `say-3`. */
  readonly line: string;
  readonly text: string;
  readonly atMs: number;
  readonly untilMs: number;
  /** `script`, `operator`, `reply`, `filler`… */
  readonly kind: string;
  /** `host` or `assistant`. */
  readonly role: string;
  readonly language: string;
  readonly product?: string | null | undefined;
  /** `round.segment.line` of a script's line. */
  readonly position?: string | undefined;
  /** Number of the wording within the line, from 0. */
  readonly variant?: number | undefined;
}

/** Where an answer came from. */
export type ReplyPath = 'rule' | 'intent' | 'faq' | 'llm' | 'operator';

/**
 * `open`: nothing was decided yet. `answered`: a line or a layer answers it. `merged`: answered together with another
 * event. `unanswered`: nobody knew an answer, or there was no time. `hostile`: it may not be echoed. `ignored`: it asks
 * for nothing.
 */
const EVENT_OUTCOMES = ['open', 'answered', 'merged', 'unanswered', 'hostile', 'ignored'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

/** Something that a viewer did, after it was judged. */
export interface EventSeen {
  /** The platform's id; one seen before is skipped. */
  readonly id: string;
  readonly platform: string;
  /** `comment`, `order`, `gift`, `enter`… */
  readonly kind: string;
  readonly user: string;
  readonly text?: string | undefined;
  readonly count?: number | undefined;
  readonly atMs: number;
  /** `price`, `shipping`… when it is known at once. */
  readonly intent?: string | undefined;
  /** The product it is about. */
  readonly product?: string | null | undefined;
  /** Default: `open`. The text of a hostile event is not stored. */
  readonly outcome?: EventOutcome | undefined;
}

/** The outcome of an event. */
export interface EventResult {
  readonly id: string;
  readonly platform: string;
  readonly outcome: EventOutcome;
  readonly path?: ReplyPath | undefined;
  readonly intent?: string | undefined;
  readonly product?: string | null | undefined;
  /** Why nobody answered. */
  readonly reason?: string | undefined;
  /** From the event's arrival to the first sample of the answer. */
  readonly replyMs?: number | undefined;
}

/** A rule was applied: words muted, a frame held back. The words themselves stay in the ledger. */
export interface ViolationPrevented {
  readonly atMs: number;
  readonly rule: string;
  readonly surface: string;
  readonly action: string;
}

export interface OutputChanged {
  readonly atMs: number;
  readonly output: string;
  readonly kind: string;
  /** Address without its key. */
  readonly target: string;
  readonly state: string;
  readonly error: string;
}

/** A time under the slate or in silence. */
export interface Period {
  readonly kind: 'slate' | 'mute';
  readonly cause: string;
  readonly atMs: number;
  readonly untilMs: number;
}

export interface ViewersSeen {
  readonly atMs: number;
  readonly output: string;
  readonly viewers: number;
}

/** A record on its way to the database. */
export type StoreRecord =
  | ({ readonly table: 'product' } & ProductShown)
  | ({ readonly table: 'line' } & LineSpoken)
  | ({ readonly table: 'event' } & EventSeen)
  | ({ readonly table: 'result' } & EventResult)
  | { readonly table: 'cut'; readonly line: string; readonly untilMs: number }
  | { readonly table: 'taken-back'; readonly line: string }
  | ({ readonly table: 'violation' } & ViolationPrevented)
  | ({ readonly table: 'output' } & OutputChanged)
  | ({ readonly table: 'period' } & Period)
  | ({ readonly table: 'viewers' } & ViewersSeen)
  | ({ readonly table: 'figures'; readonly atMs: number } & SessionFigures);
