import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../core/errors.js';
import { FileFault, readRegularFile } from '../core/files/regular-file.js';
import { VISEMES } from '../core/speech.js';
import type { ArmArt } from '../cast/body/limbs.js';
import { presenterSpec, wardrobeLook, type PresenterSpec, type WardrobeLook } from '../cast/presenter-spec.js';
import { lookNamed, looksOf, specManifest, specPack } from '../cast/spec-pack.js';
import { innerSvg, hasGroup } from './part-svg.js';
import { isFilmed, readFilmManifest } from './filmed/film-manifest.js';
import { GESTURES, packVoices, type GestureName, type PackVoices } from '../cast/pack-voices.js';

export { GESTURES, type GestureName, type PackVoice, type PackVoices } from '../cast/pack-voices.js';

const degrees = z.number().min(-360).max(360);
const point = z.tuple([z.number(), z.number()]).describe('x, y in drawing units');
const box = z
  .tuple([z.number(), z.number(), z.number().positive(), z.number().positive()])
  .describe('x, y, width, height');
const file = z.string().min(1).max(200);
const durationMs = z.int().min(0).max(20_000);

const arm = z
  .strictObject({
    upper: degrees.describe('Upper arm from straight down, clockwise, as drawn on the right side of the picture'),
    fore: degrees.describe('Forearm, likewise absolute'),
    hand: degrees.describe('Hand, likewise absolute'),
    shape: z.string().min(1).describe('Group of hands.svg'),
    upperScale: z.number().min(0.3).max(1.2).default(1).describe('Foreshortening of the upper arm'),
    foreScale: z.number().min(0.3).max(1.2).default(1).describe('Foreshortening of the forearm'),
  })
  .describe('Pose of one arm');
export type ArmPose = z.infer<typeof arm>;

const GAZES = ['open', 'left', 'right', 'up', 'down'] as const;
/** Groups of eyes.svg, in sprite order. */
export const EYE_STATES = [...GAZES, 'half', 'closed'] as const;
/** Groups of brows.svg, likewise. */
export const BROW_STATES = ['neutral', 'lifted', 'raised', 'think'] as const;

const gesture = z
  .strictObject({
    inMs: durationMs.describe('Time to reach the pose'),
    holdMs: durationMs.describe('Time it is held'),
    outMs: durationMs.describe('Time back to idle'),
    right: arm.optional(),
    left: arm.optional(),
    beat: z
      .strictObject({ fore: z.number().min(0).max(40), hand: z.number().min(0).max(40), count: z.int().min(1).max(8) })
      .optional()
      .describe('Swing of forearm and hand about the held pose, in degrees, and how many times'),
    nods: z.int().min(0).max(4).default(0),
    head: z
      .strictObject({
        lean: z.number().min(-1).max(1).default(0),
        gaze: z.enum(GAZES).default('open'),
        brows: z.enum(BROW_STATES).default('neutral'),
      })
      .prefault({}),
  })
  .describe('A gesture on cue');
export type GesturePlan = z.infer<typeof gesture>;

const PART_NAMES = ['body', 'head', 'eyes', 'brows', 'mouths', 'upperArm', 'forearm', 'hands'] as const;
const OPTIONAL_PARTS = ['hairBack', 'features', 'hairFront', 'hairRight', 'eyewear'] as const;
export type PartName = (typeof PART_NAMES)[number] | (typeof OPTIONAL_PARTS)[number];

const partFiles = z.strictObject({
  ...(Object.fromEntries(PART_NAMES.map((p) => [p, file])) as Record<(typeof PART_NAMES)[number], typeof file>),
  ...(Object.fromEntries(OPTIONAL_PARTS.map((p) => [p, file.optional()])) as Record<
    (typeof OPTIONAL_PARTS)[number],
    z.ZodOptional<typeof file>
  >),
});

/** The motion of a presenter and its files. All lengths are drawing units of its view box. */
export const presenterManifest = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/i, 'expected letters, digits and dashes'),
    title: z.string().max(120).default(''),
    ageYears: z
      .int()
      .min(18, 'expected 18 or more: rule 5.12 keeps minors off the air')
      .max(120)
      .describe('Age of who is shown'),
    licence: z.string().min(1).max(120).describe('Licence of the drawings (SPDX where there is one)'),
    author: z.string().max(200).default(''),
    voices: packVoices.default({}),
    viewBox: box.describe('What the presenter layer shows'),
    safeBox: box.describe('What must stay visible when the layer is narrower than the view box'),
    parts: partFiles.partial(),
    head: z.strictObject({
      pivot: point.describe('Where the head turns about: the base of the neck'),
      swayDegrees: z.number().min(0).max(8).describe('Greatest tilt to either side'),
      turn: z.number().min(0).max(40).describe('How far eyes, nose and mouth slide when the head turns'),
      nod: z.number().min(0).max(60).describe('How far they sink in a nod'),
      hairTurn: z.number().min(0).max(20).default(0).describe('How far the front hair slides'),
      jaw: z
        .strictObject({
          line: z.number().describe('Height below which the face follows the jaw: under the nose'),
          chin: z.number().describe('Height of the chin'),
          drop: z.number().min(0).max(40).describe('How far the chin sinks with a wide mouth'),
        })
        .optional(),
    }),
    weight: z
      .strictObject({
        shift: z.number().min(0).max(16).describe('How far the shoulders move to either side as the weight shifts'),
        armDegrees: z.number().min(0).max(4).describe('How far idle arms swing with it'),
      })
      .default({ shift: 0, armDegrees: 0 }),
    breath: z.strictObject({
      line: z.number().describe('Height below which breathing moves nothing'),
      rise: z.number().min(0).max(30).describe('Lift of the shoulders'),
    }),
    arms: z.strictObject({
      shoulder: point.describe('Joint of the right arm in the picture; the left one is its mirror image'),
      upperLength: z.number().positive(),
      foreLength: z.number().positive(),
    }),
    idle: z.strictObject({ right: arm, left: arm }),
    gestures: z.strictObject(
      Object.fromEntries(GESTURES.map((g) => [g, gesture])) as Record<GestureName, typeof gesture>,
    ),
    talking: z.array(gesture).max(4).default([]).describe('Gestures while talking, which no line has to ask for'),
  })
  .describe('A presenter pack');
export type PresenterManifest = z.infer<typeof presenterManifest>;
/** pack.json of a presenter with drawings of its own, which names them all. */
const packManifest = presenterManifest.extend({ parts: partFiles });

export interface PresenterPack {
  readonly manifest: PresenterManifest;
  /** Content of each part's root element, its ids prefixed with the part's name and an underscore. */
  readonly parts: Readonly<Partial<Record<PartName, string>>>;
  /** Draws whole arms; without it, they are put together from their parts. */
  readonly arm?: ArmArt;
  /** Drawn by our own code from a spec. */
  readonly isSpec?: boolean;
  /** SHA-256 over everything read, hexadecimal. */
  readonly hash: string;
}

const MAX_PART_BYTES = 2_000_000;

/** The mouth's group for a viseme at level 1–3; level 3 has the bare name. */
export const mouthGroup = (viseme: string, level: number): string => (level === 3 ? viseme : `${viseme}-${level}`);

/** Only the voices of a pack, which are needed before it is drawn. */
export async function readPackVoices(dir: string): Promise<PackVoices> {
  return (await isFilmedPack(dir)) ? (await readFilmManifest(dir)).voices : (await readManifest(dir)).manifest.voices;
}

/** Whether a pack is one of a filmed presenter. Faults of its pack.json are reported by whoever reads it. */
export async function isFilmedPack(dir: string): Promise<boolean> {
  const packFile = join(dir, 'pack.json');
  try {
    return isFilmed(JSON.parse(await readText(packFile, packFile)));
  } catch {
    return false;
  }
}

/** A presenter's manifest and spec, without drawing it; a pack with drawings of its own has no spec. */
export async function readPresenterCard(dir: string): Promise<{ manifest: PresenterManifest; spec?: PresenterSpec }> {
  const { manifest, spec } = await readManifest(dir);
  return { manifest, ...(spec === undefined ? {} : { spec }) };
}

/**
 * Reads and checks a pack's folder: its drawings, or those that its spec makes. Throws E_PRESENTER_INVALID, or
 * E_SVG_UNSAFE for a drawing with external references.
 *
 * @param look another look of a presenter made from a spec: a name, or the clothes themselves
 */
export async function readPresenterPack(dir: string, look?: PresenterLook): Promise<PresenterPack> {
  const { manifest, packFile, text, spec } = await readManifest(dir);
  const hash = createHash('sha256').update(text);
  const parts: Partial<Record<PartName, string>> = {};
  if (spec !== undefined) {
    const { parts: drawn, arm } = specPack(spec, lookOf(spec, packFile, look));
    for (const [name, svg] of Object.entries(drawn) as [PartName, string][]) {
      hash.update(`\0${name}\0`).update(svg);
      parts[name] = innerSvg(svg, name, packFile);
    }
    checkGroups(dir, manifest, parts);
    return { manifest, parts, arm, isSpec: true, hash: hash.digest('hex') };
  }
  if (look !== undefined)
    throw invalid(`${packFile}: look`, 'a presenter made from a spec; this pack has one look', JSON.stringify(look));
  for (const [name, path] of Object.entries(manifest.parts) as [PartName, string | undefined][]) {
    if (path === undefined) continue;
    const full = resolve(dir, path);
    const inside = relative(dir, full);
    if (inside.startsWith('..') || isAbsolute(inside))
      throw invalid(`${packFile}: parts.${name}`, 'a file inside the pack', path);
    const svg = await readText(full, packFile, { within: dir });
    hash.update(`\0${name}\0`).update(svg);
    parts[name] = innerSvg(svg, name, full);
  }
  checkGroups(dir, manifest, parts);
  return { manifest, parts, isSpec: false, hash: hash.digest('hex') };
}

/** A look by name, or clothes that wardrobeLook accepts. */
export type PresenterLook = string | Readonly<Record<string, unknown>>;

function lookOf(spec: PresenterSpec, packFile: string, look: PresenterLook | undefined): WardrobeLook | undefined {
  if (look === undefined) return undefined;
  if (typeof look !== 'string') return checked(wardrobeLook, look, `${packFile}: look`);
  const named = lookNamed(spec, look);
  if (named === undefined) throw invalid(`${packFile}: look`, `one of ${looksOf(spec).join(', ')}`, look);
  return named;
}

async function readManifest(
  dir: string,
): Promise<{ manifest: PresenterManifest; packFile: string; text: string; spec?: PresenterSpec }> {
  const packFile = join(dir, 'pack.json');
  const text = await readText(packFile, packFile, {
    expected: 'a presenter by its name (`engine presenter list` has them), or the folder of another',
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    // The parser's message quotes the file, which may be none of the pack's.
    throw invalid(packFile, 'JSON', 'something else', cause);
  }
  const isSpec = typeof raw === 'object' && raw !== null && 'look' in raw;
  if (isSpec) {
    const spec = checked(presenterSpec, raw, packFile);
    return { manifest: presenterManifest.parse(specManifest(spec)), packFile, text, spec };
  }
  return { manifest: checked(packManifest, raw, packFile), packFile, text };
}

function checked<T>(schema: z.ZodType<T>, raw: unknown, packFile: string): T {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw invalid(
    `${packFile}: ${issue.path.map(String).join('.')}`,
    issue.message.replace(/^expected /, ''),
    describe(raw, issue.path),
  );
}

/** Every group that a pose may name must exist. */
function checkGroups(dir: string, manifest: PresenterManifest, parts: PresenterPack['parts']): void {
  const need = (part: PartName, group: string): void => {
    if (hasGroup(parts[part] ?? '', `${part}_${group}`)) return;
    throw invalid(join(dir, manifest.parts[part] ?? ''), `a group with id "${group}"`, 'none', undefined);
  };
  for (const state of EYE_STATES) need('eyes', state);
  for (const state of BROW_STATES) need('brows', state);
  for (const viseme of VISEMES) need('mouths', viseme);
  for (const pose of [manifest.idle.right, manifest.idle.left]) need('hands', pose.shape);
  for (const plan of [...Object.values(manifest.gestures), ...manifest.talking]) {
    if (plan.right !== undefined) need('hands', plan.right.shape);
    if (plan.left !== undefined) need('hands', plan.left.shape);
  }
}

async function readText(
  path: string,
  where: string,
  { expected = 'a readable file', within = dirname(path) }: { expected?: string; within?: string } = {},
): Promise<string> {
  try {
    return (await readRegularFile(path, { maxBytes: MAX_PART_BYTES, within })).toString('utf8');
  } catch (cause) {
    if (!(cause instanceof FileFault)) throw cause;
    const { code, found } = cause;
    const place = where === path ? path : `${where}: ${path}`;
    if (code === 'too-large') throw invalid(path, `at most ${MAX_PART_BYTES} bytes`, found);
    throw invalid(place, code === 'outside' ? 'a file inside the pack' : expected, found, cause);
  }
}

function invalid(where: string, expected: string, found: string, cause?: unknown): EngineError {
  return new EngineError('E_PRESENTER_INVALID', {
    where,
    expected,
    found,
    cause,
    todo: 'templates/presenters/mei is a spec to compare with; `engine presenter draw mei DIR` writes a complete pack',
  });
}

function describe(raw: unknown, path: readonly PropertyKey[]): string {
  let value: unknown = raw;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  const text = JSON.stringify(value);
  return text === undefined ? 'nothing' : text.slice(0, 80);
}
