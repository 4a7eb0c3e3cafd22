import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly body: {
    model: string;
    stream: boolean;
    messages: { role: string; content: string }[];
    response_format: { type: string; json_schema?: { strict: boolean; schema: { required: string[] } } };
  };
}

export type Answer = (reply: ServerResponse, request: SeenRequest) => void | Promise<void>;

export interface ChatServer {
  readonly baseUrl: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** A server of chat completions on loopback: `answers` are given in turn, the last one for ever. */
export async function chatServer(...answers: readonly Answer[]): Promise<ChatServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SeenRequest['body'];
      const one = { headers: request.headers, url: request.url ?? '', body };
      seen.push(one);
      const answer = answers[Math.min(seen.length, answers.length) - 1]!;
      Promise.resolve(answer(reply, one)).catch(() => reply.destroy());
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const chunkOf = (delta: object, finish: string | null = null): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'test',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** Begins a stream as the protocol has it: the role first. */
export function beginStream(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  reply.write(event(chunkOf({ role: 'assistant', content: '' })));
}

/** A whole answer in chunks of bytes that cut through events and through characters. */
export const streamed =
  (text: string | ((request: SeenRequest) => string), finish = 'stop', usage?: object): Answer =>
  async (reply, request) => {
    const content = typeof text === 'string' ? text : text(request);
    beginStream(reply);
    const parts = Array.from(content).reduce<string[]>((all, letter, i) => {
      if (i % 40 === 0) all.push('');
      all[all.length - 1] += letter;
      return all;
    }, []);
    const rest =
      parts.map((part) => event(chunkOf({ content: part }))).join('') +
      event(chunkOf({}, finish)) +
      (usage === undefined ? '' : event(JSON.stringify({ choices: [], usage }))) +
      ': done\n\n' +
      event('[DONE]');
    const bytes = Buffer.from(rest);
    for (let i = 0; i < bytes.length; i += 333) reply.write(bytes.subarray(i, i + 333));
    reply.end();
  };

/** Some content, then the connection is gone. */
export const cut =
  (text: string, inOrder: boolean): Answer =>
  (reply) => {
    beginStream(reply);
    reply.write(event(chunkOf({ content: text })), () => (inOrder ? reply.end() : reply.destroy()));
  };

export const refusing: Answer = (reply) => {
  beginStream(reply);
  reply.end(event(chunkOf({ refusal: 'I cannot help with that.' })) + event(chunkOf({}, 'stop')) + event('[DONE]'));
};

export const failing =
  (status: number, headers: Record<string, string> = {}, message = 'no'): Answer =>
  (reply) => {
    reply.writeHead(status, { 'content-type': 'application/json', ...headers });
    reply.end(JSON.stringify({ error: { message, type: 'error' } }));
  };

export const silent: Answer = () => undefined;

/** Content without end, a little at a time. */
export const dripping: Answer = (reply) => {
  beginStream(reply);
  const timer = setInterval(() => reply.write(event(chunkOf({ content: ' ' }))), 20);
  reply.on('close', () => clearInterval(timer));
};
