import { type Look } from './look.js';

interface Arm {
  upper: number;
  fore: number;
  hand: number;
  shape: string;
  upperScale?: number;
  foreScale?: number;
}
const arm = (
  upper: number,
  fore: number,
  hand: number,
  shape: string,
  upperScale?: number,
  foreScale?: number,
): Arm => ({
  upper,
  fore,
  hand,
  shape,
  ...(upperScale === undefined ? {} : { upperScale }),
  ...(foreScale === undefined ? {} : { foreScale }),
});

/** The pack.json of a drawn presenter. Angles are degrees from straight down, clockwise, for the picture's right arm. */
export function packFile(look: Look): object {
  const [x, y] = look.shoulder;
  // Broad shoulders keep the elbow closer, so the hand stays in the picture.
  const tuck = x > 690 ? 6 : 0;
  const reach = x > 690 ? 9 : 0;
  return {
    name: look.name,
    title: look.title,
    ageYears: look.ageYears,
    licence: 'Apache-2.0',
    author: 'The Showroom authors',
    voices: look.voices,
    viewBox: [0, 30, 1000, 1190],
    safeBox: [200, 40, 600, 1180],
    parts: {
      hairBack: 'parts/hair-back.svg',
      body: 'parts/body.svg',
      head: 'parts/head.svg',
      features: 'parts/features.svg',
      hairFront: 'parts/hair-front.svg',
      ...(look.draw.eyewear === undefined ? {} : { eyewear: 'parts/eyewear.svg' }),
      eyes: 'parts/eyes.svg',
      brows: 'parts/brows.svg',
      mouths: 'parts/mouths.svg',
      upperArm: 'parts/upper-arm.svg',
      forearm: 'parts/forearm.svg',
      hands: 'parts/hands.svg',
    },
    head: {
      pivot: [500, 500],
      swayDegrees: 2.3,
      turn: 7,
      nod: 13,
      hairTurn: 2,
      jaw: { line: 388, chin: 486, drop: 9 },
    },
    weight: { shift: 3.4, armDegrees: 0.9 },
    breath: { line: 985, rise: 4.5 },
    arms: { shoulder: [x, y], upperLength: look.arm.upperLength, foreLength: look.arm.foreLength },
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
        right: arm(-3, 150, 158, 'chin', 0.45, 1.08),
        head: { lean: 0.7, gaze: 'up', brows: 'think' },
      },
      nod: { inMs: 320, holdMs: 320, outMs: 320, nods: 2 },
    },
  };
}
