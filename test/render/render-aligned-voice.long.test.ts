import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { Resampler } from '../../src/core/audio/resample.js';
import { silentLog } from '../../src/core/log.js';
import { renderRoom } from '../../src/render/render-room.js';
import { HeartProvider } from '../../src/speech/heart/heart-provider.js';
import { clipRoom } from '../on-air/clips-kit.js';
import { openAiServer } from '../speech/servers/openai-server.js';

const SPOKEN = 'Our number is 138 1234 5678, call at any time. Thank you all for watching us today.';
const PHONE = '138 1234 5678';
const KEY = 'sk-secret-0123456789';
const SERVED_HZ = 24_000;
const RATE_HZ = 48_000;

const dir = mkdtempSync(join(tmpdir(), 'showroom-aligned-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
process.env['XDG_CACHE_HOME'] = join(dir, 'cache');
process.env['ALIGNED_VOICE_KEY'] = KEY;

/** A person's voice as a service would send it, without times; and the true times, which only this test knows. */
async function recordedVoice(): Promise<{ bytes: Buffer; sound: Float32Array; startS: number; endS: number }> {
  const heart = new HeartProvider({ cacheDir: join(dir, 'heart') });
  try {
    const voice = { name: 'heart', title: '', languages: ['en'], provider: 'heart' };
    const parts: Float32Array[] = [];
    const words: { char: number; atS: number }[] = [];
    let length = 0;
    const request = { text: SPOKEN, language: 'en', voice, rate: 1, pitch: 1 };
    for await (const { pcm, sampleRateHz, words: marks } of heart.speak(request, new AbortController().signal)) {
      for (const { char, sample } of marks) words.push({ char, atS: length / SERVED_HZ + sample / sampleRateHz });
      const part = new Resampler(sampleRateHz, SERVED_HZ).convert(pcm);
      parts.push(part);
      length += part.length;
    }
    const sound = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      sound.set(part, at);
      at += part.length;
    }
    const bytes = Buffer.alloc(length * 2);
    for (const [i, x] of sound.entries())
      bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(x * 32_767))), i * 2);
    const timeOf = (word: string): number => words.find(({ char }) => char === SPOKEN.indexOf(word))!.atS;
    return { bytes, sound, startS: timeOf(PHONE), endS: timeOf('call') };
  } finally {
    await heart.close();
  }
}

/** Second at which a sound begins: a twentieth of its peak. */
function onsetS(sound: Float32Array, rateHz: number): number {
  const peak = sound.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return sound.findIndex((x) => Math.abs(x) > peak / 20) / rateHz;
}

t.test('mutes the forbidden words of a voice whose words were aligned', async (t) => {
  const { bytes, sound, startS, endS } = await recordedVoice();
  const server = await openAiServer({ key: KEY, sound: () => bytes });
  t.teardown(() => server.close());
  const file = join(dir, 'room.json');
  const room = {
    ...clipRoom([]),
    audio: { roomTone: false },
    presenter: {
      pack: 'mei',
      voice: { provider: 'openai', name: 'nova', baseUrl: `${server.url}/v1`, apiKey: '${ALIGNED_VOICE_KEY}' },
    },
    script: { loop: false, segments: [{ lines: [{ text: SPOKEN, caption: '' }] }] },
  };
  writeFileSync(file, JSON.stringify(room));
  const out = join(dir, 'show.raw');
  await renderRoom(loadRoom(file, { cwd: dir }), {
    fromSeconds: 0,
    toSeconds: sound.length / SERVED_HZ + 1.5,
    out,
    log: silentLog,
    signal: new AbortController().signal,
  });
  t.match(server.calls.at(-1), { path: '/v1/audio/speech', body: { input: SPOKEN } });
  const raw = readFileSync(join(out, 'audio.f32'));
  const heard = Float32Array.from({ length: raw.length / 8 }, (_, i) => raw.readFloatLE(i * 8));
  const shiftS = onsetS(heard, RATE_HZ) - onsetS(sound, SERVED_HZ);
  const levelDb = (fromS: number, toS: number): number => {
    const part = heard.subarray(Math.round((fromS + shiftS) * RATE_HZ), Math.round((toS + shiftS) * RATE_HZ));
    return 10 * Math.log10(part.reduce((sum, x) => sum + x * x, 0) / part.length + 1e-12);
  };
  const forbidden = levelDb(startS + 0.02, endS - 0.02);
  t.ok(forbidden < -55, `forbidden words at ${forbidden.toFixed(1)} dBFS`);
  t.ok(levelDb(0.1, Math.max(0.3, startS - 0.6)) > -35, 'the words before are heard');
  const lastS = sound.length / SERVED_HZ;
  t.ok(levelDb(lastS - 1.2, lastS - 0.2) > -35, 'the words after are heard');
});
