import type { Person } from './person.js';
import { headY } from './person.js';
import type { PresenterSpec } from './presenter-spec.js';
import { defaultVoices } from './default-voices.js';

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
export function rigOf(spec: PresenterSpec, p: Person): object {
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
