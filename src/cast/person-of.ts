import { hash01, hashString } from '../core/random.js';
import { greyed, type HairName, HAIRS, mix, SKINS, tone, type Tone } from './draw/colours.js';
import type { BodyShape, BrowShape, EyeShape, FaceShape, MouthSize, NoseShape, Person } from './person.js';
import type { BUILDS, PresenterSpec } from './presenter-spec.js';

type Build = (typeof BUILDS)[number];

const BODIES: Readonly<Record<Build, { shoulder: number; neck: number; waist: number; hip: number; arm: number }>> = {
  slim: { shoulder: -9, neck: -3, waist: -13, hip: -10, arm: 0.92 },
  medium: { shoulder: 0, neck: 0, waist: 0, hip: 0, arm: 1 },
  broad: { shoulder: 10, neck: 4, waist: 8, hip: 4, arm: 1.07 },
  full: { shoulder: 7, neck: 5, waist: 32, hip: 26, arm: 1.12 },
};

function bodyOf(build: Build, female: boolean, jitter: number): BodyShape {
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

type Shapes<K extends string, V> = Readonly<Record<K, V>>;
type Look = PresenterSpec['look'];

const FACES: Shapes<Look['face']['shape'], Omit<FaceShape, 'topY'>> = {
  oval: { temple: 109, cheek: 110, jaw: 84, jawY: 405, chin: 31, chinY: 466 },
  round: { temple: 112, cheek: 116, jaw: 93, jawY: 404, chin: 44, chinY: 461 },
  square: { temple: 110, cheek: 111, jaw: 92, jawY: 413, chin: 41, chinY: 468 },
  heart: { temple: 113, cheek: 111, jaw: 77, jawY: 398, chin: 24, chinY: 464 },
  long: { temple: 105, cheek: 105, jaw: 83, jawY: 411, chin: 33, chinY: 477 },
  diamond: { temple: 103, cheek: 114, jaw: 81, jawY: 402, chin: 26, chinY: 468 },
};

const EYES: Shapes<Look['eyes']['shape'], Omit<EyeShape, 'lash' | 'spacing' | 'y'>> = {
  almond: { halfWidth: 28, lid: 17, rise: 5, fold: true, depth: 0.3 },
  round: { halfWidth: 27, lid: 20.5, rise: 2.5, fold: true, depth: 0.22 },
  narrow: { halfWidth: 28.5, lid: 13, rise: 5.5, fold: true, depth: 0.26 },
  hooded: { halfWidth: 27.5, lid: 14, rise: 3, fold: true, depth: 0.55 },
  upturned: { halfWidth: 29, lid: 16.5, rise: 9, fold: true, depth: 0.28 },
  downturned: { halfWidth: 28, lid: 16.5, rise: 0, fold: true, depth: 0.34 },
  smooth: { halfWidth: 28.5, lid: 15, rise: 6.5, fold: false, depth: 0.08 },
  deep: { halfWidth: 27, lid: 16, rise: 3.5, fold: true, depth: 0.75 },
};

const BROWS: Shapes<Look['brows']['shape'], Omit<BrowShape, 'y' | 'spacing'>> = {
  soft: { halfWidth: 31, thickness: 7, arch: 8, tilt: 0 },
  straight: { halfWidth: 31, thickness: 8, arch: 4, tilt: 1 },
  arched: { halfWidth: 32, thickness: 6.5, arch: 13, tilt: 1 },
  thick: { halfWidth: 33, thickness: 9.5, arch: 7, tilt: 1 },
  thin: { halfWidth: 31, thickness: 4.6, arch: 10, tilt: 0 },
  angled: { halfWidth: 33, thickness: 7.5, arch: 9, tilt: 3.5 },
};

const NOSES: Shapes<Look['nose']['shape'], NoseShape> = {
  soft: { y: 366, width: 16, bridge: 0.4, tip: 0.5, bend: 0 },
  straight: { y: 368, width: 15.5, bridge: 0.75, tip: 0.25, bend: 0 },
  button: { y: 362, width: 15.5, bridge: 0.2, tip: 0.9, bend: -0.4 },
  broad: { y: 367, width: 22, bridge: 0.35, tip: 1, bend: 0 },
  aquiline: { y: 371, width: 16.5, bridge: 0.95, tip: 0.3, bend: 1.4 },
  long: { y: 376, width: 16, bridge: 0.7, tip: 0.45, bend: 0.5 },
};

const LIPS: Shapes<Look['lips']['shape'], { halfWidth: number; upper: number; lower: number }> = {
  soft: { halfWidth: 32, upper: 8.6, lower: 11.6 },
  full: { halfWidth: 33, upper: 11, lower: 14.6 },
  thin: { halfWidth: 32, upper: 6, lower: 8.4 },
  wide: { halfWidth: 37, upper: 8.2, lower: 11 },
  bow: { halfWidth: 28.5, upper: 10, lower: 12 },
};

/** Works a spec out to numbers and colours. Small differences follow from the name, so no two faces are the same. */
export function personOf(spec: PresenterSpec): Person {
  const { look } = spec;
  const seed = hashString(spec.name);
  const jitter = (key: number): number => hash01(seed, key) * 2 - 1;
  const female = spec.gender === 'female';
  const aged = Math.min(1, Math.max(0, (spec.ageYears - 36) / 24));
  const skin = SKINS[look.skin];
  const hair = hairOf(look.hair);
  const face = faceOf(look, female, aged, jitter);
  const small = look.eyes.size + jitter(4) * 0.2;
  const eyeShape = EYES[look.eyes.shape];
  const eyeY = 316 + jitter(1) * 2.5 + aged * 2;
  const spacing = 51 + look.eyes.spacing * 3.6 + jitter(2) * 1.2 + (face.cheek - 102) * 0.22;
  const eye: EyeShape = {
    ...eyeShape,
    halfWidth: eyeShape.halfWidth * (female ? 1 : 0.95) * (1 + 0.07 * small),
    lid: eyeShape.lid * (female ? 1 : 0.84) * (1 + 0.1 * small) * (1 - 0.12 * aged),
    rise: eyeShape.rise * (1 - 0.3 * aged),
    lash: female ? 4.2 + 1.4 * look.makeup : 2.6,
    spacing,
    y: eyeY,
    depth: Math.min(1, eyeShape.depth + (female ? 0 : 0.1) + aged * 0.2),
  };
  const b = BROWS[look.brows.shape];
  const brows: BrowShape = {
    ...b,
    thickness: b.thickness * (female ? 0.92 : 1.16) * (1 + 0.24 * look.brows.weight),
    y: eyeY - 39 + (female ? 0 : 4) - eye.lid * 0.14 + jitter(3) * 2,
    spacing: spacing + 3,
  };
  const nose = noseOf(look, female, jitter);
  const mouth = mouthOf(look, female, aged, face, nose, jitter);
  const brow = browColour(look, hair);
  return {
    name: spec.name,
    female,
    ageYears: spec.ageYears,
    aged,
    bearded: look.beard === 'short' || look.beard === 'full' || look.beard === 'long',
    skin,
    hair,
    brow,
    lash: mix(mix(hair.deep, '#1a1013', 0.6), '#120b0d', female ? 0.4 : 0),
    iris: look.eyes.colour,
    lip: look.lips.colour ?? (female ? skin.lip : mix(skin.lip, skin.base, 0.28)),
    nails: look.nails ?? null,
    makeup: look.makeup,
    face,
    eye,
    brows,
    nose,
    mouth,
    marks: { freckles: look.freckles, mole: moleAt(look.mole, eye, mouth) },
    body: bodyOf(look.build, female, jitter(7)),
  };
}

function faceOf({ face }: Look, female: boolean, aged: number, jitter: (key: number) => number): FaceShape {
  const f = FACES[face.shape];
  const wide = (female ? 0.905 : 0.955) * (1 + 0.055 * face.width + 0.008 * jitter(11));
  const long = face.length * 8 + jitter(12) * 1.5 + (female ? 0 : 6);
  const jaw = 1 + 0.09 * face.jaw + (female ? 0 : 0.025) + aged * 0.03;
  return {
    temple: f.temple * wide,
    cheek: f.cheek * wide,
    jaw: Math.min(f.cheek * wide - 4, f.jaw * wide * jaw),
    jawY: f.jawY + long * 0.6,
    chin: f.chin * wide * (female ? 1 : 1.12) * (1 + 0.12 * face.jaw),
    chinY: f.chinY + long,
    topY: 148,
  };
}

function noseOf({ nose }: Look, female: boolean, jitter: (key: number) => number): NoseShape {
  const n = NOSES[nose.shape];
  const size = 1 + 0.12 * nose.size + 0.02 * jitter(21);
  return {
    ...n,
    width: n.width * size * (female ? 1 : 1.12),
    y: Math.round(n.y + 9 + nose.size * 2 + (female ? 0 : 3)),
    bridge: Math.min(1, n.bridge + (female ? 0 : 0.12)),
  };
}

function mouthOf(
  look: Look,
  female: boolean,
  aged: number,
  face: FaceShape,
  nose: NoseShape,
  jitter: (key: number) => number,
): MouthSize {
  const l = LIPS[look.lips.shape];
  return {
    halfWidth: l.halfWidth * (female ? 1 : 1.08) * (1 + 0.03 * jitter(31)),
    upper: l.upper * (female ? 1 : 0.8) * (1 - 0.2 * aged),
    lower: l.lower * (female ? 1 : 0.84) * (1 - 0.14 * aged),
    y: Math.round(nose.y + (face.chinY - nose.y) * 0.37 + (female ? 1 : 2)),
    smile: 7.6 + jitter(32),
    dimples: look.beard === 'none' && hash01(hashString(look.hair.style), 5) > 0.5,
  };
}

function hairOf(hair: Look['hair']): Tone {
  const named = HAIRS[hair.colour as HairName] as Tone | undefined;
  return greyed(named ?? tone(hair.colour), hair.grey);
}

/** Brows are darker than fair hair and lighter than black; they grey later. */
function browColour({ hair, skin }: Look, of: Tone): string {
  const named = (HAIRS[hair.colour as HairName] as Tone | undefined) ?? tone(hair.colour);
  const base = mix(named.shade, of.shade, 0.4);
  return mix(base, SKINS[skin].deep, 0.25);
}

function moleAt(kind: Look['mole'], eye: EyeShape, mouth: MouthSize): readonly [number, number] | null {
  if (kind === 'none') return null;
  if (kind === 'eye') return [500 - eye.spacing - 18, eye.y + 24];
  if (kind === 'lip') return [500 + mouth.halfWidth * 0.72, mouth.y - 14];
  return [500 + eye.spacing + 12, 378];
}
