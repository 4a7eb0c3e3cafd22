import t from 'tap';
import { readBytes } from '../../../src/speech/providers/voice-http.js';

/** An answer that sends a few bytes and never ends, and hears of no signal but its reader's. */
function endless(): { reply: Response; cancelled: () => boolean } {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(200)),
    cancel: () => void (cancelled = true),
  });
  return { reply: new Response(body), cancelled: () => cancelled };
}

t.test('ends the reading of an answer at its signal, whether or not the request knows of it', async (t) => {
  const stop = new AbortController();
  const { reply, cancelled } = endless();
  const reading = readBytes(reply, stop.signal);
  setImmediate(() => stop.abort(new Error('enough')));
  await t.rejects(reading, { message: 'enough' });
  t.equal(cancelled(), true, 'and the connection is given up');
  await t.rejects(readBytes(endless().reply, AbortSignal.abort(new Error('before'))), { message: 'before' });
});

t.test('refuses an answer that is too long, and reads an empty one', async (t) => {
  const { signal } = new AbortController();
  const { reply, cancelled } = endless();
  await t.rejects(readBytes(reply, signal, 100), { message: /an answer of more than/ });
  t.equal(cancelled(), true);
  t.equal((await readBytes(new Response(null), signal)).length, 0);
  t.equal((await readBytes(new Response('four'), signal)).toString(), 'four');
});
