import type { EditOptions } from './layers-handle.js';

/** How a running room answers viewers. Bodies are checked by the room: the section `replies` of the room file. */
export interface RepliesHandle {
  /** As the room file would have it, with every default. */
  state(): unknown;
  /**
   * JSON Merge Patch (RFC 7396); lists are replaced whole. Judged before it is taken. Throws E_BAD_REQUEST, E_TEXT_REFUSED,
   * and nothing changes.
   */
  patch(patch: unknown, options?: EditOptions): Promise<unknown>;
}

/** Use of the language model on a day (UTC). */
export interface LlmUse {
  /** ISO 8601 date. */
  readonly day: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** By the prices of the room file; null without them. */
  readonly usd: number | null;
}

export interface LlmState {
  /** The section of the room file; null without one. The key is the name of a variable, never the key. */
  readonly llm: unknown;
  readonly today: LlmUse;
  /** Why viewers get no answers of the model now; null while they do. */
  readonly off: string | null;
}

export interface LlmTest {
  readonly ok: boolean;
  readonly tookMs: number;
  /** What it answered. */
  readonly answer: string;
  /** Why it did not. */
  readonly fault: string | null;
}

/** The language model of a running room. */
export interface LlmHandle {
  state(): LlmState;
  /** JSON Merge Patch; a null body removes the section. Throws E_BAD_REQUEST. */
  patch(patch: unknown): Promise<LlmState>;
  /** Asks the model one short question. Never throws. */
  test(): Promise<LlmTest>;
}
