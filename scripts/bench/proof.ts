// Proof at the receiver: a real room on loopback, violations injected by every route, and a search of everything that
// three receivers got.
//
//   npm run bench -- proof [--seconds 300] [--seed 1] [--no-load] [--keep DIR] [--json]
//
// Exit code 0 when nothing leaked, 1 when a forbidden frame or word reached a receiver or a harmless word was damaged.
// Progress goes to standard error. Without --keep the recordings are deleted. docs/proof.md explains it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { countersAddUp } from '../../src/config/api/room-handle.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { preferThisProcess } from '../../src/native/process-priority.js';
import { decodeSound, until } from '../../test/kit/on-air.js';
import { burnAllCores } from './proof/burn.js';
import { checkWords, type WordResult } from './proof/check-words.js';
import { inject } from './proof/inject.js';
import type { Injection } from './proof/injection.js';
import { startProofRoom, type LedgerLine } from './proof/proof-room.js';
import { recordRtmp, startFarServer } from './proof/receivers.js';
import { framesOf, replacedSpans, standing, withoutCause } from './proof/replaced-share.js';
import { rowsOf, waysTable, wordsTable } from './proof/report.js';
import { ForbiddenLines } from './proof/script-lines.js';
import { greyRgba, searchFrames } from './proof/search-frames.js';
import { spokenLines } from './proof/spoken-lines.js';
import { WhepRecorder } from './proof/whep-recorder.js';
import { scriptOptions } from './kit/script-options.js';

const args = scriptOptions(
  import.meta.url,
  {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    load: { type: 'boolean', default: true },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  ({ seconds: given, seed: number }) => {
    if (!(Number(given) >= 20)) return `--seconds: expected 20 or more, found ${given}`;
    return Number.isInteger(Number(number)) ? undefined : `--seed: expected a whole number, found ${number}`;
  },
);
const seconds = Number(args.seconds);
const seed = Number(args.seed);
const say = (line: string): void => void process.stderr.write(`proof: ${line}\n`);

const dir = args.keep ?? mkdtempSync(join(tmpdir(), 'showroom-proof-'));
mkdirSync(dir, { recursive: true });
const ffmpeg = (await findFfmpeg()).path;
// Like `engine start`: the tested room has a room's usual priority.
preferThisProcess(process.env['ENGINE_NICE']);
const far = await startFarServer(dir);
const room = await startProofRoom(dir, seed, far.publishUrl);
const injections: Injection[] = [];
const forbiddenLines = new ForbiddenLines();
const files = { local: join(dir, 'local.flv'), far: join(dir, 'far.flv') };
const whepFiles = { picture: join(dir, 'whep.h264'), sound: join(dir, 'whep.ogg') };
let stopLoad = (): void => undefined;
let final;
let ledger: LedgerLine[];
let lostPictures = 0;
try {
  await until('both RTMP outputs are live', () =>
    room.live.snapshot().outputs.every((o) => o.kind !== 'rtmp' || o.state === 'live'),
  );
  const recorders = [
    recordRtmp(ffmpeg, room.live.addresses.rtmp, files.local),
    recordRtmp(ffmpeg, far.playUrl, files.far),
  ];
  const whep = await WhepRecorder.start(`${room.url}/whep`, whepFiles.picture, whepFiles.sound);
  say(`on air with ${far.kind} as the far receiver; injecting for ${seconds} s, seed ${seed}`);
  if (args.load) stopLoad = burnAllCores();
  const listening = setInterval(() => {
    const { speaking, frame } = room.live.snapshot();
    forbiddenLines.see(speaking?.text, frame);
  }, 100);
  let riskResets = 0;
  const progress = setInterval(() => {
    const { frame, frames, lateTicks, risk } = room.live.snapshot();
    if (risk.level === 'limit') {
      // The score reached its limit; the proof continues.
      riskResets += 1;
      room.live.resume();
    }
    say(`frame ${frame}: ${injections.length} injected, ${frames.replaced} replaced, ${lateTicks.total} late ticks`);
  }, 5000);
  await inject(room, seconds, seed, (i) => injections.push(i)).finally(() => {
    clearInterval(progress);
    clearInterval(listening);
  });
  if (riskResets > 0) say(`the risk score reached its limit ${riskResets} times`);
  final = room.live.snapshot();
  stopLoad();
  await Promise.all([...recorders.map((r) => r.stop()), whep.stop()]);
  lostPictures = whep.lostPictures;
  ledger = room.ledger();
  injections.push(...forbiddenLines.injections(ledger, room.room.script));
} finally {
  stopLoad();
  await room.close();
  await far.close();
}

const { width, height } = room.room.video;
// The search takes minutes of all cores at low urgency.
preferThisProcess('5');
say('decoding and searching every received picture');
const pictures = await searchFrames(
  ffmpeg,
  [
    { receiver: 'rtmp-local', file: files.local },
    { receiver: `rtmp-${far.kind}`, file: files.far },
    { receiver: 'whep', file: whepFiles.picture },
  ],
  width,
  height,
  say,
);
for (const [i, leak] of pictures.leaks.slice(0, 20).entries()) {
  const where = leak.seen.map((s) => `${s.receiver} ${s.picture}`).join(', ');
  say(`LEAK: ${leak.found.join('; ')} in ${where}`);
  if (args.keep !== undefined) {
    const rgba = greyRgba(leak.picture, width * height);
    await sharp(rgba, { raw: { width, height, channels: 4 } })
      .png()
      .toFile(join(dir, `leak-${i}.png`));
  }
}

say('measuring the words');
const startFrameOf = (line: string): number | undefined =>
  ledger.find((e) => e.kind === 'text' && e.detail?.line === line && e.frame !== undefined)?.frame;
const lines = await spokenLines(injections, startFrameOf, room.config);
const words: WordResult[] = [];
for (const [receiver, file] of [
  ['rtmp-local', files.local],
  [`rtmp-${far.kind}`, files.far],
  ['whep', whepFiles.sound],
] as const) {
  words.push(...checkWords(receiver, await decodeSound(file), lines));
}
for (const w of words.filter((r) => r.audible || !r.intact)) {
  say(
    `${w.audible ? 'LEAK' : 'DAMAGE'} at ${w.receiver}: ${w.forbiddenDb} dBFS, neighbours ${w.neighbourDb} dB: ${w.marked}`,
  );
}
// A line that passed the judge entirely: no part of it was silent.
const unmuted = injections.filter((i) => i.outcome === 'spoken' && i.muted !== true);
for (const i of unmuted) say(`LEAK: spoken without a mute: ${i.marked}`);

const spans = replacedSpans(ledger, final.frames.replaced, final.frames.released + final.frames.replaced);
const rows = rowsOf(injections, spans);
const admitted = injections.filter((i) => i.outcome === 'admitted');
for (const i of admitted) say(`LEAK: admitted: ${i.way}, ${i.detail}`);
const admittedText = admitted.filter((i) => /text|bubble|ticker|words/.test(i.way));
const leakedFrames =
  pictures.leaks.reduce((n, l) => n + l.seen.length, 0) + admittedText.reduce((n, i) => n + i.toFrame - i.fromFrame, 0);
const leakedWords = words.filter((w) => w.audible).length + unmuted.length;
const damagedWords = words.filter((w) => !w.intact && !w.audible).length;
const { frames } = final;
const withoutCauseSpans = withoutCause(spans, injections);
const causeless = framesOf(withoutCauseSpans);
const report = {
  seconds,
  seed,
  load: args.load,
  injected: injections.filter((i) => i.outcome !== 'failed').length,
  leakedFrames,
  leakedWords,
  damagedWords,
  replacedShare: frames.replaced / frames.rendered,
  replacedWithoutCauseShare: causeless / frames.rendered,
  withoutCauseSpans,
  replacedBy: final.replacedBy,
  troubledAt: injections.flatMap((i) => i.troubledAt ?? []),
  standingShare: standing(injections, frames.rendered) / frames.rendered,
  frames: { ...frames, late: final.lateTicks.total },
  sound: final.sound,
  mutedBy: final.mutedBy,
  countersAddUp: countersAddUp(final),
  releasedUnjudged: frames.releasedUnjudged,
  receivers: pictures.received,
  whepLostPictures: lostPictures,
  searched: {
    distinct: pictures.distinct,
    jsqr: pictures.jsqr,
    learned: pictures.learned,
    doubtful: pictures.doubtful,
  },
  wordsMeasured: words.length,
  scanThreadRestarts: room.scanner.restarts,
  ways: rows,
};
const pass =
  leakedFrames === 0 &&
  leakedWords === 0 &&
  damagedWords === 0 &&
  // A proof without measured silence proves nothing.
  words.length > 0 &&
  frames.releasedUnjudged === 0 &&
  report.countersAddUp;

if (args.json) process.stdout.write(`${JSON.stringify({ ...report, pass })}\n`);
else {
  const share = (v: number): string => `${(v * 100).toFixed(2)} %`;
  const muted = Object.entries(final.mutedBy).map(([cause, n]) => `${cause} ${n}`);
  const got = Object.entries(pictures.received).map(([name, n]) => `${name} ${n}`);
  process.stdout.write(
    [
      waysTable(rows),
      '',
      `pictures received: ${got.join(', ')}; ${pictures.distinct} distinct ones searched, ${leakedFrames} with a code or forbidden text`,
      wordsTable(words),
      `frames: ${frames.rendered} drawn, ${frames.replaced} replaced (${share(report.replacedShare)}), ` +
        `${causeless} of them without cause (${share(report.replacedWithoutCauseShare)}), ` +
        `codes or their parts stood in ${share(report.standingShare)}, ` +
        `${frames.releasedUnjudged} released unjudged, ${final.lateTicks.total} late ticks`,
      `blocks of sound: ${final.sound.rendered} mixed, ${final.sound.muted} of them silenced (${muted.join(', ')})`,
      ...(report.countersAddUp ? [] : ['the counters do not add up']),
      `scan threads started again: ${report.scanThreadRestarts}`,
      pass
        ? 'PASS: nothing forbidden reached a receiver.'
        : `FAIL: ${leakedFrames} frames, ${leakedWords} words leaked, ${damagedWords} lines damaged.`,
      '',
    ].join('\n'),
  );
}
if (args.keep === undefined) rmSync(dir, { recursive: true, force: true });
process.exit(pass ? 0 : 1);
