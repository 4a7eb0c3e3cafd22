import t, { type Test } from 'tap';
import { silentLog, type Log } from '../../../src/core/log.js';
import { frameIndex, sampleIndex } from '../../../src/core/time.js';
import type { SpeakCommand } from '../../../src/external-avatar/speech/live-talking-speech.js';
import { WhipSpeech } from '../../../src/external-avatar/speech/whip-speech.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { VoiceDecoder } from '../../../src/outputs/voice-in/voice-decoder.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import { until } from '../../kit/until.js';
import { WhipEndpoint } from '../../outputs/whip-endpoint.js';

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
