import { setTimeout as wait } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { LlmUse } from '../../config/api/replies-handle.js';
import type { LlmConfig } from '../../config/sections/services/llm.js';
import { EngineError } from '../../core/errors.js';
import {
  AnswerTooLarge,
  faultMessageIn,
  type HeldAnswer,
  heldFetch,
  noAnswerReason,
} from '../../core/net/held-fetch.js';
import { withoutSecret } from '../../core/secrets.js';
import { TimeLimit } from '../../core/sleep.js';

/** US dollars a million tokens. */
interface LlmPrice {
  readonly input: number;
  readonly output: number;
}

interface TokenUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const MILLION = 1_000_000;
const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10);

/** What the language model has been asked for today (UTC), and whether it may be asked again. */
export class LlmBudget {
  prices: LlmPrice | undefined;
  /** No more requests on a day that has cost so much. */
  maxUsd: number | undefined;
  private use = { day: '', requests: 0, inputTokens: 0, outputTokens: 0 };

  constructor(
    private readonly unixMs: () => number,
    /** What was used before a restart. */
    before?: Omit<LlmUse, 'usd'>,
    /** Told of each change. */
    private readonly onChange?: (use: Omit<LlmUse, 'usd'>) => void,
  ) {
    if (before !== undefined) this.use = { ...before };
  }

  today(): LlmUse {
    const day = dayOf(this.unixMs());
    const use = this.use.day === day ? this.use : { day, requests: 0, inputTokens: 0, outputTokens: 0 };
    const { prices } = this;
    const usd =
      prices === undefined ? null : (use.inputTokens * prices.input + use.outputTokens * prices.output) / MILLION;
    return { ...use, usd: usd === null ? null : Math.round(usd * 10_000) / 10_000 };
  }

  /** Why no request may be sent now. */
  get spent(): string | undefined {
    const { usd } = this.today();
    if (this.maxUsd === undefined || usd === null || usd < this.maxUsd) return undefined;
    return `today’s limit of ${this.maxUsd.toFixed(2)} US dollars is reached`;
  }

  add({ inputTokens, outputTokens }: TokenUse): void {
    const { usd: _usd, ...use } = this.today();
    this.use = {
      day: use.day,
      requests: use.requests + 1,
      inputTokens: use.inputTokens + inputTokens,
      outputTokens: use.outputTokens + outputTokens,
    };
    this.onChange?.(this.use);
  }
}

/**
 * The problem: a model's server answers slowly, in halves, with "too many requests", or not at all, and a script has to be
 * written all the same. The rule: each answer has one time limit from the question to its last word; a passing fault (408, 429,
 * 5xx, a lost connection, a cut stream, a time-out) is tried again after `Retry-After` or a growing delay, three times in all; a lasting one (a wrong
 * key, an unknown model, a refusal) fails at once. The key goes into one header and into no message.
 */

const MAX_TRIES = 3;
const FIRST_DELAY_MS = 500;
/** A server that asks for more is not waited for. */
const MAX_DELAY_MS = 30_000;
const MAX_FOUND_CHARS = 200;
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504]);

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatClientOptions {
  /** Address before "/chat/completions". */
  readonly baseUrl: string;
  readonly model: string;
  /** Never shown. */
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
  /** Told of each failed try that is followed by another. */
  readonly onRetry?: (reason: string, delayMs: number) => void;
  /** Counts what is used, and says when no more may be. */
  readonly budget?: LlmBudget | undefined;
  /** Shorter in tests. */
  readonly firstDelayMs?: number;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** JSON Schema of the answer. */
  readonly schema: { readonly name: string; readonly schema: object };
  readonly signal: AbortSignal;
  /** Told how many characters have come. */
  readonly onText?: (chars: number) => void;
}

/** No script is longer; a server that sends without end must not fill the memory. */
const MAX_ANSWER_CHARS = 400_000;
/** A token's event has some 300 bytes around it. */
const MAX_STREAM_BYTES = 128 * 1024 * 1024;
/** Of one unfinished event. */
const MAX_PENDING_BYTES = 1024 * 1024;

const message = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });
const chunk = z.object({
  choices: z
    .array(z.object({ delta: message.optional(), message: message.optional(), finish_reason: z.string().nullish() }))
    .optional(),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish(),
  error: z.object({ message: z.string().optional() }).nullish(),
});

/** The fault of one try. */
class ChatFault extends Error {
  constructor(
    message: string,
    /** Whether another try may do better. */
    readonly passes: boolean,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** The text of an answer, streamed or whole. Throws a ChatFault for a refusal and for half an answer. */
async function readAnswer(reply: HeldAnswer, onText?: (chars: number) => void): Promise<ReadAnswer> {
  const answer = new Answer(onText);
  try {
    if (reply.headers.get('content-type')?.includes('text/event-stream') !== true) {
      answer.take(await reply.text(MAX_ANSWER_CHARS * 2));
      return answer.read();
    }
    let pending = 0;
    const parser = createParser({
      onEvent: ({ data }) => {
        pending = 0;
        answer.take(data);
      },
    });
    const decoder = new TextDecoder();
    for await (const bytes of reply.chunks(MAX_STREAM_BYTES)) {
      pending += bytes.length;
      parser.feed(decoder.decode(bytes, { stream: true }));
      if (answer.done) break;
      // The parser keeps what belongs to an event until its end.
      if (pending > MAX_PENDING_BYTES) throw new ChatFault('an event without end', false);
    }
  } catch (error) {
    if (error instanceof AnswerTooLarge) throw new ChatFault('an answer without end', false);
    throw error;
  }
  return answer.read();
}

interface ReadAnswer {
  readonly text: string;
  /** Undefined from a server that does not count. */
  readonly use: TokenUse | undefined;
}

class Answer {
  done = false;
  private use: TokenUse | undefined;
  private content = '';
  private refusal = '';
  private finish: string | undefined;

  constructor(private readonly onText: ((chars: number) => void) | undefined) {}

  take(data: string): void {
    if (data.trim() === '[DONE]') {
      this.done = true;
      return;
    }
    const read = chunk.safeParse(parsed(data));
    if (!read.success) throw new ChatFault('an answer that is no chat completion', true);
    const { choices = [], usage, error } = read.data;
    if (usage) this.use = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    if (error !== undefined && error !== null)
      throw new ChatFault(`an error within the answer (${error.message ?? ''})`, true);
    for (const { delta, message: whole, finish_reason: finish } of choices.slice(0, 1)) {
      const part = delta ?? whole;
      this.content += part?.content ?? '';
      this.refusal += part?.refusal ?? '';
      this.finish = finish ?? this.finish;
    }
    if (this.content.length > MAX_ANSWER_CHARS) throw new ChatFault('an answer without end', false);
    this.onText?.(this.content.length);
  }

  read(): ReadAnswer {
    return { text: this.whole(), use: this.use };
  }

  private whole(): string {
    if (this.refusal !== '') throw new ChatFault(`the model refuses (${this.refusal})`, false);
    if (this.finish === 'content_filter') throw new ChatFault('the model refuses (content filter)', false);
    if (this.finish === 'length') throw new ChatFault('half an answer: the model ran out of tokens', false);
    // Without an end the connection was cut, even where it was closed in order.
    if (this.finish === undefined && !this.done) throw new ChatFault('half an answer: the stream was cut', true);
    return this.content;
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Chat completions of an OpenAI-compatible server, streamed, with an answer that follows a JSON Schema. */
export class ChatClient {
  private readonly address: string;
  /** Some servers know `json_object` alone. */
  private knowsSchemas = true;
  /** Others know no `stream_options`. */
  private countsTokens = true;

  constructor(private readonly options: ChatClientOptions) {
    this.address = `${options.baseUrl.replace(/\/+$/, '')}/chat/completions`;
  }

  /** The whole answer. Throws E_LLM_FAILED after the last try, and the signal's reason when it is aborted. */
  async complete(request: ChatRequest): Promise<string> {
    const { onRetry, firstDelayMs = FIRST_DELAY_MS, budget } = this.options;
    const spent = budget?.spent;
    if (spent !== undefined) throw this.failed(new ChatFault(spent, false), 1);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.once(request);
      } catch (error) {
        request.signal.throwIfAborted();
        const fault = error instanceof ChatFault ? error : new ChatFault(noAnswerReason(error), true);
        const delayMs = fault.retryAfterMs ?? firstDelayMs * 2 ** (tries - 1);
        if (!fault.passes || tries >= MAX_TRIES || delayMs > MAX_DELAY_MS) throw this.failed(fault, tries);
        onRetry?.(this.shown(fault.message), delayMs);
        await wait(delayMs, undefined, { signal: request.signal });
      }
    }
  }

  private async once({ messages, schema, signal, onText }: ChatRequest): Promise<string> {
    const { model, apiKey, timeoutMs, budget } = this.options;
    const limit = new TimeLimit(timeoutMs, signal);
    try {
      const reply = await heldFetch(this.address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream, application/json',
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify({
          model,
          messages: this.knowsSchemas ? messages : withSchema(messages, schema.schema),
          stream: true,
          ...(budget === undefined || !this.countsTokens ? {} : { stream_options: { include_usage: true } }),
          response_format: this.knowsSchemas
            ? { type: 'json_schema', json_schema: { ...schema, strict: true } }
            : { type: 'json_object' },
        }),
        // A redirect would take the key elsewhere.
        redirect: 'error',
        signal: limit.signal,
      });
      if (!reply.ok) throw await this.refused(reply);
      const { text, use } = await readAnswer(reply, onText);
      budget?.add(use ?? estimatedUse(messages, text));
      return text;
    } catch (error) {
      if (limit.isOver) throw new ChatFault(`no whole answer within ${timeoutMs / 1000} s`, true);
      throw error;
    } finally {
      limit.end();
    }
  }

  private async refused(reply: HeldAnswer): Promise<ChatFault> {
    const body = await reply.beginning();
    const found = `status ${reply.status}${faultMessageIn(body)}`;
    if (reply.status === 400 && this.countsTokens && /stream_options|include_usage/i.test(body)) {
      this.countsTokens = false;
      return new ChatFault(`${found}: it does not count tokens, so they are estimated`, true, 0);
    }
    if (reply.status === 400 && this.knowsSchemas && /response_format|json_schema/i.test(body)) {
      this.knowsSchemas = false;
      return new ChatFault(`${found}: it takes no JSON Schema, so the answer is asked for as a JSON object`, true, 0);
    }
    return new ChatFault(found, PASSING.has(reply.status), retryAfterMs(reply.headers.get('retry-after')));
  }

  private failed(fault: ChatFault, tries: number): EngineError {
    return new EngineError('E_LLM_FAILED', {
      where: `llm ${new URL(this.address).host}`,
      expected: 'an answer of the language model',
      found: `${this.shown(fault.message)}${tries > 1 ? ` (${tries} tries)` : ''}`,
      todo: 'look at llm.baseUrl, llm.model and the key; the script is written without a model until then',
      details: { passes: fault.passes },
    });
  }

  /** A message of the server may repeat the key. */
  private shown(message: string): string {
    const { apiKey } = this.options;
    const hidden = withoutSecret(message, apiKey);
    return hidden.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, MAX_FOUND_CHARS);
  }
}

const CHARS_PER_TOKEN = 3;

/** For servers that do not count: on the high side for English, near for Chinese. */
const estimatedUse = (messages: readonly ChatMessage[], answer: string): TokenUse => ({
  inputTokens: Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_PER_TOKEN),
  outputTokens: Math.ceil(answer.length / CHARS_PER_TOKEN),
});

/** Seconds or a date, as RFC 9110 has it. */
export function retryAfterMs(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

const withSchema = (messages: readonly ChatMessage[], schema: object): ChatMessage[] => [
  ...messages,
  { role: 'user', content: `Answer with one JSON object that follows this JSON Schema: ${JSON.stringify(schema)}` },
];

/** A client by the settings of the room file. Throws E_ENV_MISSING where the key's variable is not set. */
export function openChatClient(
  { baseUrl, model, apiKey, timeoutMs }: LlmConfig,
  env: NodeJS.ProcessEnv,
  more: Pick<ChatClientOptions, 'onRetry' | 'budget'> = {},
): ChatClient {
  const name = apiKey?.slice(2, -1);
  const key = name === undefined ? undefined : env[name];
  if (name !== undefined && (key === undefined || key === ''))
    throw new EngineError('E_ENV_MISSING', {
      where: 'llm.apiKey',
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name}, or leave llm out to write without a model`,
    });
  return new ChatClient({ baseUrl, model, apiKey: key, timeoutMs, ...more });
}
