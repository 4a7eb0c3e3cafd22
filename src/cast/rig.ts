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
  const tuck = x > 680 ? 6 : 0;
  const reach = x > 680 ? 9 : 0;
  const { hair, headwear } = spec.look;
  const top = TALL_HAIR.has(hair.style) || TALL_HEADWEAR.has(headwear?.kind ?? '') ? -4 : 30;
  return {
    name: spec.name,
    title: spec.title.en,
    ageYears: spec.ageYears,
    licence: spec.licence,
    author: spec.author,
    voices: spec.voices ?? defaultVoices(spec),
    viewBox: [0, top, 1000, 1220 - top],
    safeBox: [200, top + 10, 600, 1210 - top],
    parts: {},
    head: {
      pivot: [500, 500],
      swayDegrees: 2,
      turn: 7,
      nod: 13,
      hairTurn: 2,
      jaw: { line: Math.round(headY(p.nose.y + 16)), chin: Math.round(headY(p.face.chinY)), drop: 9 },
    },
    weight: { shift: 3, armDegrees: 0.9 },
    breath: { line: 985, rise: 4.5 },
    arms: { shoulder: [x, y], upperLength: p.body.arm.upperLength, foreLength: p.body.arm.foreLength },
    idle: { right: arm(-15, 62, 66, 'rest'), left: arm(-15, 58, 70, 'rest') },
    gestures: {
      wave: {
        inMs: 520,
        holdMs: 1500,
        outMs: 560,
        right: arm(-14 + tuck, 202, 188, 'open'),
        beat: { fore: 13, hand: 16, count: 3 },
      },
      point: {
        inMs: 480,
        holdMs: 1600,
        outMs: 560,
        right: arm(-9 + tuck, 217 - reach, 248, 'point'),
        beat: { fore: 4, hand: 3, count: 2 },
        head: { lean: 0.45, gaze: 'right', brows: 'lifted' },
      },
      present: {
        inMs: 560,
        holdMs: 2200,
        outMs: 640,
        right: arm(-7 + tuck, 214 - reach, 248, 'palm'),
        beat: { fore: 5, hand: 6, count: 1 },
        head: { lean: 0.35, gaze: 'right' },
      },
      'thumbs-up': {
        inMs: 480,
        holdMs: 1400,
        outMs: 560,
        right: arm(-14 + tuck, 196, 262, 'thumb'),
        beat: { fore: 4, hand: 2, count: 2 },
      },
      think: {
        inMs: 620,
        holdMs: 1900,
        outMs: 620,
        right: { ...arm(-3, 150, 158, 'chin'), upperScale: 0.45, foreScale: 1.08 },
        head: { lean: 0.7, gaze: 'up', brows: 'think' },
      },
      nod: { inMs: 320, holdMs: 320, outMs: 320, nods: 2 },
    },
  };
}
