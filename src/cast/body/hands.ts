import { mix } from '../draw/colours.js';
import { lightOn, n, type Point, radial, softLine } from '../draw/light.js';
import { soft, taper } from '../draw/tube.js';
import type { Person } from '../person.js';
import { hashString } from '../../core/random.js';

/** Length in hundredths from the wrist to the tip of the middle finger; x towards the thumb, y along the hand. */
interface Digit {
  readonly at: readonly Point[];
  readonly radii: readonly [number, number, number];
  readonly nail?: boolean;
  /** Behind the palm. */
  readonly behind?: boolean;
}
interface HandShape {
  readonly palm: readonly Point[];
  readonly digits: readonly Digit[];
  readonly creases?: readonly string[];
  /** The viewer sees the palm: its colour is lighter on dark skin. */
  readonly isPalm?: boolean;
}

const PALM: readonly Point[] = [
  [-12, -4],
  [-15, 10],
  [-20, 26],
  [-22, 44],
  [-18, 56],
  [-4, 58],
  [10, 58],
  [20, 54],
  [23, 40],
  [22, 24],
  [16, 10],
  [12, -4],
];
const FINGER: Digit['radii'] = [8, 7.3, 5];
const LITTLE: Digit['radii'] = [7.2, 6.4, 4.4];
const THUMB: Digit['radii'] = [10.5, 8.6, 6.2];
const digit = (at: readonly Point[], radii: Digit['radii'], more: Partial<Digit> = {}): Digit => ({
  at,
  radii,
  ...more,
});

const HAND_SHAPES: Readonly<Record<string, HandShape>> = {
  // Relaxed, seen from the back: lies over the other hand.
  rest: {
    palm: PALM,
    digits: [
      digit(
        [
          [17, 14],
          [26, 34],
          [23, 58],
        ],
        THUMB,
        { nail: true, behind: true },
      ),
      digit(
        [
          [-15, 48],
          [-18, 68],
          [-15, 84],
        ],
        LITTLE,
        { nail: true },
      ),
      digit(
        [
          [-6, 50],
          [-8, 78],
          [-5, 97],
        ],
        FINGER,
        { nail: true },
      ),
      digit(
        [
          [5, 50],
          [5, 82],
          [7, 103],
        ],
        FINGER,
        { nail: true },
      ),
      digit(
        [
          [15, 48],
          [17, 76],
          [16, 96],
        ],
        FINGER,
        { nail: true },
      ),
    ],
  },
  // Palm to the viewer, fingers spread.
  open: {
    palm: PALM,
    isPalm: true,
    digits: [
      digit(
        [
          [15, 12],
          [32, 30],
          [43, 50],
        ],
        THUMB,
        { behind: true },
      ),
      digit(
        [
          [-15, 46],
          [-25, 68],
          [-31, 84],
        ],
        LITTLE,
      ),
      digit(
        [
          [-7, 48],
          [-12, 80],
          [-15, 103],
        ],
        FINGER,
      ),
      digit(
        [
          [5, 48],
          [7, 84],
          [7, 108],
        ],
        FINGER,
      ),
      digit(
        [
          [15, 46],
          [22, 76],
          [26, 98],
        ],
        FINGER,
      ),
    ],
    creases: ['M -17 42 C -6 36 8 40 17 48', 'M -16 32 C -6 28 4 30 12 36', 'M 4 10 C 15 22 16 36 10 50'],
  },
  // Flat palm offered, thumb up.
  palm: {
    palm: PALM,
    isPalm: true,
    digits: [
      digit(
        [
          [14, 12],
          [34, 30],
          [46, 54],
        ],
        THUMB,
        { behind: true },
      ),
      digit(
        [
          [-14, 46],
          [-21, 68],
          [-23, 87],
        ],
        LITTLE,
      ),
      digit(
        [
          [-6, 48],
          [-10, 80],
          [-9, 104],
        ],
        FINGER,
      ),
      digit(
        [
          [5, 48],
          [4, 84],
          [7, 110],
        ],
        FINGER,
      ),
      digit(
        [
          [14, 46],
          [18, 78],
          [22, 102],
        ],
        FINGER,
      ),
    ],
    creases: ['M -17 42 C -6 36 8 40 17 48', 'M -16 32 C -6 28 4 30 12 36', 'M 4 10 C 15 22 16 36 10 50'],
  },
  // Index finger out, the others curled.
  point: {
    palm: PALM,
    digits: [
      digit(
        [
          [14, 46],
          [17, 78],
          [19, 110],
        ],
        FINGER,
        { nail: true, behind: true },
      ),
      digit(
        [
          [-15, 44],
          [-19, 60],
          [-11, 66],
        ],
        LITTLE,
      ),
      digit(
        [
          [-6, 48],
          [-8, 66],
          [1, 69],
        ],
        FINGER,
      ),
      digit(
        [
          [5, 50],
          [6, 68],
          [13, 69],
        ],
        FINGER,
      ),
      digit(
        [
          [16, 16],
          [26, 38],
          [10, 52],
        ],
        THUMB,
        { nail: true },
      ),
    ],
  },
  // Fist with the thumb out.
  thumb: {
    palm: PALM,
    digits: [
      digit(
        [
          [10, 18],
          [30, 20],
          [60, 17],
        ],
        THUMB,
        { nail: true, behind: true },
      ),
      digit(
        [
          [18, 34],
          [24, 58],
          [2, 61],
        ],
        FINGER,
      ),
      digit(
        [
          [8, 40],
          [10, 66],
          [-11, 63],
        ],
        FINGER,
      ),
      digit(
        [
          [-4, 42],
          [-4, 66],
          [-18, 58],
        ],
        FINGER,
      ),
      digit(
        [
          [-16, 40],
          [-19, 58],
          [-24, 50],
        ],
        LITTLE,
      ),
    ],
  },
  // Loosely curled, knuckle to the chin.
  chin: {
    palm: PALM,
    digits: [
      digit(
        [
          [12, 18],
          [27, 42],
          [22, 74],
        ],
        THUMB,
        { nail: true, behind: true },
      ),
      digit(
        [
          [13, 46],
          [10, 74],
          [-6, 79],
        ],
        FINGER,
      ),
      digit(
        [
          [2, 46],
          [-3, 70],
          [-15, 72],
        ],
        FINGER,
      ),
      digit(
        [
          [-8, 46],
          [-14, 64],
          [-22, 62],
        ],
        FINGER,
      ),
      digit(
        [
          [-17, 42],
          [-23, 54],
          [-27, 50],
        ],
        LITTLE,
      ),
    ],
  },
};

/** A hand, wrist at the origin, fingers downwards. `lit` is the direction of the light in its own space. */
export function handArt(p: Person, shape: string, lit: readonly [number, number] = [-0.84, -0.54]): string {
  const { palm, digits, creases = [], isPalm = false } = HAND_SHAPES[shape]!;
  const { skin } = p;
  const k = p.body.hand;
  const thick = p.female ? 1 : 1.1;
  const base = isPalm ? mix(skin.base, skin.light, 0.42) : skin.base;
  const t = { base, shade: skin.shade, light: skin.light, deep: skin.deep };
  const at = ([x, y]: Point): Point => [x * k, y * k];
  const [lx, ly] = lit;
  const shadow = `translate(${n(-lx * 3.4)} ${n(-ly * 3.4)})`;
  const tipColour = p.nails ?? mix(skin.light, skin.blush, 0.26);
  const drawn = (d: Digit): string => {
    const path = taper(
      d.at.map(at),
      d.radii.map((r) => r * k * thick),
      9,
    );
    const id = `h${hashString(path).toString(36)}`;
    const [tip, before] = [at(d.at.at(-1)!), at(d.at.at(-2)!)];
    const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]);
    const [dx, dy] = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length];
    const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
    const r = d.radii[2] * k * thick;
    const nail =
      d.nail === true
        ? `<ellipse cx="${n(tip[0] + dx * r * 0.28)}" cy="${n(tip[1] + dy * r * 0.28)}" rx="${n(r * 0.74)}" ry="${n(r * 0.56)}" transform="rotate(${n(angle)} ${n(tip[0])} ${n(tip[1])})" fill="${tipColour}" fill-opacity="${p.nails === null ? 0.75 : 1}"/>`
        : '';
    const root = at(d.at[0]!);
    const strokes = (move: number, colour: string, widths: readonly number[], opacity: number): string =>
      `<g transform="translate(${n(lx * move)} ${n(ly * move)})" fill="none" stroke="${colour}" stroke-opacity="${opacity}">${widths.map((w) => `<use href="#${id}" stroke-width="${n(w)}"/>`).join('')}</g>`;
    return (
      `<defs><path id="${id}" d="${path}"/><clipPath id="c${id}"><use href="#${id}"/></clipPath></defs>` +
      `<g transform="${shadow}" fill="${skin.deep}" stroke="${skin.deep}" fill-opacity="0.2" stroke-opacity="0.14"><use href="#${id}" stroke-width="3"/><use href="#${id}" stroke-width="0"/></g>` +
      `<use href="#${id}" fill="${base}"/><g clip-path="url(#c${id})">` +
      strokes(3.4, skin.shade, [9, 5], 0.42) +
      strokes(-2.4, skin.light, [4.6], 0.5) +
      `</g>${nail}` +
      (d.behind === true && !isPalm
        ? ''
        : `<circle cx="${n(root[0])}" cy="${n(root[1])}" r="${n(d.radii[0] * k * 1.5)}" fill="url(#root${isPalm ? 'p' : 'b'})"/>`)
    );
  };
  const palmPath = soft(palm.map(at));
  const id = `p${hashString(palmPath).toString(36)}${isPalm ? 'p' : 'b'}`;
  const rootDefs = radial(`root${isPalm ? 'p' : 'b'}`, [
    [0, base, 0.96],
    [0.5, base, 0.8],
    [1, base, 0],
  ]);
  const light = `<g class="turned">${lightOn(id, t, {
    size: 8,
    shade: 0.45,
    key: 0.3,
    rim: skin.rimOpacity * 0.7,
    rimColour: skin.rim,
  }).replace(/class="lit" transform="translate\((-?[\d.]+) (-?[\d.]+)\)"/g, (_, x: string, y: string) => {
    // From figure space into the hand's own.
    const along = Math.hypot(Number(x), Number(y)) * (Number(x) < 0 ? 1 : -1);
    return `class="turn" transform="translate(${n(lx * along)} ${n(ly * along)})"`;
  })}</g>`;
  return (
    `<defs>${rootDefs}<path id="o${id}" d="${palmPath}"/><clipPath id="k${id}"><use href="#o${id}"/></clipPath></defs>` +
    digits
      .filter((d) => d.behind === true)
      .map(drawn)
      .join('') +
    `<g clip-path="url(#k${id})"><use href="#o${id}" fill="${base}"/></g><g clip-path="url(#k${id})">${light}</g>` +
    digits
      .filter((d) => d.behind !== true)
      .map(drawn)
      .join('') +
    (isPalm
      ? `<ellipse cx="${n(13 * k)}" cy="${n(26 * k)}" rx="${n(9 * k)}" ry="${n(15 * k)}" fill="${skin.light}" fill-opacity="0.3"/><ellipse cx="${n(-11 * k)}" cy="${n(38 * k)}" rx="${n(8 * k)}" ry="${n(14 * k)}" fill="${skin.blush}" fill-opacity="0.14"/>`
      : [-13, -5, 5, 14]
          .map(
            (x) =>
              `<ellipse cx="${n(x * k)}" cy="${n(53 * k)}" rx="${n(3.4 * k)}" ry="${n(2.6 * k)}" fill="${skin.blush}" fill-opacity="0.16"/>`,
          )
          .join('')) +
    creases
      .map((d) => `<g transform="scale(${k})">${softLine(d, mix(skin.shade, skin.deep, 0.3), 0.8, 0.35, 0.45)}</g>`)
      .join('')
  );
}

/** Hands of the picture's right arm for a pack with drawings of its own; the left arm mirrors them. */
export const allHands = (p: Person): string =>
  Object.keys(HAND_SHAPES)
    .map((shape) => `<g id="${shape}">${handArt(p, shape)}</g>`)
    .join('');
