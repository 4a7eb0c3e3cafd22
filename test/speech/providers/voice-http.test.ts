import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { HeldAnswer } from '../../../src/core/net/held-fetch.js';
import { callVoice, readBytes } from '../../../src/speech/providers/voice-http.js';

/** An answer that sends a few bytes and never ends. */
function endless(): { reply: HeldAnswer; cancelled: () => boolean } {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(200)),
    cancel: () => void (cancelled = true),
  });
  return { reply: new HeldAnswer(new Response(body)), cancelled: () => cancelled };
}

t.test('ends the reading of an answer at its signal, and its connection', async (t) => {
  let onClose = (): void => undefined;
  const closed = new Promise<void>((resolve) => (onClose = resolve));
  const server = createServer((_, reply) => {
    reply.on('close', onClose);
    reply.writeHead(200).write('a beginning');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = new AbortController();
  const reply = await callVoice({ url, headers: {}, signal: stop.signal });
  const reading = readBytes(reply, stop.signal);
  setImmediate(() => stop.abort(new Error('enough')));
  await t.rejects(reading, { message: 'enough' });
  await closed;
});

t.test('refuses an answer that is too long, and reads an empty one', async (t) => {
  const { signal } = new AbortController();
  const { reply, cancelled } = endless();
  await t.rejects(readBytes(reply, signal, 100), { message: /an answer of more than/ });
  t.equal(cancelled(), true);
  t.equal((await readBytes(new HeldAnswer(new Response(null)), signal)).length, 0);
  t.equal((await readBytes(new HeldAnswer(new Response('four')), signal)).toString(), 'four');
});
