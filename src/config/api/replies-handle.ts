import { z } from 'zod';
import type { replies } from '../sections/replies.js';
import type { Shape } from '../value-fault.js';
import type { EditOptions } from './layers-handle.js';

/** How a running room answers viewers. Bodies are checked by the room: the section `replies` of the room file. */
export interface RepliesHandle {
  /** As the room file would have it, with every default. */
  state(): Shape<typeof replies>;
  /**
   * JSON Merge Patch (RFC 7396); lists are replaced whole. Judged before it is taken. Throws E_BAD_REQUEST, E_TEXT_REFUSED,
   * and nothing changes.
   */
  patch(patch: unknown, options?: EditOptions): Promise<Shape<typeof replies>>;
}

/** Use of the language model on a day (UTC). */
const llmUse = z.object({
  day: z.string().describe('ISO 8601 date'),
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number().nullable().describe('By the prices of the room file; null without them'),
});
export type LlmUse = Shape<typeof llmUse>;

export const llmState = z.object({
  llm: z
    .unknown()
    .describe('The section of the room file; null without one. The key is the name of a variable, never the key'),
  today: llmUse,
  off: z.string().nullable().describe('Why viewers get no answers of the model now; null while they do'),
});
export type LlmState = Shape<typeof llmState>;

export const llmTest = z.object({
  ok: z.boolean(),
  tookMs: z.number(),
  answer: z.string().describe('What it answered'),
  fault: z.string().nullable().describe('Why it did not'),
});
export type LlmTest = Shape<typeof llmTest>;

/** The language model of a running room. */
export interface LlmHandle {
  state(): LlmState;
  /** JSON Merge Patch; a null body removes the section. Throws E_BAD_REQUEST. */
  patch(patch: unknown): Promise<LlmState>;
  /** Asks the model one short question. Never throws. */
  test(): Promise<LlmTest>;
}
