import { z } from 'zod';
import type { Shape } from '../value-fault.js';
import type { SayResult } from './desk-handle.js';

/** State of a connection to a platform's events; it reconnects by itself. */
export const eventSourceHealth = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['connecting', 'live', 'backoff', 'stopped']),
  lastError: z.string().describe('In plain words, without secrets; empty while all is well'),
  events: z.number().describe('Events handed over, repeats included'),
  ignored: z.number().exactOptional().describe('Messages that were malformed, too large or beyond the limit'),
});
export type EventSourceHealth = Shape<typeof eventSourceHealth>;

/** A comment that a client read on a live page or took from a viewer; hostile until judged. */
export const pageComment = z.strictObject({
  id: z.string().min(1).max(200).describe('Stable: a second comment with the same id is dropped'),
  user: z.string().max(200).default('').describe("The viewer's name"),
  text: z.string().min(1).max(2000).describe('The words'),
});
export type PageComment = Shape<typeof pageComment>;

/** Where a running room gets viewers' events from. */
export interface SourcesHandle {
  health(): readonly EventSourceHealth[];
  /** Takes comments of a live page or of another program; an empty list is a sign of life. */
  takePage(
    site: string,
    comments: readonly PageComment[],
  ): { readonly taken: number; readonly repeated: number; readonly dropped: number };
}

/** Kinds of things that viewers do. */
const viewerEventKind = z.enum(['comment', 'enter', 'follow', 'like', 'gift', 'order', 'cart']);
export type ViewerEventKind = Shape<typeof viewerEventKind>;

/** Something that a viewer did, as a platform reports it. Its text and name are hostile until judged. */
export const viewerEvent = z
  .strictObject({
    id: z.string().min(1).max(200).describe("The platform's id of the event: a second one with the same id is dropped"),
    platform: z.string().min(1).max(40).describe('Name of the platform: "taobao", "youtube"'),
    kind: viewerEventKind.describe('Action of the viewer'),
    user: z.string().max(200).default('').describe("The viewer's name; empty when unknown"),
    text: z.string().max(2000).optional().describe('Words of a comment, name of a gift'),
    count: z.int().min(1).max(1_000_000).optional().describe('Number of likes or gifts'),
    atMs: z.number().nonnegative().optional().describe('Unix time in ms; default: when it arrives'),
  })
  .describe('A viewer event');
export type ViewerEvent = Shape<typeof viewerEvent>;

/**
 * `taken`: not judged yet. `answering`: an answer waits for its turn. `answered`: its answer is on air. `merged`:
 * the answer to an equal question counts for it too. `unanswered`: nothing could be said. `hostile`: insult, contact or
 * forbidden matter, kept from picture and sound. `ignored`: no question.
 */
const eventState = z.enum(['taken', 'answering', 'answered', 'merged', 'unanswered', 'hostile', 'ignored']);

/** How an answer was found. */
const answerPath = z.enum(['rule', 'intent', 'faq', 'llm', 'stock-line', 'reaction', 'operator']);
export type AnswerPath = Shape<typeof answerPath>;

/** A viewer event with its outcome. */
export const eventRecord = viewerEvent.extend({
  seq: z.number(),
  atMs: z.number().describe('Unix time in ms'),
  state: eventState,
  path: answerPath.exactOptional(),
  about: z.string().exactOptional().describe('Id of the rule, name of the intent, number of the FAQ entry'),
  answer: z.string().exactOptional(),
  outcome: z.string().exactOptional().describe("The agenda's outcome of the answer"),
  reason: z.string().exactOptional().describe('Why there is no answer'),
});
export type EventRecord = Shape<typeof eventRecord>;

/** A question that waits for the operator. */
export const openQuestion = z.object({
  id: z.string(),
  text: z.string().describe('As the viewer wrote it; the first one where several asked'),
  user: z.string(),
  language: z.string(),
  product: z.string().nullable(),
  count: z.number().describe('How often it was asked'),
  atMs: z.number().describe('Unix time in ms of the last time'),
  reason: z.string(),
});
export type OpenQuestion = Shape<typeof openQuestion>;

export const eventCounts = z.object({ taken: z.number(), repeated: z.number(), dropped: z.number() });
export type EventCounts = Shape<typeof eventCounts>;

/** Viewers' events of a running room, and its answers. */
/** What the host would answer to a comment, and why. */
export const previewedAnswer = z.object({
  comment: z.string(),
  outcome: z.enum(['answered', 'evasive', 'silent', 'hostile']).describe('`evasive`: a reviewed line without a fact'),
  answer: z.string().exactOptional(),
  plain: z.string().exactOptional().describe('The answer without who asked or what was asked'),
  language: z.string(),
  product: z.string().nullable().describe('Id of the product'),
  meaning: z.string().nullable().describe('What was understood: a rule, canonical attributes or intents'),
  by: z.enum(['rule', 'meaning', 'words']).describe('By the sentence model, or by known words alone'),
  score: z.number().exactOptional(),
  margin: z.number().exactOptional(),
  nearest: z
    .array(z.object({ meaning: z.string(), score: z.number(), example: z.string() }))
    .describe('The nearest meanings with their examples, the nearest first'),
  source: z.string().nullable().describe('Where the fact stands'),
  reason: z.string().exactOptional(),
  tookMs: z.number(),
});
export type PreviewedAnswer = Shape<typeof previewedAnswer>;

export interface EventsHandle {
  /** Never throws and never waits. */
  take(events: readonly ViewerEvent[]): EventCounts;
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

/** Takes viewer events from any source. Never throws and never waits. */
export interface EventSink {
  take(events: readonly ViewerEvent[]): EventCounts;
}
