import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { ChatFault } from './chat-fault.js';

/** No script is longer; a server that sends without end must not fill the memory. */
const MAX_ANSWER_CHARS = 400_000;

const message = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });
const chunk = z.object({
  choices: z
    .array(z.object({ delta: message.optional(), message: message.optional(), finish_reason: z.string().nullish() }))
    .optional(),
  error: z.object({ message: z.string().optional() }).nullish(),
});

/** The text of an answer, streamed or whole. Throws a ChatFault for a refusal and for half an answer. */
export async function readAnswer(reply: Response, onText?: (chars: number) => void): Promise<string> {
  const answer = new Answer(onText);
  if (reply.headers.get('content-type')?.includes('text/event-stream') !== true) {
    answer.take(await wholeText(reply));
    return answer.text();
  }
  if (reply.body === null) throw new ChatFault('an empty answer', true);
  const parser = createParser({ onEvent: ({ data }) => answer.take(data) });
  const decoder = new TextDecoder();
  for await (const bytes of reply.body) {
    parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
    if (answer.done) break;
  }
  return answer.text();
}

class Answer {
  done = false;
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
    const { choices = [], error } = read.data;
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

  text(): string {
    if (this.refusal !== '') throw new ChatFault(`the model refuses (${this.refusal})`, false);
    if (this.finish === 'content_filter') throw new ChatFault('the model refuses (content filter)', false);
    if (this.finish === 'length') throw new ChatFault('half an answer: the model ran out of tokens', false);
    // Without an end the connection was cut, even where it was closed in order.
    if (this.finish === undefined && !this.done) throw new ChatFault('half an answer: the stream was cut', true);
    return this.content;
  }
}

async function wholeText(reply: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (reply.body === null) return text;
  for await (const bytes of reply.body) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER_CHARS * 2) throw new ChatFault('an answer without end', false);
  }
  return text;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
