import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { EspeakProvider } from '../../../src/speech/espeak/espeak-provider.js';
import { kokoroVoice } from '../../../src/speech/kokoro/human-voices.js';
import { KokoroProvider } from '../../../src/speech/kokoro/kokoro-provider.js';
import type { SpeechChunk } from '../../../src/speech/speech-provider.js';
import { kokoroEnv, NO_KOKORO } from '../../kit/kokoro.js';

/** A short path, as that of a socket. One runtime folder and one voice process for all cases: its start loads 92 MB. */
const runtime = mkdtempSync(join(tmpdir(), 'kokoro-'));
t.teardown(() => rmSync(runtime, { recursive: true, force: true }));
const env = kokoroEnv({ ...process.env, XDG_RUNTIME_DIR: runtime });
const skip = env === undefined ? NO_KOKORO : false;

function open(t: Test): KokoroProvider {
  const espeak = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 60_000 });
  const client = { idleMs: 20_000, lonelyMs: 3000 };
  const kokoro = new KokoroProvider({ log: silentLog, espeak, env: env!, cacheDir: t.testdir(), client });
  t.teardown(() => Promise.all([kokoro.close(), espeak.close()]));
  return kokoro;
}

async function say(kokoro: KokoroProvider, text: string, more: object = {}): Promise<SpeechChunk[]> {
  const voice = kokoroVoice('zf_xiaoxiao')!;
  const request = { text, language: 'zh', voice, rate: 1, pitch: 1, ...more };
  const chunks: SpeechChunk[] = [];
  for await (const chunk of kokoro.speak(request, AbortSignal.timeout(120_000))) chunks.push(chunk);
  return chunks;
}

function pidsOf(name: string): number[] {
  return readdirSync('/proc')
    .filter((one) => /^\d+$/.test(one))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name);
      } catch {
        return false;
      }
    });
}

t.test('speaks Chinese with the times of its words', { skip }, async (t) => {
  const kokoro = open(t);
  const [chunk] = await say(kokoro, '欢迎大家！');
  t.equal(chunk!.sampleRateHz, 24_000);
  const seconds = chunk!.pcm.length / chunk!.sampleRateHz;
  t.ok(seconds > 0.8 && seconds < 3, `${seconds} s`);
  t.ok(
    chunk!.pcm.some((x) => Math.abs(x) > 0.05),
    'it is heard',
  );
  t.same(
    chunk!.words.map(({ char }) => char),
    [0, 1, 2, 3],
    'a mark for each character',
  );
  const loudest = Math.max(...chunk!.pcm.map(Math.abs));
  const onset = chunk!.pcm.findIndex((x) => Math.abs(x) > loudest / 60) / chunk!.sampleRateHz;
  const lateMs = 1000 * (chunk!.phonemes[0]!.startSample / chunk!.sampleRateHz - onset);
  t.ok(Math.abs(lateMs) < 25, `the first sound is told ${lateMs.toFixed(0)} ms late`);
  const starts = chunk!.phonemes.map(({ startSample }) => startSample);
  t.same(
    starts,
    starts.toSorted((a, b) => a - b),
  );
  const last = chunk!.phonemes.at(-1)!.endSample;
  t.ok(last <= chunk!.pcm.length, `${last} of ${chunk!.pcm.length}`);
  const [slow] = await say(kokoro, '欢迎大家！', { rate: 0.7 });
  t.ok(slow!.pcm.length > chunk!.pcm.length * 1.2, 'slower is longer');
});

t.test('shares one process among engines, keeps clips, and restarts a killed one', { skip }, async (t) => {
  const [one, other] = [open(t), open(t)];
  const [a, b] = await Promise.all([say(one, '你好。'), say(other, '你好。')]);
  t.same(a[0]!.pcm, b[0]!.pcm, 'the same line, the same samples');
  const folder = readdirSync(runtime).find((name) => name.startsWith('showroom-run-'))!;
  const socket = readdirSync(join(runtime, folder))[0]!;
  // Two engines that start at once may both start a process; the second ends when it finds the first.
  let pids = pidsOf(socket);
  for (let i = 0; i < 100 && pids.length > 1; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    pids = pidsOf(socket);
  }
  t.equal(pids.length, 1, 'one process');
  process.kill(pids[0]!, 'SIGKILL');
  t.same((await say(one, '你好。'))[0]!.pcm, a[0]!.pcm, 'from the cache');
  t.ok((await say(one, '再见。'))[0]!.pcm.length > 0, 'a new process speaks');
});

t.test('gives up a piece that nobody waits for, and speaks a reply before lines made ahead', { skip }, async (t) => {
  const kokoro = open(t);
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const stop = new AbortController();
  const about = { language: 'zh', voice: kokoroVoice('zf_xiaoxiao')!, rate: 1, pitch: 1 };
  await say(kokoro, '好。');
  const first = kokoro.keep({ text: '第一句话。', ...about }, AbortSignal.timeout(60_000)).then(note('first'));
  const ahead = kokoro.keep({ text: '第二句话。', ...about }, AbortSignal.timeout(60_000)).then(note('ahead'));
  const dropped = kokoro.keep({ text: '第三句话。', ...about }, stop.signal);
  const reply = say(kokoro, '可以的。', { priority: 'reply' }).then(note('reply'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort(new Error('not needed'));
  await t.rejects(dropped, /not needed/);
  await Promise.all([first, ahead, reply]);
  t.ok(order.indexOf('reply') < order.indexOf('ahead'), order.join(' '));
});

t.test('ends its process when no engine is left', { skip, timeout: 30_000 }, async (t) => {
  const folder = readdirSync(runtime).find((name) => name.startsWith('showroom-run-'))!;
  const socket = join(runtime, folder, readdirSync(join(runtime, folder))[0]!);
  while (existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 200));
  t.pass('the socket is gone');
});
