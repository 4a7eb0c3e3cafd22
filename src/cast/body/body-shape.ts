import type { BodyShape } from '../person.js';
import type { BUILDS } from '../presenter-spec.js';

type Build = (typeof BUILDS)[number];

const BODIES: Readonly<Record<Build, { shoulder: number; neck: number; waist: number; hip: number; arm: number }>> = {
  slim: { shoulder: -9, neck: -3, waist: -13, hip: -10, arm: 0.92 },
  medium: { shoulder: 0, neck: 0, waist: 0, hip: 0, arm: 1 },
  broad: { shoulder: 10, neck: 4, waist: 8, hip: 4, arm: 1.07 },
  full: { shoulder: 7, neck: 5, waist: 32, hip: 26, arm: 1.12 },
};

export function bodyOf(build: Build, female: boolean, jitter: number): BodyShape {
  const b = BODIES[build];
  const shoulder = (female ? 672 : 706) + b.shoulder + jitter * 3;
  const arm = (female ? { shoulder: 53, elbow: 44, wrist: 31 } : { shoulder: 60, elbow: 47, wrist: 32 }) as {
    shoulder: number;
    elbow: number;
    wrist: number;
  };
  const waist = (female ? 146 : 180) + b.waist;
  return {
    shoulder: [Math.round(shoulder), female ? 640 : 650],
    neck: (female ? 43 : 58) + b.neck,
    waist,
    hip: (female ? 190 : 206) + b.hip,
    chest: Math.max(waist + 18, (female ? 190 : 224) + b.shoulder * 0.7 + b.waist * 0.4),
    arm: {
      shoulder: arm.shoulder * b.arm,
      elbow: arm.elbow * b.arm,
      wrist: arm.wrist * (1 + (b.arm - 1) * 0.5),
      upperLength: female ? 280 : 292,
      foreLength: female ? 218 : 228,
    },
    hand: female ? 1.72 : 1.94,
  };
}
