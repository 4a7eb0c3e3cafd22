import { mix, type Tone } from '../draw/colours.js';
import { fill, gradientAlong, line, n } from '../draw/shapes.js';
import type { Person } from '../person.js';

/** Clothes of the arms. */
export interface Sleeve {
  readonly kind: 'long' | 'short' | 'rolled' | 'wide' | 'cap';
  readonly cloth: Tone;
  /** Shirt cuff, or the border of a wide sleeve. */
  readonly cuff: string;
  /** Stripe down the sleeve, of sportswear. */
  readonly stripe?: string;
}

const limb = (id: string, t: Tone, half: number): string =>
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
    const skin = `${limb('skin', p.skin, a)}<path d="${shape(a, b)}" fill="url(#skin)"/>${line(sides(a, b), p.skin.deep, 2, 0.45)}`;
    const w = s + 3;
    const d = `M ${n(-s)} ${n(s * 0.5)} C ${n(-s)} ${n(-s * 0.75)} ${n(s)} ${n(-s * 0.75)} ${n(s)} ${n(s * 0.4)} C ${n(s + 2)} ${n(end * 0.5)} ${n(w)} ${n(end * 0.7)} ${n(w)} ${n(end)} Q 0 ${n(end + 14)} ${n(-w)} ${n(end)} C ${n(-w)} ${n(end * 0.7)} ${n(-s)} ${n(end * 0.5)} ${n(-s)} ${n(s * 0.5)} Z`;
    return (
      skin +
      fill(
        `M ${n(-a)} ${n(end + 4)} Q 0 ${n(end + 30)} ${n(a)} ${n(end + 4)} L ${n(a)} ${n(end - 10)} L ${n(-a)} ${n(end - 10)} Z`,
        p.skin.deep,
        0.3,
      ) +
      `${limb('sleeve', t, w)}<path d="${d}" fill="url(#sleeve)"/>` +
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
    `${limb('sleeve', t, a)}<path d="${shape(a, b)}" fill="url(#sleeve)"/>` +
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
      `${limb('skin', p.skin, a)}<path d="${shape(a, b, l + 4)}" fill="url(#skin)"/>` +
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
      `${limb('sleeve', t, e)}<path d="${shape(e, b, end)}" fill="url(#sleeve)"/>` +
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
    `${limb('sleeve', t, a)}<path d="${shape(a, b, end)}" fill="url(#sleeve)"/>` +
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
