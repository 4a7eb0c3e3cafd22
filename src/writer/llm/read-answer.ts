import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { AnswerTooLarge, type HeldAnswer } from '../../core/net/held-answer.js';
import type { TokenUse } from './llm-budget.js';
import { ChatFault } from './chat-fault.js';

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

/** The text of an answer, streamed or whole. Throws a ChatFault for a refusal and for half an answer. */
export async function readAnswer(reply: HeldAnswer, onText?: (chars: number) => void): Promise<ReadAnswer> {
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

export interface ReadAnswer {
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
