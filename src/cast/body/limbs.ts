import { hashString } from '../../core/random.js';
import { mix, type Tone } from '../draw/colours.js';
import {
  clothLight,
  clothShade,
  fill,
  fold,
  gradientAlong,
  lightOn,
  line,
  n,
  type Point,
  softFill,
  softLine,
} from '../draw/light.js';
import { limb, taper } from '../draw/tube.js';
import type { Person } from '../person.js';
import { handArt } from './hands.js';
import { clothGradient } from './torso.js';

/** Clothes of the arms. */
export interface Sleeve {
  readonly kind: 'long' | 'short' | 'rolled' | 'wide' | 'cap';
  readonly cloth: Tone;
  /** Shirt cuff, or the border of a wide sleeve. */
  readonly cuff: string;
  /** Stripe down the sleeve, of sportswear. */
  readonly stripe?: string;
}

const limbPath = (id: string, t: Tone, half: number): string =>
  `<defs>${gradientAlong(
    id,
    [-half, 0],
    [half, 0],
    [
      [0, mix(t.base, t.shade, 0.55)],
      [0.26, t.base],
      [0.6, mix(t.base, t.light, 0.3)],
      [0.8, t.base],
      [1, mix(t.base, t.shade, 0.5)],
    ],
  )}</defs>`;

/**
 * Sleeves hang down from their joint at the origin; the outline leaves out the cap that lies over the part above, so
 * that no ring shows at a joint.
 */
export function upperArm(p: Person, sleeve: Sleeve): string {
  const { shoulder: s, elbow: e, upperLength: l } = p.body.arm;
  const t = sleeve.cloth;
  const bare = sleeve.kind === 'cap' || sleeve.kind === 'short';
  const shape = (a: number, b: number): string =>
    `M ${n(-a)} ${n(a * 0.5)} C ${n(-a)} ${n(-a * 0.75)} ${n(a)} ${n(-a * 0.75)} ${n(a)} ${n(a * 0.4)} C ${n(a + 2)} ${n(l * 0.45)} ${n(b + 4)} ${n(l * 0.7)} ${n(b)} ${n(l)} A ${n(b)} ${n(b)} 0 0 1 ${n(-b)} ${n(l)} C ${n(-b - 2)} ${n(l * 0.7)} ${n(-a)} ${n(l * 0.45)} ${n(-a)} ${n(a * 0.5)} Z`;
  const sides = (a: number, b: number): string =>
    `M ${n(-a)} ${n(a * 0.5)} C ${n(-a)} ${n(l * 0.45)} ${n(-b - 2)} ${n(l * 0.7)} ${n(-b)} ${n(l)} A ${n(b)} ${n(b)} 0 0 0 ${n(b)} ${n(l)} C ${n(b + 4)} ${n(l * 0.7)} ${n(a + 2)} ${n(l * 0.45)} ${n(a)} ${n(a * 0.4)}`;
  if (bare) {
    const [a, b] = [s * 0.86, e * 0.82];
    const end = l * (sleeve.kind === 'short' ? 0.62 : 0.26);
    const skin = `${limbPath('skin', p.skin, a)}<path d="${shape(a, b)}" fill="url(#skin)"/>${line(sides(a, b), p.skin.deep, 2, 0.45)}`;
    const w = s + 3;
    const d = `M ${n(-s)} ${n(s * 0.5)} C ${n(-s)} ${n(-s * 0.75)} ${n(s)} ${n(-s * 0.75)} ${n(s)} ${n(s * 0.4)} C ${n(s + 2)} ${n(end * 0.5)} ${n(w)} ${n(end * 0.7)} ${n(w)} ${n(end)} Q 0 ${n(end + 14)} ${n(-w)} ${n(end)} C ${n(-w)} ${n(end * 0.7)} ${n(-s)} ${n(end * 0.5)} ${n(-s)} ${n(s * 0.5)} Z`;
    return (
      skin +
      fill(
        `M ${n(-a)} ${n(end + 4)} Q 0 ${n(end + 30)} ${n(a)} ${n(end + 4)} L ${n(a)} ${n(end - 10)} L ${n(-a)} ${n(end - 10)} Z`,
        p.skin.deep,
        0.3,
      ) +
      `${limbPath('sleeve', t, w)}<path d="${d}" fill="url(#sleeve)"/>` +
      line(
        `M ${n(-s)} ${n(s * 0.9)} C ${n(-s)} ${n(end * 0.6)} ${n(-w)} ${n(end * 0.8)} ${n(-w)} ${n(end)} Q 0 ${n(end + 14)} ${n(w)} ${n(end)} C ${n(w)} ${n(end * 0.8)} ${n(s)} ${n(end * 0.6)} ${n(s)} ${n(s * 0.8)}`,
        t.deep,
        2.6,
        0.7,
      ) +
      line(`M ${n(-w + 2)} ${n(end - 12)} Q 0 ${n(end + 2)} ${n(w - 2)} ${n(end - 12)}`, sleeve.cuff, 4, 0.8)
    );
  }
  const [a, b] = sleeve.kind === 'wide' ? [s + 3, e + 10] : [s, e];
  return (
    `${limbPath('sleeve', t, a)}<path d="${shape(a, b)}" fill="url(#sleeve)"/>` +
    fill(
      `M ${n(-a)} ${n(a * 1.1)} C ${n(-a)} ${n(l * 0.45)} ${n(-b - 2)} ${n(l * 0.7)} ${n(-b)} ${n(l)} l ${n(b * 0.5)} 6 C ${n(-b * 0.4)} ${n(l * 0.7)} ${n(-a * 0.5)} ${n(l * 0.5)} ${n(-a)} ${n(a * 1.1)} Z`,
      t.shade,
      0.6,
    ) +
    line(
      `M ${n(-b * 0.9)} ${n(l * 0.8)} Q ${n(-b * 0.2)} ${n(l * 0.86)} ${n(b * 0.3)} ${n(l * 0.8)} M ${n(-b * 0.95)} ${n(l * 0.92)} Q 0 ${n(l * 0.99)} ${n(b * 0.5)} ${n(l * 0.9)}`,
      t.deep,
      2.6,
      0.35,
    ) +
    (sleeve.stripe === undefined
      ? ''
      : line(
          `M ${n(a * 0.5)} ${n(a * 0.1)} C ${n(a * 0.62)} ${n(l * 0.4)} ${n(b * 0.7)} ${n(l * 0.7)} ${n(b * 0.6)} ${n(l)}`,
          sleeve.stripe,
          9,
        )) +
    line(sides(a, b), t.deep, 2.6, 0.7)
  );
}

export function foreArm(p: Person, sleeve: Sleeve): string {
  const { elbow: e, wrist: w, foreLength: l } = p.body.arm;
  const t = sleeve.cloth;
  const shape = (a: number, b: number, end: number): string =>
    `M ${n(-a)} 0 A ${n(a)} ${n(a)} 0 0 1 ${n(a)} 0 C ${n(a + 2)} ${n(end * 0.35)} ${n(b + 4)} ${n(end * 0.7)} ${n(b)} ${n(end)} Q 0 ${n(end + 9)} ${n(-b)} ${n(end)} C ${n(-b - 4)} ${n(end * 0.7)} ${n(-a - 2)} ${n(end * 0.35)} ${n(-a)} 0 Z`;
  const sides = (a: number, b: number, end: number): string =>
    `M ${n(-a)} ${n(a * 0.25)} C ${n(-a - 1)} ${n(end * 0.4)} ${n(-b - 4)} ${n(end * 0.7)} ${n(-b)} ${n(end)} M ${n(b)} ${n(end)} C ${n(b + 4)} ${n(end * 0.7)} ${n(a + 1)} ${n(end * 0.4)} ${n(a)} ${n(a * 0.25)}`;
  const skinArm = (): string => {
    const [a, b] = [e * 0.8, w * 0.74];
    return (
      `${limbPath('skin', p.skin, a)}<path d="${shape(a, b, l + 4)}" fill="url(#skin)"/>` +
      line(sides(a, b, l), p.skin.deep, 2, 0.45) +
      line(`M ${n(-a * 0.4)} ${n(a * 0.3)} q ${n(a * 0.4)} 8 ${n(a * 0.8)} 2`, p.skin.deep, 2, 0.3)
    );
  };
  if (sleeve.kind === 'short' || sleeve.kind === 'cap') return skinArm();
  if (sleeve.kind === 'rolled') {
    const end = l * 0.34;
    const b = e + 1;
    return (
      skinArm() +
      fill(`M ${n(-e * 0.8)} ${n(end)} Q 0 ${n(end + 26)} ${n(e * 0.8)} ${n(end)} Z`, p.skin.deep, 0.3) +
      `${limbPath('sleeve', t, e)}<path d="${shape(e, b, end)}" fill="url(#sleeve)"/>` +
      `<path d="M ${n(-b - 2)} ${n(end - 18)} Q 0 ${n(end - 6)} ${n(b + 2)} ${n(end - 18)} L ${n(b + 1)} ${n(end + 6)} Q 0 ${n(end + 18)} ${n(-b - 1)} ${n(end + 6)} Z" fill="${t.light}" stroke="${t.deep}" stroke-width="2" stroke-linejoin="round"/>` +
      line(sides(e, b, end - 18), t.deep, 2.4, 0.6)
    );
  }
  const wide = sleeve.kind === 'wide';
  const end = wide ? l - 24 : l - 10;
  const [a, b] = wide ? [e + 10, w + 30] : [e, w];
  return (
    (wide
      ? fill(
          `M ${n(-b + 3)} ${n(end - 4)} Q 0 ${n(end + 22)} ${n(b - 3)} ${n(end - 4)} Q 0 ${n(end - 16)} ${n(-b + 3)} ${n(end - 4)} Z`,
          t.deep,
        ) +
        `<path d="${shape(w * 0.72, w * 0.7, l + 2)}" fill="${p.skin.base}"/>` +
        fill(
          `M ${n(-w * 0.72)} ${n(end)} h ${n(w * 1.44)} v 14 Q 0 ${n(end + 26)} ${n(-w * 0.72)} ${n(end + 14)} Z`,
          p.skin.deep,
          0.45,
        )
      : // Shirt cuff first, then the sleeve over it.
        fill(
          `M ${n(-w + 5)} ${n(end - 8)} L ${n(-w + 6)} ${n(l + 7)} Q 0 ${n(l + 14)} ${n(w - 6)} ${n(l + 7)} L ${n(w - 5)} ${n(end - 8)} Z`,
          sleeve.cuff,
        ) + line(`M ${n(-w + 6)} ${n(l + 7)} Q 0 ${n(l + 14)} ${n(w - 6)} ${n(l + 7)}`, '#000000', 2, 0.2)) +
    `${limbPath('sleeve', t, a)}<path d="${shape(a, b, end)}" fill="url(#sleeve)"/>` +
    fill(
      `M ${n(a)} ${n(a * 0.5)} C ${n(a + 2)} ${n(l * 0.35)} ${n(b + 4)} ${n(l * 0.7)} ${n(b)} ${n(end)} l ${n(-b * 0.7)} 6 C ${n(b * 0.5)} ${n(l * 0.7)} ${n(a * 0.45)} ${n(l * 0.4)} ${n(a)} ${n(a * 0.5)} Z`,
      t.shade,
      0.45,
    ) +
    (wide ? line(`M ${n(-b + 1)} ${n(end - 9)} Q 0 ${n(end + 1)} ${n(b - 1)} ${n(end - 9)}`, sleeve.cuff, 13) : '') +
    (sleeve.stripe === undefined
      ? ''
      : line(
          `M ${n(-a * 0.6)} ${n(a * 0.2)} C ${n(-a * 0.66)} ${n(l * 0.4)} ${n(-b * 0.7)} ${n(l * 0.6)} ${n(-b * 0.58)} ${n(end)}`,
          sleeve.stripe,
          8,
        )) +
    line(`${sides(a, b, end)}`, t.deep, 2.6, 0.7) +
    line(`M ${n(-b)} ${n(end)} Q 0 ${n(end + 9)} ${n(b)} ${n(end)}`, t.deep, 2.4, 0.7) +
    line(
      `M ${n(-a * 0.55)} ${n(a * 0.25)} q ${n(a * 0.4)} 10 ${n(a * 0.95)} 4 M ${n(-a * 0.7)} ${n(a * 0.6)} q ${n(a * 0.4)} 12 ${n(a)} 2`,
      t.deep,
      2.6,
      0.4,
    )
  );
}

/** Joints of an arm in figure units, and its hand. */
interface ArmAt {
  readonly side: 'right' | 'left';
  readonly shoulder: Point;
  readonly elbow: Point;
  readonly wrist: Point;
  /** Degrees from straight down, clockwise, as on the right side. */
  readonly hand: number;
  readonly shape: string;
}

/** Draws an arm in a pose. */
export type ArmArt = (at: ArmAt) => string;

const towards = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
const idOf = (d: string): string => hashString(d).toString(36);

/**
 * Arms whose light lies on upper arm and forearm together, after they are placed, and that come out of an armhole: what
 * is inside of the seam is cut off, and the torso continues in the same gradient. `torso` is the outline of the clothes,
 * on which the arm throws its shadow.
 */
export function armArt(p: Person, sleeve: Sleeve, torso: string): ArmArt {
  const { skin, body } = p;
  const { shoulder: rs, elbow: re, wrist: rw } = body.arm;
  const cloth = sleeve.cloth;
  const bare = sleeve.kind === 'short' || sleeve.kind === 'cap';
  const t = { shade: clothShade(cloth.base), light: clothLight(cloth.base) };

  const lit = (
    d: string,
    paint: string,
    tones: { shade: string; light: string },
    strength: number,
    rim: number,
    rimColour: string,
    inside = '',
  ): string => {
    const id = idOf(d);
    return (
      `<defs><path id="o${id}" d="${d}"/><clipPath id="k${id}"><use href="#o${id}"/></clipPath></defs><use href="#o${id}" fill="${paint}"/>` +
      `<g clip-path="url(#k${id})">${lightOn(id, tones, { size: 18, shade: 0.6 * strength, key: 0.36 * strength, rim, rimColour })}${inside}</g>`
    );
  };

  return (at) => {
    const s = at.side === 'right' ? 1 : -1;
    const { shoulder: S, elbow: E, wrist: W } = at;
    const skinRadii: [number[], number[]] = [
      [rs * 0.86, re * 0.9, re * 0.82],
      [re * 0.82, re * 0.84, rw * 0.84, rw * 0.76],
    ];
    // The arm bends over the elbow: folds at its inside.
    const turn = (E[0] - S[0]) * (W[1] - E[1]) - (E[1] - S[1]) * (W[0] - E[0]);
    const middle: Point = [(S[0] + W[0]) / 2 - E[0], (S[1] + W[1]) / 2 - E[1]];
    const length = Math.max(1, Math.hypot(...middle));
    const bend: Point = [E[0] + (middle[0] / length) * re * 0.95, E[1] + (middle[1] / length) * re * 0.95];
    const out = Math.sign(turn) || 1;
    const elbowFolds = (): string => {
      const [up, down] = [towards(bend, S, 0.2), towards(bend, W, 0.22)];
      const across = (c: Point, k: number): Point => [c[0] + (E[0] - bend[0]) * k, c[1] + (E[1] - bend[1]) * k];
      return (
        fold(bend, across(towards(bend, S, 0.12), 0.5), across(up, 0.95), t, 8 * out, 0.9) +
        fold(bend, across(towards(bend, W, 0.12), 0.5), across(down, 0.95), t, -8 * out, 0.9) +
        `<circle cx="${n(bend[0])}" cy="${n(bend[1])}" r="20" fill="${t.shade}" fill-opacity="0.08"/><circle cx="${n(bend[0])}" cy="${n(bend[1])}" r="13" fill="${t.shade}" fill-opacity="0.08"/>`
      );
    };
    const pulls = (): string => {
      const pit: Point = [S[0] - s * 30, S[1] + 66];
      return (
        fold(pit, [S[0] + s * 6, S[1] + 60], [S[0] + s * 26, S[1] + 112], t, -9 * s) +
        fold([pit[0] + s * 2, pit[1] + 24], [S[0] + s * 4, S[1] + 96], [S[0] + s * 12, S[1] + 154], t, -8 * s, 0.8)
      );
    };

    const skinArm =
      bare || sleeve.kind === 'rolled' || sleeve.kind === 'wide'
        ? limb([bare ? S : towards(E, S, 0.1), E, W], skinRadii)
        : '';
    const sleeveEnd =
      sleeve.kind === 'rolled' ? towards(E, W, 0.3) : sleeve.kind === 'wide' ? towards(E, W, 0.9) : towards(E, W, 0.97);
    const sleeveRadii: [number[], number[]] =
      sleeve.kind === 'rolled'
        ? [
            [rs, re * 1.06, re * 1.04],
            [re * 1.04, re * 1.02],
          ]
        : sleeve.kind === 'wide'
          ? [
              [rs, re + 6, re + 8],
              [re + 8, re + 14, rw + 30],
            ]
          : [
              [rs, re * 1.06, re],
              [re, re * 0.92, rw],
            ];
    const sleeveArm = bare ? '' : limb([S, E, sleeveEnd], sleeveRadii);
    const reach = sleeve.kind === 'cap' ? 0.26 : 0.62;
    const shortEnd = towards(S, E, reach);
    const shortSleeve = bare
      ? limb(
          [S, towards(S, E, reach * 0.5), shortEnd],
          [
            [rs, rs + 1],
            [rs + 1, rs + 2],
          ],
        )
      : '';
    const gradientId = `sl${at.side}`;
    const defs = `<defs>${clothGradient(gradientId, cloth)}</defs>`;
    const paint = `url(#${gradientId})`;
    const rim = at.side === 'right' ? 0.42 : 0.14;

    // The hand, lit from the same side at any angle.
    const angle = at.hand * s;
    const a = (-angle * Math.PI) / 180;
    const [kx, ky] = [-0.84, -0.54];
    const local: Point = [(kx * Math.cos(a) - ky * Math.sin(a)) * s, kx * Math.sin(a) + ky * Math.cos(a)];
    const hand = `<g transform="translate(${n(W[0])} ${n(W[1])}) rotate(${n(angle)}) scale(${s} 1)">${handArt(p, at.shape, local)}</g>`;
    const [hx, hy] = [-Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
    const palmAt: Point = [W[0] + hx * body.hand * 40, W[1] + hy * body.hand * 40];

    // Shadow of arm and hand on the clothes alone.
    const shadowId = `sh${at.side}`;
    const shadow =
      `<defs><clipPath id="${shadowId}"><path d="${torso}"/></clipPath></defs><g clip-path="url(#${shadowId})"><g transform="translate(9 15)" fill="#0d0a1a">` +
      softFill(
        limb(
          [towards(S, E, 0.5), E, W],
          [
            [re, re],
            [re, rw],
          ],
        ),
        '#0d0a1a',
        10,
        0.38,
      ) +
      softFill(
        taper([W, palmAt, towards(W, palmAt, 2.2)], [body.hand * 14, body.hand * 22, body.hand * 12], 6),
        '#0d0a1a',
        8,
        0.38,
      ) +
      `</g></g>`;

    const cuff = (): string => {
      const [dx, dy] = [W[0] - E[0], W[1] - E[1]];
      const l = Math.max(1, Math.hypot(dx, dy));
      const [ux, uy] = [dx / l, dy / l];
      const across = (c: Point, r: number, bow: number): string =>
        `M ${n(c[0] - uy * r)} ${n(c[1] + ux * r)} Q ${n(c[0] + ux * bow)} ${n(c[1] + uy * bow)} ${n(c[0] + uy * r)} ${n(c[1] - ux * r)}`;
      if (sleeve.kind === 'rolled') {
        const [c1, c2] = [towards(E, W, 0.2), towards(E, W, 0.34)];
        const r = re * 1.08;
        const d = `M ${n(c1[0] - uy * r)} ${n(c1[1] + ux * r)} L ${n(c1[0] + uy * r)} ${n(c1[1] - ux * r)} L ${n(c2[0] + uy * (r + 2))} ${n(c2[1] - ux * (r + 2))} Q ${n(c2[0] + ux * 9)} ${n(c2[1] + uy * 9)} ${n(c2[0] - uy * (r + 2))} ${n(c2[1] + ux * (r + 2))} Z`;
        return (
          lit(d, mix(cloth.base, sleeve.cuff, 0.7), t, 0.8, rim, '#fff1dc') + line(across(c1, r, 6), t.shade, 2, 0.5)
        );
      }
      if (sleeve.kind === 'wide')
        return (
          line(across(towards(E, W, 0.86), rw + 29, 12), sleeve.cuff, 14) +
          line(across(towards(E, W, 0.83), rw + 28, 12), t.shade, 2, 0.4)
        );
      return (
        (sleeve.cuff === cloth.base ? '' : line(across(towards(E, W, 0.955), rw - 2, 6), sleeve.cuff, 8)) +
        line(across(towards(E, W, 0.9), rw, 5), t.shade, 2, 0.6) +
        line(across(towards(E, W, 0.89), rw, 5), t.light, 1.4, 0.34)
      );
    };
    const stripe =
      sleeve.stripe === undefined
        ? ''
        : line(
            `M ${n(S[0] + s * rs * 0.55)} ${n(S[1] - 10)} Q ${n(E[0] + s * re * 0.62)} ${n(E[1] - 40)} ${n(E[0] + s * re * 0.3)} ${n(E[1] + 10)} L ${n(W[0])} ${n(W[1] - 10)}`,
            sleeve.stripe,
            9,
            0.95,
          );

    const skinLit =
      skinArm === ''
        ? ''
        : lit(skinArm, skin.base, skin, 0.9, at.side === 'right' ? skin.rimOpacity : skin.rimOpacity * 0.5, skin.rim);
    const wristPatch = `<circle cx="${n(W[0])}" cy="${n(W[1])}" r="${n(rw * 0.66)}" fill="${skin.base}" fill-opacity="0.55"/>`;
    const onSkin = (end: Point, r: number): string =>
      skinArm === ''
        ? ''
        : `<g clip-path="url(#k${idOf(skinArm)})">${[1.15, 0.95, 0.75].map((k) => `<circle cx="${n(end[0] + 4)}" cy="${n(end[1] + 8)}" r="${n(r * k)}" fill="${skin.deep}" fill-opacity="0.16"/>`).join('')}</g>`;

    const under =
      sleeve.kind === 'long'
        ? hand + wristShadow(W, E, rw)
        : skinLit + hand + wristPatch + onSkin(bare ? shortEnd : sleeveEnd, bare ? rs * 1.1 : re * 1.05);
    const sleeveLit = bare
      ? lit(shortSleeve, paint, t, 0.9, rim, '#fff1dc', pulls())
      : lit(sleeveArm, paint, t, 1, rim, '#fff1dc', stripe + elbowFolds() + pulls());
    const hem = bare ? hemOf(S, E, shortEnd, rs + 1) : '';

    function wristShadow(w: Point, e: Point, r: number): string {
      const c = towards(w, e, -0.03);
      return [1, 0.8, 0.6]
        .map(
          (k) =>
            `<circle cx="${n(c[0] + 2)}" cy="${n(c[1] + 3)}" r="${n(r * 0.95 * k)}" fill="${skin.deep}" fill-opacity="0.14"/>`,
        )
        .join('');
    }
    function hemOf(from: Point, to: Point, end: Point, r: number): string {
      const l = Math.max(1, Math.hypot(to[0] - from[0], to[1] - from[1]));
      const [ux, uy] = [(to[0] - from[0]) / l, (to[1] - from[1]) / l];
      const c = towards(end, from, 14 / Math.max(20, l * reach));
      return line(
        `M ${n(c[0] - uy * r)} ${n(c[1] + ux * r)} Q ${n(c[0] + ux * 10)} ${n(c[1] + uy * 10)} ${n(c[0] + uy * r)} ${n(c[1] - ux * r)}`,
        sleeve.cuff === cloth.base ? t.shade : sleeve.cuff,
        4,
        0.8,
      );
    }

    // The armhole, from the shoulder line to the inner edge of the sleeve; below it everything shows.
    const hole: readonly Point[] = [
      [S[0] - s * 26, S[1] - rs - 30],
      [S[0] - s * 25, S[1] - rs * 0.95],
      [S[0] - s * 35, S[1] - 10],
      [S[0] - s * 40, S[1] + 48],
      [S[0] - s * 34, S[1] + 100],
    ];
    const pt = (i: number): string => `${n(hole[i]![0])} ${n(hole[i]![1])}`;
    const curveOf = `L ${pt(1)} C ${n(hole[2]![0] + s * 4)} ${n(hole[2]![1] - 26)} ${pt(2)} ${n(hole[2]![0] - s * 2)} ${n(hole[2]![1] + 14)} S ${n(hole[3]![0])} ${n(hole[3]![1] + 20)} ${pt(4)}`;
    // A short sleeve stays behind the seam down to its hem.
    const end = bare ? ` L ${n(hole[4]![0] + s * 3)} ${n(shortEnd[1] + 16)}` : '';
    const endY = bare ? shortEnd[1] + 16 : hole[4]![1];
    const far = S[0] + s * 700;
    const near = S[0] - s * 900;
    const clipD = `M ${pt(0)} ${curveOf}${end} L ${n(near)} ${n(endY)} L ${n(near)} 2200 L ${n(far)} 2200 L ${n(far)} -900 L ${n(hole[0]![0])} -900 Z`;
    const clipId = `ah${at.side}`;
    const seamD = `M ${pt(1)} C ${n(hole[2]![0] + s * 4)} ${n(hole[2]![1] - 26)} ${pt(2)} ${n(hole[2]![0] - s * 2)} ${n(hole[2]![1] + 14)} S ${n(hole[3]![0])} ${n(hole[3]![1] + 20)} ${pt(4)}`;
    const seam =
      sleeve.kind === 'wide'
        ? ''
        : softLine(seamD, t.shade, 2.6, 1, 0.62) +
          `<g transform="translate(-2.6 0.4)">${line(seamD, t.light, 1.6, 0.32)}</g>`;
    const arm = under + sleeveLit + (bare ? hem : cuff());
    // A forearm that crosses the chest lies before the armhole.
    const crosses = s * (W[0] - S[0]) < 10 && W[1] < S[1] + 120;
    const front = crosses
      ? bare
        ? lit(limb([towards(E, S, 0.08), E, W], skinRadii), skin.base, skin, 0.9, 0.3, skin.rim) + hand + wristPatch
        : hand +
          lit(limb([towards(E, S, 0.02), E, sleeveEnd], sleeveRadii), paint, t, 1, rim, '#fff1dc', elbowFolds()) +
          cuff()
      : '';
    return `${defs}${shadow}<defs><clipPath id="${clipId}"><path d="${clipD}"/></clipPath></defs><g clip-path="url(#${clipId})">${arm}</g>${seam}${front}`;
  };
}
