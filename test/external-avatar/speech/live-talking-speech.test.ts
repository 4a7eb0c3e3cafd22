import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex, sampleIndex } from '../../../src/core/time.js';
import { LiveTalkingSpeech } from '../../../src/external-avatar/speech/live-talking-speech.js';
import type { ShowCommand } from '../../../src/show/show-command.js';
import { until, wait } from '../../kit/until.js';

interface Got {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly sessionId: string;
  readonly wav: Buffer | undefined;
}

/** LiveTalking's addresses for speech, as it answers them: HTTP 200 with a code, also for errors. */
async function liveTalking(t: Test, answer: (n: number) => object | 'hang' = () => ({ code: 0, msg: 'ok' })) {
  const got: Got[] = [];
  const read = async (request: IncomingMessage): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return Buffer.concat(parts);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await read(request);
      const { authorization } = request.headers;
      const { url: path = '' } = request;
      if (path === '/humanaudio') {
        const form = await new Response(Uint8Array.from(body), {
          headers: { 'content-type': request.headers['content-type']! },
        }).formData();
        const file = form.get('file') as File;
        got.push({
          path,
          authorization,
          sessionId: String(form.get('sessionid')),
          wav: Buffer.from(await file.arrayBuffer()),
        });
      } else {
        const { sessionid } = JSON.parse(body.toString()) as { sessionid: string };
        got.push({ path, authorization, sessionId: sessionid, wav: undefined });
      }
      const reply = answer(got.length);
      if (reply !== 'hang') response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const line = (
  id: string,
  startFrame: number,
  seconds = 0.5,
  mutes: { startSample: number; endSample: number; rule: string }[] = [],
): ShowCommand => ({
  type: 'speak',
  id,
  startFrame: frameIndex(startFrame),
  startSample: sampleIndex(startFrame * 1600),
  pcm: new Float32Array(new SharedArrayBuffer(4 * 48_000 * seconds)).fill(0.5),
  loudnessLufs: -16,
  mutes,
  tone: false,
  verdict: 'clean',
  mouth: { viseme: Uint8Array.of(1), openness: Uint8Array.of(200) } as unknown as Extract<
    ShowCommand,
    { type: 'speak' }
  >['mouth'],
});
const speechTo = (t: Test, baseUrl: string, leadMs = 200) => {
  const began = performance.now();
  const speech = new LiveTalkingSpeech({
    ...{ baseUrl, sessionId: '7', token: 'secret-token', leadMs, log: silentLog },
    untilMs: (frame) => (frame * 1000) / 30 - (performance.now() - began),
  });
  t.teardown(() => speech.close());
  return speech;
};

t.test('sends each line ahead of its time, as a WAV file, with silence where it is muted', async (t) => {
  const { got, baseUrl } = await liveTalking(t);
  const speech = speechTo(t, baseUrl);
  speech.take(line('s0.0.0', 3, 0.5, [{ startSample: 12_000, endSample: 24_000, rule: '3.2' }]));
  speech.take(line('s0.0.1', 20));
  await until('both lines', () => got.length === 2, 10_000);
  t.match(got[0], { path: '/humanaudio', sessionId: '7', authorization: 'Bearer secret-token' });
  const { wav } = got[0]!;
  t.equal(wav!.toString('latin1', 0, 4), 'RIFF');
  t.equal(wav!.readUInt32LE(24), 16_000);
  const at = (ms: number): number => wav!.readInt16LE(44 + 2 * 16 * ms);
  t.ok(at(100) > 10_000, 'heard');
  t.equal(at(380), 0, 'muted');
  await until('the count', () => speech.state().sent === 2, 5000);
  t.same(speech.state(), { sent: 2, failed: 0, dropped: 0, lastError: '', link: null });
});

t.test('does not send a line that is cut before its time, and stops one that was sent', async (t) => {
  const { got, baseUrl } = await liveTalking(t);
  const speech = speechTo(t, baseUrl);
  const cut = (id: string): ShowCommand => ({
    ...{ type: 'cut', id, startFrame: frameIndex(0), atFrame: frameIndex(0), atSample: sampleIndex(0), fadeSamples: 0 },
  });
  speech.take(line('s0.0.0', 0));
  speech.take(line('s0.0.1', 300));
  await until('the first line', () => got.length === 1, 10_000);
  speech.take(cut('s0.0.1'));
  speech.take(cut('s0.0.0'));
  speech.take(cut('s0.0.0'));
  await until('the order to stop', () => got.length === 2, 10_000);
  await wait(100);
  t.same(
    got.map(({ path }) => path),
    ['/humanaudio', '/interrupt_talk'],
  );
  t.equal(got[1]!.sessionId, '7');
});

t.test(
  'counts errors, forgets lines when too many wait, and sends no voice without a face and no assistant',
  async (t) => {
    const { got, baseUrl } = await liveTalking(t, (n) =>
      n === 1 ? { code: -1, msg: 'session not found' } : { code: 0, msg: 'ok' },
    );
    const speech = speechTo(t, baseUrl);
    const faceless = line('a', 0) as Extract<ShowCommand, { type: 'speak' }>;
    speech.take({ ...faceless, mouth: { ...faceless.mouth, viseme: new Uint8Array(0) } });
    speech.take({ ...faceless, id: 'b', role: 'assistant' });
    speech.take(line('s0.0.0', 0));
    await until('an error', () => speech.state().failed === 1, 10_000);
    t.match(speech.state(), { lastError: /refused/ });
    for (let i = 0; i < 40; i += 1) speech.take(line(`s0.1.${i}`, 9000, 0.01));
    t.equal(speech.state().dropped, 24);
    t.equal(got.length, 1);
  },
);

t.test('an engine that hangs or is away holds nothing up', async (t) => {
  const { baseUrl } = await liveTalking(t, () => 'hang');
  const hung = speechTo(t, baseUrl);
  hung.take(line('s0.0.0', 0));
  await wait(50);
  await hung.close();
  const away = speechTo(t, 'http://127.0.0.1:9');
  away.take(line('s0.0.0', 0));
  await until('an error', () => away.state().failed === 1, 10_000);
  t.notMatch(away.state().lastError, /127/);
});
