import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { FileFault, readRegularFile, realPathInside } from '../../core/files/regular-file.js';
import { VISEMES } from '../../core/speech.js';
import { assertMouthFormat } from '../drawing/draw-mouths.js';
import { GESTURES, packVoices } from '../../cast/pack-voices.js';

/*
 * A filmed pack is a stranger's folder: every number in it is bounded, every file lies inside it, and nothing but the
 * names below is read. Without a complete record of consent it is refused.
 */
const MAX_FILM_SIDE = 1280;
export const MAX_FILM_FRAMES = 1800;
/** The entry of a frame is one byte. */
const MAX_MOUTHS = 240;
const MAX_PATCH_SIDE = 480;
const MAX_REFERENCES = 8;
const MAX_JSON_BYTES = 4 * 1024 * 1024;
const MAX_ATLAS_BYTES = 24 * 1024 * 1024;
const MAX_FILM_BYTES = 256 * 1024 * 1024;
/** Memory of a filmed presenter on stage: ring, mouths and first frame. */
export const MAX_FILM_MEMORY_BYTES = 60 * 1024 * 1024;

const durationMs = z.number().min(0).max(120_000);
const file = z.string().min(1).max(200);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date as 2026-01-31');

export const consentRecord = z
  .strictObject({
    who: z.string().trim().min(2).max(200).describe('Full name of the person shown'),
    date: day.describe('When consent was given, YYYY-MM-DD'),
    use: z.string().trim().min(3).max(500).describe('What the person agreed to'),
    document: z.string().trim().min(1).max(500).describe('Where the signed document is kept'),
    adult: z.literal(true, 'expected true: the person shown is an adult').describe('The person is an adult'),
    onePerson: z
      .literal(true, 'expected true: all footage shows this one person')
      .describe('One person in all footage'),
  })
  .describe('Who agreed to be shown by whom and for which use');
export type ConsentRecord = z.infer<typeof consentRecord>;

/** pack.json of a filmed presenter. */
export const filmManifest = z
  .strictObject({
    kind: z.literal('filmed'),
    format: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/i, 'expected letters, digits and dashes'),
    title: z.string().max(120).default(''),
    ageYears: z.int().min(18, 'expected 18 or more: rule 5.12 keeps minors off the air').max(120).default(30),
    author: z.string().max(200).default(''),
    consent: consentRecord,
    voices: packVoices.default({}),
    film: z.strictObject({
      file,
      width: z.int().min(64).max(MAX_FILM_SIDE).multipleOf(2),
      height: z.int().min(64).max(MAX_FILM_SIDE).multipleOf(2),
      rate: z.strictObject({ num: z.int().min(1).max(120_000), den: z.int().min(1).max(1001) }),
      frames: z.int().min(2).max(MAX_FILM_FRAMES),
      alpha: z.boolean().describe('The matte stands below the picture, as grey'),
    }),
    person: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
    face: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]),
    loop: z.strictObject({ fromMs: durationMs, toMs: durationMs }).describe('What plays to and fro at rest'),
    gestures: z
      .array(z.strictObject({ name: z.enum(GESTURES), fromMs: durationMs, toMs: durationMs }))
      .max(24)
      .default([])
      .describe('Parts of the film that show a gesture'),
    mouth: z.strictObject({
      track: file,
      pictures: file,
      always: z.boolean().describe('The lips of the film move by themselves, so a mouth always covers them'),
      source: z.enum(['warp', 'talk']),
    }),
  })
  .describe('A filmed presenter');
export type FilmManifest = z.infer<typeof filmManifest>;

const count = z.int().min(0);
/** The mouth of each frame, and the pictures of mouths. */
export const mouthTrackFile = z.strictObject({
  /** The rectangle of a mouth's picture around the middle of the mouth, in pixels of the film. */
  rect: z.strictObject({
    left: z.int().min(-MAX_PATCH_SIDE).max(0),
    top: z.int().min(-MAX_PATCH_SIDE).max(MAX_PATCH_SIDE),
    width: z.int().min(16).max(MAX_PATCH_SIDE).multipleOf(2),
    height: z.int().min(16).max(MAX_PATCH_SIDE).multipleOf(2),
  }),
  references: z.int().min(1).max(MAX_REFERENCES),
  columns: z.int().min(1).max(64),
  /** For each frame a, b, c, d, tx, ty: from the mouth's space to the frame. */
  poses: z.array(z.number().min(-4096).max(4096)).max(MAX_FILM_FRAMES * 6),
  /** 1 where a mouth may be drawn. */
  usable: z.array(z.int().min(0).max(1)).max(MAX_FILM_FRAMES),
  /** For each frame two references and the weight of the second, 0–256. */
  blends: z.array(z.int().min(0).max(256)).max(MAX_FILM_FRAMES * 3),
  /** For each frame the difference of Y, U and V to the pictures of mouths. */
  tones: z.array(z.int().min(-64).max(64)).max(MAX_FILM_FRAMES * 3),
  /** Measured gap between the lips in the footage itself, in thousandths of the eye distance. */
  gaps: z.array(z.int().min(0).max(2000)).max(MAX_FILM_FRAMES),
  mouths: z
    .array(
      z.strictObject({
        viseme: z.enum(VISEMES),
        openness: z.int().min(0).max(255),
        spread: z.number().min(-1.5).max(1.5),
        /** The mouth that follows in the footage, −1 where none does. */
        next: z.int().min(-1).max(MAX_MOUTHS).default(-1),
      }),
    )
    .min(1)
    .max(MAX_MOUTHS),
  unit: z.number().min(8).max(1000),
  frames: count,
});
export type MouthTrackFile = z.infer<typeof mouthTrackFile>;

export interface FilmPack {
  readonly manifest: FilmManifest;
  readonly track: MouthTrackFile;
  readonly trackPath: string;
  readonly filmPath: string;
  readonly picturesPath: string;
  /** The bytes of the sheet of mouths, of the format of a picture. */
  readonly pictures: Buffer;
  readonly hash: string;
}

const MANIFEST = 'pack.json';

/** Whether a parsed pack.json is one of a filmed presenter. */
export const isFilmed = (raw: unknown): boolean =>
  typeof raw === 'object' && raw !== null && (raw as { kind?: unknown }).kind === 'filmed';

/** Reads and checks a filmed pack. Throws E_PRESENTER_INVALID, naming file and field. */
export async function readFilmPack(dir: string): Promise<FilmPack> {
  const packFile = join(dir, MANIFEST);
  const text = await readBounded(packFile, MAX_JSON_BYTES);
  const manifest = parse(packFile, text, filmManifest);
  const trackPath = await inside(dir, packFile, 'mouth.track', manifest.mouth.track);
  const trackText = await readBounded(trackPath, MAX_JSON_BYTES);
  const track = parse(trackPath, trackText, mouthTrackFile);
  checkLengths(trackPath, manifest, track);
  checkTimes(packFile, manifest);
  const filmPath = await inside(dir, packFile, 'film.file', manifest.film.file);
  const picturesPath = await inside(dir, packFile, 'mouth.pictures', manifest.mouth.pictures);
  const pictures = await bounded(picturesPath, MAX_ATLAS_BYTES);
  assertMouthFormat(pictures, picturesPath);
  const hash = createHash('sha256').update(text).update(trackText);
  hash.update(await bounded(filmPath, MAX_FILM_BYTES)).update(pictures);
  return { manifest, track, trackPath, filmPath, picturesPath, pictures, hash: hash.digest('hex') };
}

/** Only pack.json, for the voices. */
export async function readFilmManifest(dir: string): Promise<FilmManifest> {
  const packFile = join(dir, MANIFEST);
  return parse(packFile, await readBounded(packFile, MAX_JSON_BYTES), filmManifest);
}

function checkLengths(where: string, { film }: FilmManifest, track: MouthTrackFile): void {
  const { frames } = film;
  const lengths = { poses: 6, usable: 1, blends: 3, tones: 3, gaps: 1 } as const;
  for (const [name, each] of Object.entries(lengths) as [keyof typeof lengths, number][]) {
    if (track[name].length === frames * each) continue;
    throw invalid(`${where}: ${name}`, `${frames * each} numbers for ${frames} frames`, `${track[name].length}`);
  }
  if (track.blends.some((v, i) => i % 3 < 2 && v >= track.references))
    throw invalid(`${where}: blends`, `references below ${track.references}`, 'a higher number');
}

function checkTimes(where: string, { film, loop, gestures }: FilmManifest): void {
  const endMs = (film.frames * 1000 * film.rate.den) / film.rate.num + 1;
  const check = (at: string, span: { fromMs: number; toMs: number }): void => {
    if (span.toMs > span.fromMs && span.toMs <= endMs) return;
    const expected = `fromMs < toMs ≤ ${Math.floor(endMs)}, the length of the film`;
    throw invalid(`${where}: ${at}`, expected, `${span.fromMs} to ${span.toMs}`);
  };
  check('loop', loop);
  gestures.forEach((gesture, i) => check(`gestures[${i}]`, gesture));
}

/** The real path of a file of the pack. */
async function inside(dir: string, packFile: string, field: string, path: string): Promise<string> {
  const full = resolve(dir, path);
  const within = relative(dir, full);
  if (within.startsWith('..') || isAbsolute(within))
    throw invalid(`${packFile}: ${field}`, 'a file inside the pack', path);
  return realPathInside(full, dir).catch((cause: unknown) => {
    throw faultOf(cause, `${packFile}: ${field}`);
  });
}

const bounded = (path: string, maxBytes: number): Promise<Buffer> =>
  readRegularFile(path, { maxBytes, within: dirname(path) }).catch((cause: unknown) => {
    throw faultOf(cause, path, maxBytes);
  });

function faultOf(cause: unknown, where: string, maxBytes = 0): unknown {
  if (!(cause instanceof FileFault)) return cause;
  const { code, found } = cause;
  if (code === 'outside') return invalid(where, 'a file inside the pack', found, cause);
  return invalid(where, code === 'too-large' ? `at most ${maxBytes} bytes` : 'a readable file', found, cause);
}

const readBounded = async (path: string, max: number): Promise<string> => (await bounded(path, max)).toString('utf8');

function parse<T extends z.ZodType>(path: string, text: string, schema: T): z.infer<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    // The parser's message quotes the file, which may be none of the pack's.
    throw invalid(path, 'JSON', 'something else', cause);
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = issue.path.map(String).join('.');
  let value: unknown = raw;
  for (const key of issue.path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  const found = JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
  const todo = field.startsWith('consent')
    ? 'a filmed presenter needs the consent of the person shown: see docs/filmed-presenters.md'
    : 'make the pack again: engine presenter film';
  throw invalid(`${path}: ${field}`, issue.message.replace(/^expected /, ''), found, undefined, todo);
}

export function invalid(where: string, expected: string, found: string, cause?: unknown, todo?: string): EngineError {
  return new EngineError('E_PRESENTER_INVALID', {
    where,
    expected,
    found,
    cause,
    todo: todo ?? 'make the pack again: engine presenter film',
  });
}
