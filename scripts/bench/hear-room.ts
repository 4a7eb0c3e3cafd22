/**
 * Hears a room as a viewer does: puts it on air without music, records its RTMP address, and has the lines that were spoken heard.
 *
 *     npm run bench -- hear-room --ears 'python ears.py' [--room demo-portrait | --template kitchen --language zh]
 *       [--seconds 60] [--engine dist/cli/main.js] [--set presenter.voice.name=heart-ivy] [--keep DIR]
 *
 * `--engine` is the command line of another checkout, to compare with it. `--ears` is a command that takes a file of clips (columns group, wav, language,
 * text); without it the sound is kept, and its path and text are printed. The recording is cut at the first and last whole line.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monoWav } from '../../src/audio/mono-wav.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { decodeSound } from '../../test/kit/on-air.js';
import { asHeard } from './kit/as-heard.js';
import { endWithUs } from './kit/end-with-us.js';
import { recordRtmp } from './proof/receivers.js';
import { scriptOptions } from './kit/script-options.js';

const RATE_HZ = 48_000;
const TOKEN = 'hear-room-hear-room';
const POLL_MS = 50;
const START_TIMEOUT_MS = 120_000;
/** Of the receiver behind the room. */
const MAX_DELAY_S = 8;
const HOP = RATE_HZ / 20;

const values = scriptOptions(
  import.meta.url,
  {
    ears: { type: 'string' },
    room: { type: 'string', default: 'demo-portrait' },
    template: { type: 'string' },
    language: { type: 'string', default: 'en' },
    seconds: { type: 'string', default: '60' },
    engine: { type: 'string', default: join(packageRoot(), 'dist/cli/main.js') },
    set: { type: 'string', multiple: true },
    keep: { type: 'string' },
  },
  ({ seconds }) => (Number(seconds) >= 10 ? undefined : `--seconds: expected 10 or more, found ${seconds}`),
);
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const place = values.keep ?? mkdtempSync(join(tmpdir(), 'hear-room-'));
mkdirSync(place, { recursive: true });

interface Spoken {
  readonly text: string;
  readonly language: string;
  readonly fromS: number;
  toS: number;
}

const { file, port, rtmpUrl } = await makeRoom();
const engine = spawn(process.execPath, [resolve(values.engine), 'start', '--room', file], {
  env: { ...process.env, ENGINE_TOKEN: TOKEN },
  stdio: ['ignore', 'ignore', 'pipe'],
});
endWithUs(engine);
let errors = '';
engine.stderr.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-2000)));
const flv = join(place, 'heard.flv');
const lines: Spoken[] = [];
try {
  await onAir();
  const recorder = recordRtmp((await findFfmpeg()).path, rtmpUrl, flv);
  const startMs = performance.now();
  const second = (): number => (performance.now() - startMs) / 1000;
  while (second() < Number(values.seconds)) {
    const speaking = await speakingNow();
    const now = second();
    const last = lines.at(-1);
    if (speaking !== null && last?.text === speaking.text && now - last.toS < 2) last.toS = now;
    else if (speaking !== null) lines.push({ ...speaking, fromS: now, toS: now });
    await sleep(POLL_MS);
  }
  await sleep(MAX_DELAY_S * 500);
  await recorder.stop();
} finally {
  const ended = new Promise<void>((done) => engine.once('exit', () => done()));
  engine.kill('SIGTERM');
  await Promise.race([ended, sleep(10_000)]);
  engine.kill('SIGKILL');
}
const sound = await decodeSound(flv);
const delayS = delayOf(sound, lines);
const whole = lines.filter(({ fromS, toS }) => fromS > 0.5 && toS < Number(values.seconds) - 0.5);
const [first, last] = [whole[0], whole.at(-1)];
if (first === undefined || last === undefined) throw new Error(`no whole line was spoken: ${errors}`);
const at = (seconds: number): number => Math.max(0, Math.round((seconds + delayS) * RATE_HZ));
const wav = join(place, 'heard.wav');
writeFileSync(wav, monoWav(sound.slice(at(first.fromS - 0.25), at(last.toS + 0.35)), RATE_HZ));
const text = asHeard(whole.map((one) => one.text.replaceAll(/\s+/gu, ' ')).join(' '));
const clips = join(place, 'clips.tsv');
writeFileSync(clips, `group\twav\tlanguage\ttext\nroom\t${wav}\t${first.language.split('-')[0]}\t${text}\n`);
console.log(
  `${whole.length} lines, ${(last.toS - first.fromS).toFixed(1)} s, ${delayS.toFixed(2)} s behind the room: ${text}`,
);
if (values.ears === undefined) console.log(clips);
else {
  process.stdout.write(
    execFileSync('/bin/sh', ['-c', `${values.ears} "$0"`, clips], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  if (values.keep === undefined) rmSync(place, { recursive: true, force: true });
}

/** A copy of the room without music, far outputs and viewers, with free ports and its ledger beside it. */
async function makeRoom(): Promise<{ file: string; port: number; rtmpUrl: string }> {
  const from =
    values.template === undefined
      ? ['--from', values.room]
      : ['--template', values.template, '--language', values.language];
  const folder = join(place, `room-${process.pid}`);
  execFileSync(process.execPath, [resolve(values.engine), 'new', folder, ...from], { stdio: 'ignore' });
  const made = join(folder, 'room.json');
  const room = JSON.parse(readFileSync(made, 'utf8')) as Record<string, any>;
  const [control, rtmpPort, flvPort] = [await freePort(), await freePort(), await freePort()];
  room['name'] = 'heard';
  room['outputs'] = [];
  room['audio'] = { ...room['audio'], music: undefined };
  room['control'] = { ...room['control'], host: '127.0.0.1', port: control, rtmpPort, flvPort };
  room['compliance'] = { ...room['compliance'], ledger: join(place, `ledger-${process.pid}.jsonl`) };
  for (const one of values.set ?? []) {
    const [path = '', value = ''] = one.split('=');
    const keys = path.split('.');
    const owner = keys.slice(0, -1).reduce((object, key) => (object[key] ??= {}), room);
    owner[keys.at(-1)!] = /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  }
  writeFileSync(made, JSON.stringify(room));
  return { file: made, port: control, rtmpUrl: `rtmp://127.0.0.1:${rtmpPort}/live/heard` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return free;
}

async function speakingNow(): Promise<{ text: string; language: string } | null> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/room`, { headers: { authorization: `Bearer ${TOKEN}` } });
  if (!reply.ok) throw new Error(`GET /api/room: ${reply.status}`);
  return ((await reply.json()) as { speaking: { text: string; language: string } | null }).speaking;
}

async function onAir(): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const isUp = await speakingNow().then(
      () => true,
      () => false,
    );
    if (isUp) return;
    if (engine.exitCode !== null || performance.now() > deadline) throw new Error(`the room did not start: ${errors}`);
    await sleep(200);
  }
}

/** How far the sound comes behind what the room said of itself: where speech and silence agree best. */
function delayOf(pcm: Float32Array, spoken: readonly Spoken[]): number {
  const loud: boolean[] = [];
  for (let i = 0; i + HOP <= pcm.length; i += HOP) {
    let power = 0;
    for (let j = i; j < i + HOP; j += 1) power += pcm[j]! ** 2;
    loud.push(power / HOP > 1e-6);
  }
  const said = loud.map((_, i) => spoken.some(({ fromS, toS }) => i / 20 >= fromS && i / 20 <= toS));
  let best = { lag: 0, score: -Infinity };
  for (let lag = -2 * 20; lag <= MAX_DELAY_S * 20; lag += 1) {
    let score = 0;
    let count = 0;
    for (let i = Math.max(0, -lag); i < said.length && i + lag < loud.length; i += 1) {
      score += said[i] === loud[i + lag] ? 1 : 0;
      count += 1;
    }
    if (count > 0 && score / count > best.score) best = { lag, score: score / count };
  }
  return best.lag / 20;
}
