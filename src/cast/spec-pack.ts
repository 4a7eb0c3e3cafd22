import { hash01, hashString } from '../core/random.js';
import { type CastDrawings, castParts } from './cast-parts.js';
import { OUTFIT_NAMES, type OutfitName } from './outfit/outfits.js';
import type { PackVoices } from './pack-voices.js';
import { personOf } from './person-of.js';
import { headY, type Person } from './person.js';
import type { PresenterSpec, WardrobeLook } from './presenter-spec.js';

const VARIANTS = { female: ['f2', 'f4', 'f5', 'f3', 'f1'], male: ['m3', 'm1', 'm7', 'm2', 'm4', 'm6'] } as const;

/** English speakers, with the age and the weight (0 slim to 1 full) of the person they sound like. */
const ENGLISH: Readonly<Record<'female' | 'male', readonly (readonly [name: string, age: number, weight: number])[]>> =
  {
    female: [
      ['heart-ivy', 22, 0],
      ['heart-june', 25, 0.2],
      ['heart-sage', 27, 0.4],
      ['heart', 29, 0.5],
      ['heart-wren', 30, 0.4],
      ['heart-pearl', 33, 0.4],
      ['heart-hazel', 37, 0.4],
      ['heart-nora', 41, 0.5],
      ['heart-olive', 47, 0.8],
      ['heart-ruth', 55, 0.9],
    ],
    male: [
      ['heart-finn', 24, 0.1],
      ['heart-jude', 28, 0.3],
      ['heart-max', 31, 0.4],
      ['heart-noah', 34, 0.4],
      ['heart-reed', 36, 0.3],
      ['heart-hugo', 38, 0.5],
      ['heart-axel', 42, 0.8],
      ['heart-theo', 45, 0.5],
      ['heart-otis', 50, 0.9],
      ['heart-amos', 58, 0.8],
    ],
  };
const WEIGHTS: Readonly<Record<string, number>> = { slim: 0.1, medium: 0.4, broad: 0.8, full: 0.9 };
/** Years that a build of the other kind counts for, and that chance may add. */
const BUILD_YEARS = 8;
const CHANCE_YEARS = 7;

/**
 * Voices that fit gender, age and build, different between presenters: in English one of the human speakers, in others
 * one of the synthesiser's variants at a pitch of its own. A room's own voice comes first.
 */
function defaultVoices({
  name,
  gender,
  ageYears,
  look,
}: Pick<PresenterSpec, 'name' | 'gender' | 'ageYears'> & { look?: { build?: string } }): PackVoices {
  const seed = hashString(name);
  const variants = VARIANTS[gender];
  const variant = variants[Math.floor(hash01(seed, 71) * variants.length)]!;
  // Voices sink by about a semitone and slow down a little between 25 and 60.
  const age = (ageYears - 30) / 30;
  const pitch = Math.round((1 + 0.11 * (hash01(seed, 72) * 2 - 1) - 0.05 * age) * 100) / 100;
  const rate = Math.round((1 + 0.06 * (hash01(seed, 73) * 2 - 1) - 0.03 * age) * 100) / 100;
  return {
    en: englishVoice(seed, gender, ageYears, WEIGHTS[look?.build ?? 'medium'] ?? 0.4),
    '*': { name: variant, pitch, rate },
  };
}

/** The nearest speaker; those of a name differ a little in speed and pitch, as two people of one kind do. */
function englishVoice(seed: number, gender: 'female' | 'male', ageYears: number, weight: number): PackVoices[string] {
  let nearest = ENGLISH[gender][0]!;
  let least = Infinity;
  for (const [i, one] of ENGLISH[gender].entries()) {
    const far =
      Math.abs(one[1] - ageYears) + BUILD_YEARS * Math.abs(one[2] - weight) + CHANCE_YEARS * hash01(seed, 80 + i);
    if (far < least) [nearest, least] = [one, far];
  }
  return {
    name: nearest[0],
    pitch: Math.round((1 + 0.03 * (hash01(seed, 74) * 2 - 1)) * 100) / 100,
    rate: Math.round((1 + 0.03 * (hash01(seed, 75) * 2 - 1)) * 100) / 100,
  };
}

interface Arm {
  readonly upper: number;
  readonly fore: number;
  readonly hand: number;
  readonly shape: string;
  readonly upperScale?: number;
  readonly foreScale?: number;
}

/** Parts that rise above the usual top of the picture. */
const TALL_HAIR: ReadonlySet<string> = new Set(['puff', 'top-bun', 'man-bun', 'big-afro', 'cornrows', 'two-puffs']);
const TALL_HEADWEAR: ReadonlySet<string> = new Set(['gele', 'dastar', 'toque', 'headwrap']);

const arm = (upper: number, fore: number, hand: number, shape: string): Arm => ({ upper, fore, hand, shape });

/** The manifest of a drawn presenter: its joints, motion and poses. Angles are degrees from straight down, clockwise. */
function rigOf(spec: PresenterSpec, p: Person): object {
  const [x, y] = p.body.shoulder;
  // Broad shoulders keep the elbow closer, so the hand stays in the picture.
  const tuck = x > 692 ? 3 : 0;
  const reach = x > 692 ? 6 : 0;
  const broad = Math.max(0, Math.min(1, (x - 676) / 40));
  const offer = { ...arm(-9 + tuck + 3 * broad, -132 - reach - 9 * broad, -118 - 12 * broad, 'palm'), foreScale: 0.86 };
  const { hair, headwear } = spec.look;
  const top = TALL_HAIR.has(hair.style) || TALL_HEADWEAR.has(headwear?.kind ?? '') ? 4 : 48;
  return {
    name: spec.name,
    title: spec.title.en,
    ageYears: spec.ageYears,
    licence: spec.licence,
    author: spec.author,
    voices: spec.voices ?? defaultVoices(spec),
    viewBox: [0, top, 1000, 1236 - top],
    safeBox: [200, top + 10, 600, 1226 - top],
    parts: {},
    head: {
      pivot: [500, 500],
      swayDegrees: 2,
      turn: 7,
      nod: 13,
      hairTurn: 2,
      jaw: { line: Math.round(headY(p.nose.y + 16)), chin: Math.round(headY(p.face.chinY)), drop: 17 },
    },
    weight: { shift: 12, armDegrees: 0 },
    breath: { line: 985, rise: 4.5 },
    arms: { shoulder: [x, y], upperLength: p.body.arm.upperLength, foreLength: p.body.arm.foreLength },
    idle: { right: arm(-12, 52, 56, 'rest'), left: arm(-12, 49, 60, 'rest') },
    gestures: {
      wave: {
        inMs: 500,
        holdMs: 1500,
        outMs: 560,
        right: arm(-13 + tuck, -169 - reach / 2, -180, 'open'),
        beat: { fore: 13, hand: 16, count: 3 },
      },
      point: {
        inMs: 480,
        holdMs: 1600,
        outMs: 560,
        right: { ...arm(-11 + tuck, -163 - reach, -140, 'point'), foreScale: 0.88 },
        beat: { fore: 4, hand: 3, count: 2 },
        head: { lean: 0.45, gaze: 'right', brows: 'lifted' },
      },
      present: {
        inMs: 560,
        holdMs: 2200,
        outMs: 640,
        right: { ...arm(-15 + tuck, -168 - reach, -150, 'palm'), foreScale: 0.88 },
        beat: { fore: 3, hand: 4, count: 1 },
        head: { lean: 0.35, gaze: 'right' },
      },
      'thumbs-up': {
        inMs: 480,
        holdMs: 1400,
        outMs: 560,
        right: arm(-11 + tuck, -176, -114, 'thumb'),
        beat: { fore: 4, hand: 2, count: 2 },
      },
      think: {
        inMs: 620,
        holdMs: 1900,
        outMs: 620,
        right: { ...arm(-3, 152, 160, 'chin'), upperScale: 0.52, foreScale: 1 },
        head: { lean: 0.7, gaze: 'up', brows: 'think' },
      },
      nod: { inMs: 320, holdMs: 320, outMs: 320, nods: 2 },
    },
    // The hand opens beside the hip and rises a little: each arm alone.
    talking: [
      { inMs: 440, holdMs: 1000, outMs: 560, right: offer, beat: { fore: 7, hand: 5, count: 2 } },
      { inMs: 460, holdMs: 900, outMs: 560, left: offer, beat: { fore: 6, hand: 6, count: 1 } },
    ],
  };
}

/** A look by name: of the presenter's own wardrobe, or an outfit of the library. Undefined for an unknown name. */
export function lookNamed(spec: PresenterSpec, name: string): WardrobeLook | undefined {
  const own = spec.wardrobe[name];
  if (own !== undefined) return own;
  if (!(OUTFIT_NAMES as readonly string[]).includes(name)) return undefined;
  return { outfit: { kind: name as OutfitName } };
}

/** Names that a look may have: the presenter's own ones first. */
export const looksOf = (spec: PresenterSpec): string[] => [...Object.keys(spec.wardrobe), ...OUTFIT_NAMES];

/** A pack made from a spec: the manifest before its check, and the drawings as SVG files. */
export function specPack(spec: PresenterSpec, change?: WardrobeLook): CastDrawings & { readonly manifest: object } {
  const person = personOf(spec);
  return { manifest: rigOf(spec, person), ...castParts(person, spec.look, change) };
}

export const specManifest = (spec: PresenterSpec): object => rigOf(spec, personOf(spec));
