import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { consentRecord, filmManifest, MAX_FILM_FRAMES, mouthTrackFile } from '../avatar/filmed/film-manifest.js';
import { EngineError } from '../core/errors.js';
import {
  blendReferences,
  chooseReferences,
  judgeFrames,
  lipsMove,
  longestRun,
  type Rejection,
} from './face/choose-references.js';
import { gapsOf, smoothPoints, trackFace, widthsOf } from './face/track-face.js';
import { inSpace, type MouthSpace, mouthSpace, poseOf } from './face/mouth-space.js';
import { poseTemplate, type PoseTemplate, refinePose } from './face/refine-pose.js';
import { type Footage, openFootage, type Rgb } from './footage/open-footage.js';
import { samplePatch } from './footage/sample-patch.js';
import { type FilmedResult, type FilmPresenterOptions, writeFilm } from './write-film.js';
import { keyOut, screenColour, type ScreenColour } from './matte/colour-key.js';
import { patchMask, writeMouthSheet } from './mouths/filmed-mouth-shapes.js';
import { talkBank } from './mouths/talk-bank.js';
import { type MouthBankParts, type Reference, warpBank } from './mouths/warp-bank.js';
import { FaceNets } from './nets/find-face.js';
import { type ReportPicture, thumbnail, writeReport } from './report/write-report.js';

/** Parts of the run in which the loop may end. */
const END_SHARE = 0.25;
const MIN_FRAMES = 24;

/**
 * The frames [from, to) that play to and fro: as long as possible, with ends where the head hardly moves, because there
 * it turns back. Marked gestures are left out.
 */
export function chooseLoop(
  points: readonly (Float32Array | undefined)[],
  run: readonly [number, number],
  space: MouthSpace,
  gestures: readonly (readonly [number, number])[],
  toMs: (frame: number) => number,
): [number, number] {
  const [from, to] = withoutGestures(run, gestures, toMs);
  const speed = (n: number): number => {
    const before = Math.max(from, n - 1);
    const behind = Math.min(to - 1, n + 1);
    const [a, b] = [points[before], points[behind]];
    if (a === undefined || b === undefined) return Infinity;
    let sum = 0;
    for (const i of [10, 152, 234, 454, 1, 33, 263])
      sum += Math.hypot(b[i * 3]! - a[i * 3]!, b[i * 3 + 1]! - a[i * 3 + 1]!);
    // Half-closed lids at a turn would flutter.
    const lids = [159, 386].reduce((s, i) => s + Math.abs(b[i * 3 + 1]! - a[i * 3 + 1]!), 0);
    return (sum / 7 + lids) / space.unit / Math.max(1, behind - before);
  };
  const reach = Math.floor((to - from) * END_SHARE);
  if (to - from - 2 * reach < MIN_FRAMES) return [from, to];
  let [first, last] = [from, to - 1];
  const cost = (n: number, away: number): number => speed(n) + (0.004 * away) / Math.max(1, reach);
  for (let k = 0; k < reach; k += 1) {
    if (cost(from + k, k) < cost(first, first - from)) first = from + k;
    if (cost(to - 1 - k, k) < cost(last, to - 1 - last)) last = to - 1 - k;
  }
  return [first, last + 1];
}

/** The longest part of the run that no gesture touches. */
function withoutGestures(
  [from, to]: readonly [number, number],
  gestures: readonly (readonly [number, number])[],
  toMs: (frame: number) => number,
): [number, number] {
  let best: [number, number] = [from, from];
  let start = from;
  for (let n = from; n <= to; n += 1) {
    const inside = n < to && gestures.some(([a, b]) => toMs(n) >= a - 100 && toMs(n) <= b + 100);
    if (n < to && !inside) continue;
    if (n - start > best[1] - best[0]) best = [start, n];
    start = n + 1;
  }
  return best[1] - best[0] >= MIN_FRAMES ? best : [from, to];
}

/** The colour of the screen behind the person, when one is asked for or found. */
async function screenOf(footage: Footage, matte: string, signal: AbortSignal): Promise<ScreenColour | undefined> {
  if (matte !== 'auto' && matte !== 'green') return undefined;
  for await (const picture of footage.frames(signal)) {
    const screen = screenColour(picture);
    if (screen === undefined && matte === 'green') {
      throw new EngineError('E_ASSET_INVALID', {
        where: '--matte green',
        expected: 'one green or blue behind the person',
        found: 'other colours around the picture',
      });
    }
    return screen;
  }
  return undefined;
}

/** The pictures of the chosen frames, keyed, with their poses laid on the first one. */
async function takeReferences(
  footage: Footage,
  chosen: readonly number[],
  points: readonly (Float32Array | undefined)[],
  space: MouthSpace,
  screen: ScreenColour | undefined,
  always: boolean,
  signal: AbortSignal,
): Promise<Reference[]> {
  const pictures = new Map<number, { picture: Rgb; alpha: Uint8Array | undefined }>();
  const last = Math.max(...chosen);
  let n = 0;
  for await (const picture of footage.frames(signal)) {
    if (chosen.includes(n)) {
      const alpha = screen === undefined ? undefined : keyOut(picture, screen);
      pictures.set(n, { picture, alpha });
    }
    if (n === last) break;
    n += 1;
  }
  let first: PoseTemplate | undefined;
  return chosen.map((frame) => {
    const { picture, alpha } = pictures.get(frame)!;
    const own = poseOf(space, points[frame]!);
    const pose = first === undefined ? own : refinePose(picture, own, first, space);
    first ??= poseTemplate(picture, pose, space, !always);
    const marks = inSpace(
      pose,
      points[frame]!,
      Array.from({ length: 468 }, (_, i) => i),
    );
    const matte = alpha === undefined ? undefined : samplePatch(greyOf(alpha, picture), pose, space);
    const upper = poseTemplate(picture, pose, space, false);
    const template = always ? upper : poseTemplate(picture, pose, space, true);
    return { frame, pose, rest: samplePatch(picture, pose, space), marks, matte, template, upper };
  });
}

function greyOf(alpha: Uint8Array, { width, height }: Rgb): Rgb {
  const data = new Uint8Array(alpha.length * 3);
  for (let i = 0; i < alpha.length; i += 1) data.fill(alpha[i]!, i * 3, i * 3 + 3);
  return { data, width, height };
}

/** A film with less than this in one piece makes no loop. */
const MIN_LOOP_SECONDS = 1.2;
/** A shorter base film is refused. */
const MIN_BASE_SECONDS = 10;
/** With less, viewers notice that it repeats. */
const GOOD_LOOP_SECONDS = 10;
const REJECTED_PICTURES = 24;

/** Makes a presenter's pack from footage. Throws EngineErrors that name the option and the film. */
export async function filmPresenter(options: FilmPresenterOptions): Promise<FilmedResult> {
  const { base, out, signal, decoderPath, onProgress } = options;
  checkConsent(options.consent);
  await refuseFull(out);
  const draft = `${out}.${process.pid}.part`;
  await mkdir(draft, { recursive: true });
  try {
    const steps = options.talk === undefined ? 4 : 5;
    onProgress?.(1, steps, 'looking for the face');
    const nets = await FaceNets.load();
    const footage = await openFootage(base, '--base', decoderPath, signal);
    const rejectedPictures: ReportPicture[] = [];
    const track = await trackFace(footage, `--base ${base}`, nets, MAX_FILM_FRAMES, signal, (n, picture, face) => {
      if (n % 25 === 0) onProgress?.(1, steps, `looking for the face: frame ${n}`);
      // A few pictures are kept for the report before it is known which are needed.
      if (n % 12 === 0 || face.points === undefined) keep(rejectedPictures, n, picture);
    });
    refuseShort(base, (track.frames.length * footage.rate.den) / footage.rate.num);
    const rejected = judgeFrames(track.frames, track.width, track.height);
    const run = longestRun(rejected);
    const seconds = ((run[1] - run[0]) * footage.rate.den) / footage.rate.num;
    if (seconds < MIN_LOOP_SECONDS) {
      const report = join(out, 'report.html');
      throw new EngineError('E_ASSET_INVALID', {
        where: `--base ${base}`,
        expected: `${MIN_LOOP_SECONDS} s in one piece that show the face well`,
        found: `${seconds.toFixed(1)} s; ${counted(rejected)}`,
        todo: `film again: look into the camera, light from the front, nothing before the face (no report at ${report})`,
      });
    }
    onProgress?.(2, steps, 'choosing pictures of the resting mouth');
    const usable = rejected.map((r) => r === undefined);
    const points = smoothPoints(track.frames.map((f) => f.points));
    const gaps = gapsOf(points);
    const always = lipsMove(gaps.filter((_, i) => usable[i]));
    const inRun = usable.map((u, i) => u && i >= run[0] && i < run[1]);
    const chosen = chooseReferences(track.frames, gaps, widthsOf(points), inRun);
    const space = mouthSpace(points[chosen[0]!]!);
    const screen = await screenOf(footage, options.matte, signal);
    const references = await takeReferences(footage, chosen, points, space, screen, always, signal);

    onProgress?.(3, steps, 'writing the film');
    const passed = await writeFilm({
      options,
      footage,
      nets,
      screen,
      space,
      points,
      track,
      chosen,
      references,
      usable,
      draft,
      tell: (n) => onProgress?.(3, steps, `writing the film: frame ${n} of ${track.frames.length}`),
    });

    onProgress?.(4, steps, 'making mouths');
    const mask = patchMask(space);
    const mouthAt = (done: number, of: number): void => onProgress?.(4, steps, `making mouths: ${done} of ${of}`);
    const warped = await warpBank(space, references, mask, mouthAt);
    let bank: MouthBankParts = warped;
    const warnings: string[] = [];
    if (seconds < GOOD_LOOP_SECONDS)
      warnings.push(
        `only ${seconds.toFixed(1)} s of the base film can be used in one piece: viewers see the same movements every ` +
          `${seconds.toFixed(1)} s; film ${GOOD_LOOP_SECONDS} s or more at rest (可用的静态画面太短，请拍摄 ${GOOD_LOOP_SECONDS} 秒以上)`,
      );
    let talkReport: Awaited<ReturnType<typeof talkBank>> | undefined;
    if (options.talk !== undefined) {
      onProgress?.(5, steps, 'reading the talk');
      talkReport = await talkBank({
        options,
        space,
        reference: references[0]!,
        mask,
        nets,
        warped,
        tell: (what) => onProgress?.(5, steps, what),
      });
      if (talkReport.note !== '') warnings.push(talkReport.note);
      if (talkReport.bank === undefined) warnings.push(talkReport.why);
      else bank = talkReport.bank;
    }
    const columns = await writeMouthSheet(join(draft, 'mouths.webp'), bank.patches, bank.masks);
    const blends =
      bank.references === 1 ? track.frames.flatMap(() => [0, 0, 0]) : blendReferences(track.frames, chosen);
    const round = (v: number, digits: number): number => Number(v.toFixed(digits));
    const { left, top, width, height, unit } = space;
    const trackFile = mouthTrackFile.parse({
      rect: { left, top, width, height },
      references: bank.references,
      columns,
      poses: passed.poses.flatMap(({ a, b, c, d, tx, ty }) =>
        [a, b, c, d].map((v) => round(v, 5)).concat([tx, ty].map((v) => round(v, 3))),
      ),
      usable: usable.map(Number),
      blends,
      tones: passed.tones,
      gaps: gaps.map((g) => Math.min(2000, Math.round(g * 1000))),
      mouths: bank.mouths,
      unit: round(unit, 2),
      frames: track.frames.length,
    });
    const toMs = (frame: number): number => Math.round((frame * 1000 * footage.rate.den) / footage.rate.num);
    const loop = chooseLoop(
      points,
      run,
      space,
      options.gestures.map(({ fromMs, toMs: end }) => [fromMs, end] as const),
      toMs,
    );
    const manifest = filmManifest.parse({
      kind: 'filmed',
      format: 1,
      name: options.name,
      title: options.title ?? '',
      ageYears: options.ageYears ?? 30,
      consent: options.consent,
      film: {
        file: 'film.mp4',
        width: footage.width,
        height: footage.height,
        rate: footage.rate,
        frames: track.frames.length,
        alpha: passed.person !== undefined,
      },
      person: passed.person ?? [0, 0, footage.width, footage.height],
      face: faceBox(points[chosen[0]!]!),
      loop: { fromMs: toMs(loop[0]), toMs: toMs(loop[1]) },
      gestures: options.gestures,
      mouth: {
        track: 'track.json',
        pictures: 'mouths.webp',
        always,
        source: bank.references === 1 && talkReport?.bank !== undefined ? 'talk' : 'warp',
      },
    });
    await writeFile(join(draft, 'track.json'), JSON.stringify(trackFile));
    await writeFile(join(draft, 'pack.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeReport(join(draft, 'report.html'), {
      manifest,
      rejected,
      pictures: reportPictures(rejectedPictures, rejected),
      bank,
      space,
      gaps,
      loop,
      warnings,
      talk: talkReport?.summary,
    });
    await rm(out, { recursive: true, force: true });
    await rename(draft, out);
    return {
      dir: out,
      frames: track.frames.length,
      usable: usable.filter(Boolean).length,
      loopMs: [toMs(loop[0]), toMs(loop[1])],
      mouths: bank.mouths.length,
      source: manifest.mouth.source,
      always,
      alpha: manifest.film.alpha,
      report: join(out, 'report.html'),
      correlation: talkReport?.correlation,
      warnings,
    };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** A base film that turns back before a viewer's eyes is refused. */
export function refuseShort(base: string, seconds: number): void {
  if (seconds >= MIN_BASE_SECONDS) return;
  throw new EngineError('E_ASSET_INVALID', {
    where: `--base ${base}`,
    expected: `${MIN_BASE_SECONDS} s or more of the person at rest`,
    found: `${seconds.toFixed(1)} s: viewers would see the same movements every ${seconds.toFixed(1)} s`,
    todo: `film ${MIN_BASE_SECONDS} to 60 s (请拍摄 ${MIN_BASE_SECONDS} 至 60 秒)`,
  });
}

function checkConsent(consent: unknown): void {
  const result = consentRecord.safeParse(consent);
  if (result.success) return;
  const issue = result.error.issues[0]!;
  throw new EngineError('E_PRESENTER_INVALID', {
    where: `consent.${issue.path.join('.')}`,
    expected: issue.message.replace(/^expected /, ''),
    found: 'no valid value',
    todo: 'give --consent FILE, or --consent-who, --consent-date, --consent-use, --consent-document and --adult',
  });
}

/** An existing folder is replaced only when it is a pack. */
async function refuseFull(out: string): Promise<void> {
  const names = await readdir(out).catch((): string[] => []);
  if (names.length === 0 || names.includes('pack.json')) return;
  throw new EngineError('E_BAD_REQUEST', {
    where: `--out ${out}`,
    expected: 'a new folder, or one with a pack',
    found: 'other files',
  });
}

const counted = (rejected: readonly (Rejection | undefined)[]): string => {
  const counts = new Map<string, number>();
  for (const r of rejected) if (r !== undefined) counts.set(r, (counts.get(r) ?? 0) + 1);
  return [...counts].map(([why, n]) => `${n} frames ${why}`).join(', ') || 'the film is too short';
};

function keep(pictures: ReportPicture[], frame: number, picture: Rgb): void {
  if (pictures.length < 400) pictures.push({ frame, jpeg: thumbnail(picture) });
}

function reportPictures(all: readonly ReportPicture[], rejected: readonly (Rejection | undefined)[]): ReportPicture[] {
  const bad = all.filter(({ frame }) => rejected[frame] !== undefined);
  const good = all.filter(({ frame }) => rejected[frame] === undefined);
  const thin = (list: ReportPicture[], n: number): ReportPicture[] =>
    list.filter((_, i) => Math.floor((i * n) / list.length) !== Math.floor(((i - 1) * n) / list.length));
  return [...thin(bad, REJECTED_PICTURES), ...thin(good, 8)];
}

function faceBox(points: Float32Array): [number, number, number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < 468 * 3; i += 3) {
    x0 = Math.min(x0, points[i]!);
    y0 = Math.min(y0, points[i + 1]!);
    x1 = Math.max(x1, points[i]!);
    y1 = Math.max(y1, points[i + 1]!);
  }
  return [x0, y0, x1 - x0, y1 - y0].map((v) => Math.round(v)) as [number, number, number, number];
}
