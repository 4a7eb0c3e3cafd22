import type { SayResult } from './say-result.js';

/** Kinds of things that viewers do. */
export type ViewerEventKind = 'comment' | 'enter' | 'follow' | 'like' | 'gift' | 'order' | 'cart';

/** A viewer event as it arrives; its words are a stranger's. */
export interface IncomingEvent {
  readonly id: string;
  readonly platform: string;
  readonly kind: ViewerEventKind;
  readonly user: string;
  readonly text?: string | undefined;
  readonly count?: number | undefined;
  readonly atMs?: number | undefined;
}

/**
 * `taken`: not judged yet. `answering`: an answer waits for its turn. `answered`: its answer is on air. `merged`:
 * the answer to an equal question counts for it too. `unanswered`: nothing could be said. `hostile`: insult, contact or
 * forbidden matter, kept from picture and sound. `ignored`: no question.
 */
type EventState = 'taken' | 'answering' | 'answered' | 'merged' | 'unanswered' | 'hostile' | 'ignored';

/** How an answer was found. */
export type AnswerPath = 'rule' | 'intent' | 'faq' | 'llm' | 'stock-line' | 'reaction' | 'operator';

/** A viewer event with its outcome. */
export interface EventRecord extends IncomingEvent {
  readonly seq: number;
  /** Unix time in ms. */
  readonly atMs: number;
  readonly state: EventState;
  readonly path?: AnswerPath;
  /** Id of the rule, name of the intent, number of the FAQ entry. */
  readonly about?: string;
  readonly answer?: string;
  /** The agenda's outcome of the answer. */
  readonly outcome?: string;
  /** Why there is no answer. */
  readonly reason?: string;
}

/** A question that waits for the operator. */
export interface OpenQuestion {
  readonly id: string;
  /** As the viewer wrote it; the first one where several asked. */
  readonly text: string;
  readonly user: string;
  readonly language: string;
  readonly product: string | null;
  /** How often it was asked. */
  readonly count: number;
  /** Unix time in ms of the last time. */
  readonly atMs: number;
  readonly reason: string;
}

export interface EventCounts {
  readonly taken: number;
  readonly repeated: number;
  readonly dropped: number;
}

/** Viewers' events of a running room, and its answers. */
/** What the host would answer to a comment, and why. */
export interface PreviewedAnswer {
  readonly comment: string;
  /** `evasive`: a reviewed line without a fact. */
  readonly outcome: 'answered' | 'evasive' | 'silent' | 'hostile';
  readonly answer?: string;
  /** The answer without who asked or what was asked. */
  readonly plain?: string;
  readonly language: string;
  /** Id of the product. */
  readonly product: string | null;
  /** What was understood: a rule, canonical attributes or intents. */
  readonly meaning: string | null;
  /** By the sentence model, or by known words alone. */
  readonly by: 'rule' | 'meaning' | 'words';
  readonly score?: number;
  readonly margin?: number;
  /** The nearest meanings with their examples, the nearest first. */
  readonly nearest: readonly { readonly meaning: string; readonly score: number; readonly example: string }[];
  /** Where the fact stands. */
  readonly source: string | null;
  readonly reason?: string;
  readonly tookMs: number;
}

export interface EventsHandle {
  /** Never throws and never waits. */
  take(events: readonly IncomingEvent[]): EventCounts;
  /** What the host would answer; nothing is said. */
  ask(comment: string): Promise<PreviewedAnswer>;
  /** Newest first. */
  recent(limit: number): readonly EventRecord[];
  /** Since the start. */
  counts(): EventCounts;
  /** Calls `listener` with every new or changed record; returns a function that ends it. */
  listen(listener: (record: EventRecord) => void): () => void;
  /** Newest first. */
  questions(): readonly OpenQuestion[];
  /** Speaks an operator's answer after judging it. Throws E_NOT_FOUND for an unknown question. */
  answer(id: string, text: string): Promise<SayResult>;
}
