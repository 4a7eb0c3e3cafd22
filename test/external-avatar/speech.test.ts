import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { type Log, silentLog } from '../../src/core/log.js';
import { flvTag } from '../../src/core/media/packets.js';
import { frameIndex, sampleIndex } from '../../src/core/time.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { TagDelay } from '../../src/external-avatar/avatar-desk.js';
import {
  type CutCommand,
  LiveTalkingSpeech,
  type SpeakCommand,
} from '../../src/external-avatar/speech/live-talking-speech.js';
import { ShowClock, SpeechTimeline, WhipSpeech } from '../../src/external-avatar/speech/whip-speech.js';
import { VoiceDecoder } from '../../src/outputs/voice-in/voice-decoder.js';
import type { ShowCommand } from '../../src/show/show-command.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { until, wait } from '../kit/until.js';
import { WhipEndpoint } from '../outputs/whip-endpoint.js';

t.test('live talking speech', async (t) => {
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
        if (reply !== 'hang')
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
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
      ...{
        type: 'cut',
        id,
        startFrame: frameIndex(0),
        atFrame: frameIndex(0),
        atSample: sampleIndex(0),
        fadeSamples: 0,
      },
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
});

t.test('show clock', async (t) => {
  const rate = { num: 30, den: 1 };

  t.test('sees through the steps of the frame counter, and waits for a show that has not begun', async (t) => {
    let frame = 0;
    const clock = new ShowClock(rate, () => frame);
    t.equal(clock.atMs(0), Infinity);
    const startsMs = 5000;
    const off: number[] = [];
    for (let nowMs = 0; nowMs < 20_000; nowMs += 20 + (nowMs % 3)) {
      frame = Math.max(0, Math.floor((nowMs - startsMs) / (1000 / 30)));
      clock.look(nowMs);
      if (nowMs < startsMs) t.ok(clock.atMs(30) > nowMs + 900, 'the first line has not begun');
      if (nowMs > startsMs + 1000) off.push(clock.atMs(900) - (startsMs + 30_000));
    }
    t.ok(Math.max(...off) < 25 && Math.min(...off) > -25, `${Math.min(...off)} to ${Math.max(...off)} ms`);
  });

  t.test('follows a counter that jumps', async (t) => {
    let frame = 100;
    const clock = new ShowClock(rate, () => frame);
    clock.look(1000);
    t.ok(Math.abs(clock.atMs(100) - 1000) < 1e-6);
    frame = 400;
    clock.look(1020);
    t.ok(Math.abs(clock.atMs(400) - 1020) < 1e-6);
  });
});

t.test('speech timeline', async (t) => {
  const MS = 48;
  const BLOCK = 20 * MS;
  const LEAD_MS = 100;

  /** A line at 30 frames a second whose samples are all `level`. */
  const line = (
    id: string,
    startFrame: number,
    ms: number,
    level: number,
    more: Partial<SpeakCommand> = {},
  ): SpeakCommand => ({
    type: 'speak',
    id,
    startFrame: frameIndex(startFrame),
    startSample: sampleIndex(startFrame * 1600),
    pcm: new Float32Array(new SharedArrayBuffer(4 * MS * ms)).fill(level),
    loudnessLufs: -16,
    mutes: [],
    tone: false,
    verdict: 'clean',
    mouth: { viseme: Uint8Array.of(1), openness: Uint8Array.of(200) } as unknown as SpeakCommand['mouth'],
    ...more,
  });

  const cut = (id: string, startFrame: number, atFrame: number, fadeSamples = 0): CutCommand => ({
    type: 'cut',
    id,
    startFrame: frameIndex(startFrame),
    atFrame: frameIndex(atFrame),
    atSample: sampleIndex(atFrame * 1600),
    fadeSamples,
  });

  function timelineOf() {
    const begun: number[] = [];
    let atMs = 0;
    const timeline = new SpeechTimeline({
      startMs: (frame) => (frame * 1000) / 30 - LEAD_MS,
      onBegin: () => begun.push(atMs),
    });
    /** The sound from 0 on, block by block. */
    const heard: number[] = [];
    const read = (ms: number): void => {
      const block = new Float32Array(BLOCK);
      for (const end = atMs + ms; atMs < end; atMs += 20) {
        timeline.read(block, atMs);
        heard.push(...block);
      }
    };
    const first = (level: number): number => heard.indexOf(level) / MS;
    const last = (level: number): number => (heard.lastIndexOf(level) + 1) / MS;
    return { timeline, read, heard, first, last, begun };
  }

  t.test('a line begins ahead of its frame, to the sample, in the middle of a block', async (t) => {
    const { timeline, read, heard, first, last, begun } = timelineOf();
    timeline.add(line('a', 16, 130, 0.5)); // at 533.3 ms here, and so at 433.3 ms there
    read(700);
    t.ok(Math.abs(first(0.5) - 433.33) < 0.05, `${first(0.5)}`);
    t.ok(Math.abs(last(0.5) - 563.33) < 0.05, `${last(0.5)}`);
    t.equal(heard.filter((x) => x !== 0).length, 130 * MS);
    t.same(begun, [420]);
  });

  t.test('a line that is known too late begins at once, and the next one waits for its end', async (t) => {
    const { timeline, read, first, last } = timelineOf();
    read(400);
    timeline.add(line('b', 15, 100, 0.25)); // at 400 ms
    timeline.add(line('a', 12, 100, 0.5)); // since 300 ms
    read(400);
    t.equal(first(0.5), 400);
    t.equal(last(0.5), 500);
    t.equal(first(0.25), 500, 'in the order of the show');
    t.equal(last(0.25), 600);
  });

  t.test('is silent where viewers hear nothing', async (t) => {
    const { timeline, read, heard } = timelineOf();
    const mutes = [{ startSample: 50 * MS, endSample: 75 * MS, rule: '3.2' }];
    timeline.add(line('a', 3, 120, 0.5, { mutes }));
    read(200);
    t.equal(
      heard.slice(50 * MS, 75 * MS).every((x) => x === 0),
      true,
    );
    t.equal(heard.filter((x) => x === 0.5).length, 95 * MS);
  });

  t.test('a cut ends a line as early as it began, or at once', async (t) => {
    const { timeline, read, heard, last } = timelineOf();
    timeline.add(line('a', 3, 500, 0.5));
    timeline.add(line('never', 21, 100, -0.5));
    timeline.add(line('a', 30, 100, 0.75)); // the same line in the next round
    read(100);
    timeline.cut(cut('a', 3, 9, 10 * MS)); // at 300 ms here, at 200 ms there
    timeline.cut(cut('never', 21, 21));
    timeline.cut(cut('unknown', 3, 9));
    read(400);
    t.equal(last(0.5), 200 + 1 / MS, 'the first sample of the fade is whole');
    t.ok(heard[205 * MS]! > 0.2 && heard[205 * MS]! < 0.3, 'it fades');
    t.equal(
      heard.slice(210 * MS).every((x) => x === 0),
      true,
    );
    read(600);
    t.notOk(heard.includes(-0.5));
    t.ok(heard.includes(0.75));
    const late = timelineOf();
    late.timeline.add(line('a', 3, 500, 0.5));
    late.read(300);
    late.timeline.cut(cut('a', 3, 6)); // the time is over: 100 ms there
    late.read(100);
    t.equal(late.last(0.5), 300);
  });
});

t.test('whip speech', async (t) => {
  const { path: ffmpegPath } = await findFfmpeg();
  const service = new SpeechService({ log: silentLog });
  const { pcm } = await service.speak(
    { id: 'a', text: 'Hello! This steel cup keeps tea hot.', language: 'en' },
    new AbortController().signal,
  );
  await service.close();

  const FRAME_MS = 1000 / 30;
  const LEAD_MS = 300;

  async function endpointOf(t: Test, port = 0): Promise<{ endpoint: WhipEndpoint; heard: number[] }> {
    const endpoint = new WhipEndpoint();
    endpoint.token = 'tok3n';
    const heard: number[] = [];
    const decoder = new VoiceDecoder({
      ffmpegPath,
      onPcm: (samples) => void heard.push(...samples),
      onEnd: (reason) => t.fail(reason),
    });
    endpoint.onSound = (sequence, payload) => decoder.push(sequence, payload);
    await endpoint.start(port);
    t.teardown(async () => {
      await decoder.close();
      await endpoint.close().catch(() => undefined); // it may be closed already
    });
    return { endpoint, heard };
  }

  function speechTo(t: Test, url: string, { token = 'tok3n', log = silentLog }: { token?: string; log?: Log } = {}) {
    const began = performance.now();
    const frame = (): number => Math.floor((performance.now() - began) / FRAME_MS);
    const speech = new WhipSpeech({
      ...{ url, token, kbps: 48, leadMs: LEAD_MS, rate: { num: 30, den: 1 }, log },
      ...{ frame, ffmpegPath: Promise.resolve(ffmpegPath) },
    });
    t.teardown(() => speech.close());
    let lines = 0;
    /** Speaks the line half a second from now. */
    const say = (): void => {
      const startFrame = frame() + Math.round((LEAD_MS + 500) / FRAME_MS);
      speech.take({
        type: 'speak',
        id: `s0.0.${(lines += 1)}`,
        startFrame: frameIndex(startFrame),
        startSample: sampleIndex(startFrame * 1600),
        pcm,
        loudnessLufs: -16,
        mutes: [],
        tone: false,
        verdict: 'clean',
        mouth: { viseme: Uint8Array.of(1), openness: Uint8Array.of(200) } as unknown as SpeakCommand['mouth'],
      });
    };
    return { speech, say };
  }

  const WINDOW = 960;
  /** Loudness in windows of 20 ms. */
  const envelope = (samples: ArrayLike<number>): number[] =>
    Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, i) => {
      let sum = 0;
      for (let k = i * WINDOW; k < (i + 1) * WINDOW; k += 1) sum += samples[k]! ** 2;
      return Math.sqrt(sum / WINDOW);
    });

  interface Likeness {
    readonly correlation: number;
    /** Of what was heard, as a share of the line's. */
    readonly energy: number;
  }

  /** Correlation of the spoken line with the received sound, at the delay where it is highest. */
  function likeness(heard: readonly number[]): Likeness {
    const line = envelope(pcm);
    let best: Likeness = { correlation: -1, energy: 0 };
    // A block of the stream may begin in the middle of a window of the line.
    for (let shift = 0; shift < WINDOW; shift += WINDOW / 4) {
      const stream = envelope(heard.slice(shift));
      for (let at = 0; at + line.length <= stream.length; at += 1) {
        const part = stream.slice(at, at + line.length);
        const correlation = correlationOf(line, part);
        if (correlation > best.correlation) best = { correlation, energy: energyOf(part) / energyOf(line) };
      }
    }
    return best;
  }

  /** Waits until the line was heard as a whole, and looks at it each half a second of sound. */
  async function lineIn(heard: readonly number[]): Promise<Likeness> {
    let best: Likeness = { correlation: -1, energy: 0 };
    let next = pcm.length;
    await until('the line', () => {
      if (heard.length < next) return false;
      next = heard.length + 24_000;
      best = likeness(heard);
      return best.correlation > 0.9;
    });
    return best;
  }

  const energyOf = (levels: readonly number[]): number => levels.reduce((sum, x) => sum + x * x, 0);
  function correlationOf(a: readonly number[], b: readonly number[]): number {
    const mean = (x: readonly number[]): number => x.reduce((sum, y) => sum + y, 0) / x.length;
    const [ma, mb] = [mean(a), mean(b)];
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < a.length; i += 1) {
      ab += (a[i]! - ma) * (b[i]! - mb);
      aa += (a[i]! - ma) ** 2;
      bb += (b[i]! - mb) ** 2;
    }
    return ab / (Math.sqrt(aa * bb) || 1);
  }

  t.test(
    'another engine hears the line as it was spoken, and again after it was away',
    { timeout: 120_000 },
    async (t) => {
      const { endpoint, heard } = await endpointOf(t);
      const { url, port } = endpoint;
      const { speech, say } = speechTo(t, `${url}/whip/room/`);
      await until('the connection', () => speech.state().link === 'live');
      const offer = endpoint.requests.find(({ method }) => method === 'POST')!.body;
      t.match(offer, /^m=audio [\s\S]*a=sendonly/m);
      t.notMatch(offer, /^m=video/m);
      await until('silence flows', () => heard.length > 4800);
      say();
      await until('the line', () => likeness(heard).correlation > 0.9);
      const { correlation, energy } = likeness(heard);
      t.ok(energy > 0.7 && energy < 1.4, `energy ${energy.toFixed(2)} at a correlation of ${correlation.toFixed(3)}`);
      t.match(speech.state(), { sent: 1, dropped: 0, failed: 0, lastError: '', link: 'live' });

      await endpoint.close();
      await until('the loss is seen', () => speech.state().link === 'backoff');
      say();
      await until('a line that nobody hears', () => speech.state().dropped === 1);
      const again = await endpointOf(t, port);
      await until('it is back', () => speech.state().link === 'live');
      say();
      await lineIn(again.heard);
      t.match(speech.state(), { sent: 2, dropped: 1, lastError: '' });
      await speech.close();
      t.equal(again.endpoint.deleted, 1, 'the session is deleted at the end');
      t.equal(speech.state().link, 'stopped');
      await speech.close();
    },
  );

  t.test('reports a wrong token once, however often it tries', { timeout: 120_000 }, async (t) => {
    const { endpoint } = await endpointOf(t);
    const warned: { error?: string }[] = [];
    const log = { ...silentLog, warn: (fields: object) => void warned.push(fields) };
    const { speech, say } = speechTo(t, `${endpoint.url}/whip/room/`, { token: 'wr0ng', log });
    await until('three tries', () => endpoint.requests.length > 2);
    say();
    await until('the line passes', () => speech.state().dropped === 1);
    t.equal(warned.length, 1);
    t.match(warned[0]!.error, /401: the token is missing or wrong; copy the token again/);
    t.match(warned[0]!.error, /speech to the external avatar/);
    const state = speech.state();
    t.match(state, { sent: 0, link: 'backoff' });
    t.ok(state.failed > 1);
    t.notMatch(JSON.stringify([warned, state]), /wr0ng|whip\/room/);
  });
});

t.test('tag delay', async (t) => {
  const tag = (first: number, packet: number, n: number): Uint8Array =>
    flvTag(9, n, Uint8Array.from([first, packet, 0, 0, 0, n, 1, 2, 3, 4, 5]));
  const config = tag(0x17, 0, 0);
  const key = (n: number): Uint8Array => tag(0x17, 1, n);
  const delta = (n: number): Uint8Array => tag(0x27, 1, n);

  function rig() {
    const clock = { ms: 0 };
    const got: number[] = [];
    const delay = new TagDelay(
      (one) => got.push(Buffer.from(one).readUIntBE(4, 3)) > 0,
      () => clock.ms,
    );
    return { clock, got, delay };
  }

  t.test('passes tags at once, or after the delay in their order', async (t) => {
    const { clock, got, delay } = rig();
    delay.push(config);
    delay.push(key(1));
    t.same(got, [0, 1]);
    delay.set(5000);
    for (let n = 2; n < 6; n += 1) {
      delay.push(delta(n));
      clock.ms += 100;
    }
    delay.look();
    t.same(got, [0, 1]);
    clock.ms = 5100;
    delay.look();
    t.same(got, [0, 1, 2, 3]);
    await delay.close();
  });

  t.test('drops what waits when the delay ends and goes on with a key frame', async (t) => {
    const { got, delay } = rig();
    delay.set(5000);
    delay.push(config);
    delay.push(key(1));
    delay.push(delta(2));
    delay.set(0);
    t.same(got, [0], 'the configuration is kept');
    t.equal(delay.push(delta(3)), false, 'which asks the source for a key frame');
    t.equal(delay.push(key(4)), true);
    t.equal(delay.push(delta(5)), true);
    t.same(got, [0, 4, 5]);
    await delay.close();
  });

  t.test('is bounded: beyond its memory it drops up to the next key frame', async (t) => {
    const { delay } = rig();
    delay.set(30_000);
    const big = Buffer.alloc(9 << 20);
    Buffer.from(key(1)).copy(big);
    t.same([delay.push(big), delay.push(big), delay.push(big), delay.push(big)], [true, true, true, false]);
    t.equal(delay.push(delta(2)), false);
    t.equal(delay.push(key(3)), true);
    await delay.close();
  });
});
