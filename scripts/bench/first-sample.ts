/**
 * How long after an answer was judged its first sample is made, beside a running room: `heart` in English, Kokoro in Chinese.
 *
 *     npm run bench -- first-sample [--times 10] [--room FILE] [--alone] [--json]
 *
 * Puts a room on air as its own process, lets it settle, and has answers that nobody has said before made as a room makes them: the
 * first clause alone, at the priority of a reply. `--alone` measures without a room. Also shown: the peak memory of the process
 * that runs the package's networks. Kokoro is left out where it is not installed.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { replyParts } from '../../src/viewers/replies/replies-in-parts.js';
import { isInstalled } from '../../src/weights/index.js';
import { onAirEngine } from './kit/on-air-engine.js';
import { scriptOptions } from './kit/script-options.js';

const SETTLE_MS = 20_000;
const PAUSE_MS = 1500;

const values = scriptOptions(
  import.meta.url,
  {
    times: { type: 'string', default: '10' },
    room: { type: 'string', default: 'templates/rooms/demo-portrait/room.json' },
    alone: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  ({ times }) => (Number(times) >= 1 ? undefined : `--times: expected 1 or more, found ${times}`),
);

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const VOICES = [
  {
    name: 'heart',
    request: { language: 'en', provider: 'heart', voice: 'heart' },
    pace: 'quick',
    answer: (n: number) =>
      `From ${2000 + n} pieces on each bottle costs two dollars, and samples ship within three days from our own warehouse.`,
  },
  {
    name: 'kokoro',
    request: { language: 'zh', provider: 'kokoro', voice: 'zf_xiaobei' },
    pace: 'slow',
    answer: (n: number) => `订购${2000 + n}个以上，每个两美元，样品三天之内从我们自己的仓库发货。`,
  },
] as const;

/** The cache would answer a second run. */
const dir = mkdtempSync(join(tmpdir(), 'showroom-first-sample-'));
process.env['XDG_CACHE_HOME'] = join(dir, 'cache');
const started = Math.floor(Math.random() * 6000);
const speech = new SpeechService({ log: silentLog, timeoutMs: 60_000 });
const signal = new AbortController().signal;
const engine = values.alone
  ? undefined
  : await onAirEngine(
      join(packageRoot(), 'dist', 'cli', 'main.js'),
      values.room.startsWith('/') ? values.room : join(packageRoot(), values.room),
      dir,
    );
try {
  await speech.start();
  if (engine !== undefined) await sleep(SETTLE_MS);
  const rows = [];
  for (const { name, request, pace, answer } of VOICES) {
    if (name === 'kokoro' && !isInstalled('kokoro')) continue;
    speech.warm(request);
    await speech.speak({ id: 'warm', text: replyParts(answer(started), pace)[0]!, ...request }, signal);
    const took: number[] = [];
    let [first, seconds] = ['', 0];
    for (let n = 1; n <= Number(values.times); n += 1) {
      await sleep(PAUSE_MS);
      first = replyParts(answer(started + n), pace)[0]!;
      const fromMs = performance.now();
      const { pcm, voice } = await speech.speak({ id: `a${n}`, text: first, priority: 'reply', ...request }, signal);
      took.push(performance.now() - fromMs);
      if (voice !== request.voice) throw new Error(`${request.voice} did not speak: ${voice} did`);
      seconds = pcm.length / 48_000;
    }
    took.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))]!);
    rows.push({
      voice: name,
      medianMs: at(0.5),
      p95Ms: at(0.95),
      clause: first,
      clauseSeconds: Number(seconds.toFixed(2)),
    });
  }
  const modelPeakMib = peakOf('model-child');
  if (values.json) console.log(JSON.stringify({ rows, modelPeakMib }));
  else {
    console.table(rows);
    console.log(`peak of the model process, with the loader of sources: ${modelPeakMib ?? '–'} MiB`);
  }
} finally {
  await engine?.stop();
  await speech.close();
  rmSync(dir, { recursive: true, force: true });
}

/** Of our child that runs a module. */
function peakOf(module: string): number | undefined {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== process.pid) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(module)) continue;
      return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024);
    } catch {
      // It has ended.
    }
  }
  return undefined;
}
