import type { Tone } from '../draw/colours.js';
import { both, edged, fill, gradient, gradientAlong, line, n } from '../draw/shapes.js';
import type { Person } from '../person.js';

/** The right side of a garment from the neckline over the shoulder to the bottom of the drawing. */
function rightSide(p: Person, nx: number, ny: number): string {
  const s = p.body.shoulder[0];
  const { waist: w, hip: h, chest: c } = p.body;
  return (
    `C ${n(500 + nx + 26)} ${n(ny + 24)} ${n(s - 24)} 552 ${n(s + 12)} 575 C ${n(s + 48)} 598 ${n(s + 58)} 642 ${n(s + 46)} 706 ` +
    `C ${n(500 + c)} 790 ${n(500 + w + 8)} 880 ${n(500 + w)} 968 C ${n(500 + w + 4)} 1070 ${n(500 + h - 8)} 1180 ${n(500 + h)} 1404`
  );
}

/** The same on the left, upwards from the bottom. */
function leftSide(p: Person, nx: number, ny: number): string {
  const s = 1000 - p.body.shoulder[0];
  const { waist: w, hip: h, chest: c } = p.body;
  return (
    `C ${n(500 - h + 8)} 1180 ${n(500 - w - 4)} 1070 ${n(500 - w)} 968 C ${n(500 - w - 8)} 880 ${n(500 - c)} 790 ${n(s - 46)} 706 ` +
    `C ${n(s - 58)} 642 ${n(s - 48)} 598 ${n(s - 12)} 575 C ${n(s + 24)} 552 ${n(500 - nx - 26)} ${n(ny + 24)} ${n(500 - nx)} ${n(ny)}`
  );
}

/** A neckline: half width and height at the shoulders, and the curve from left to right between. */
export interface Neckline {
  readonly x: number;
  readonly y: number;
  readonly d: string;
  readonly dip: number;
}

export const neckline = (kind: 'crew' | 'v' | 'deep-v' | 'scoop' | 'boat' | 'square' | 'high', p: Person): Neckline => {
  const base = p.body.neck + 13;
  const round = (x: number, y: number, dip: number, hold = 0.8): Neckline => ({
    x,
    y,
    dip,
    d: `C ${n(500 - x * hold)} ${n(y + (dip - y) * 1.05)} ${n(500 - x * 0.42)} ${dip} 500 ${dip} C ${n(500 + x * 0.42)} ${dip} ${n(500 + x * hold)} ${n(y + (dip - y) * 1.05)} ${n(500 + x)} ${n(y)}`,
  });
  const vee = (x: number, y: number, dip: number): Neckline => ({
    x,
    y,
    dip,
    d: `C ${n(500 - x * 0.86)} ${n(y + (dip - y) * 0.4)} ${n(500 - 22)} ${dip - 34} 500 ${dip} C ${n(500 + 22)} ${dip - 34} ${n(500 + x * 0.86)} ${n(y + (dip - y) * 0.4)} ${n(500 + x)} ${n(y)}`,
  });
  switch (kind) {
    case 'high':
      return round(base - 8, 506, 530);
    case 'crew':
      return round(base, 522, 574);
    case 'v':
      return vee(base + 4, 520, 648);
    case 'deep-v':
      return vee(base + 22, 524, 690);
    case 'scoop':
      return round(base + 26, 528, 640);
    case 'boat':
      return round(base + 56, 538, 588);
    case 'square':
      return {
        x: base + 46,
        y: 536,
        dip: 640,
        d: `C ${n(500 - base - 40)} 590 ${n(500 - base - 36)} 620 ${n(500 - base - 34)} 640 Q 500 650 ${n(500 + base + 34)} 640 C ${n(500 + base + 36)} 620 ${n(500 + base + 40)} 590 ${n(500 + base + 46)} 536`,
      };
  }
};

const torsoOutline = (p: Person, at: Neckline): string =>
  `M ${n(500 - at.x)} ${n(at.y)} ${at.d} ${rightSide(p, at.x, at.y)} L ${n(500 - p.body.hip)} 1404 ${leftSide(p, at.x, at.y)} Z`;

/** A garment over the whole torso: cloth with light from the upper left, seams and folds. `id` names its gradient. */
export function garment(
  p: Person,
  id: string,
  cloth: Tone,
  at: Neckline,
  trim: { colour: string; width: number } | null = null,
): string {
  const d = torsoOutline(p, at);
  return (
    `<defs>${gradientAlong(
      id,
      [400, 560],
      [600, 1200],
      [
        [0, cloth.light],
        [0.2, cloth.base],
        [0.62, cloth.base],
        [1, cloth.shade],
      ],
    )}<clipPath id="c${id}"><path d="${d}"/></clipPath></defs>` +
    `<path d="${d}" fill="url(#${id})"/><g clip-path="url(#c${id})">${folds(p, cloth)}</g>` +
    line(`M ${n(500 + at.x)} ${n(at.y)} ${rightSide(p, at.x, at.y)}`, cloth.deep, 2.6, 0.7) +
    line(`M ${n(500 - p.body.hip)} 1404 ${leftSide(p, at.x, at.y)}`, cloth.deep, 2.6, 0.7) +
    (trim === null
      ? line(`M ${n(500 - at.x)} ${n(at.y)} ${at.d}`, cloth.shade, 5, 0.9)
      : line(`M ${n(500 - at.x)} ${n(at.y)} ${at.d}`, trim.colour, trim.width) +
        line(`M ${n(500 - at.x)} ${n(at.y)} ${at.d}`, cloth.deep, 1.6, 0.5))
  );
}

/** Shade at the sides and below the chest, and folds from the armpits. */
function folds(p: Person, cloth: Tone): string {
  const s = p.body.shoulder[0];
  const { waist: w, hip: h } = p.body;
  const side =
    fill(
      `M ${n(s + 60)} 660 C ${n(s + 36)} 800 ${n(500 + w + 20)} 880 ${n(500 + w + 20)} 968 C ${n(500 + w + 20)} 1080 ${n(500 + h + 20)} 1180 ${n(500 + h + 20)} 1404 L ${n(500 + h - 56)} 1404 C ${n(500 + h - 60)} 1200 ${n(500 + w - 40)} 1080 ${n(500 + w - 30)} 968 C ${n(500 + w - 20)} 880 ${n(s + 10)} 800 ${n(s + 26)} 690 Z`,
      cloth.shade,
      0.62,
    ) +
    line(`M ${n(s + 4)} 648 C ${n(s - 4)} 736 ${n(s - 32)} 812 ${n(s - 62)} 868`, cloth.deep, 3.4, 0.34) +
    line(`M ${n(s - 2)} 716 C ${n(s - 24)} 764 ${n(s - 56)} 800 ${n(s - 84)} 820`, cloth.shade, 4, 0.6);
  const chest = p.female
    ? line(`M ${n(500 + 30)} 806 C ${n(500 + 70)} 836 ${n(500 + 116)} 826 ${n(s - 18)} 776`, cloth.shade, 7, 0.42)
    : line(`M ${n(500 + 24)} 786 C ${n(500 + 70)} 802 ${n(500 + 120)} 794 ${n(s - 24)} 756`, cloth.shade, 5, 0.3);
  return (
    both(side + chest) +
    line(`M 470 900 C 476 960 470 1040 478 1120 M 540 930 C 530 1000 536 1080 526 1180`, cloth.shade, 4, 0.45) +
    line(`M 444 640 C 436 720 440 780 448 830`, cloth.light, 10, 0.24)
  );
}

/** One front of an open jacket: `edge` runs from the neck down its inner edge to (500 ± gap) at the bottom. */
export function panel(
  p: Person,
  id: string,
  cloth: Tone,
  edge: readonly [neckX: number, neckY: number, bottomGap: number, curveX?: number],
  close = 950,
): string {
  const [nx, ny, gap, cx] = edge;
  const side = rightSide(p, nx, ny);
  const inner = `L ${n(500 + gap)} 1404 L ${n(500 + gap)} ${close} C ${n(500 + (cx ?? 40))} ${n(close - 150)} ${n(500 + nx - 4)} ${n(ny + 150)} ${n(500 + nx)} ${ny} Z`;
  const d = `M ${n(500 + nx)} ${ny} ${side} ${inner}`;
  const s = p.body.shoulder[0];
  const { waist: w, hip: h } = p.body;
  const modelling =
    fill(
      `M ${n(s + 60)} 660 C ${n(s + 36)} 800 ${n(500 + w + 20)} 880 ${n(500 + w + 20)} 968 C ${n(500 + w + 20)} 1080 ${n(500 + h + 20)} 1180 ${n(500 + h + 20)} 1404 L ${n(500 + h - 56)} 1404 C ${n(500 + h - 60)} 1200 ${n(500 + w - 34)} 1080 ${n(500 + w - 26)} 968 C ${n(500 + w - 16)} 880 ${n(s + 10)} 800 ${n(s + 28)} 690 Z`,
      cloth.shade,
      0.6,
    ) +
    line(`M ${n(s + 2)} 648 C ${n(s - 6)} 736 ${n(s - 34)} 812 ${n(s - 64)} 868`, cloth.deep, 3.6, 0.36) +
    line(
      `M ${n(500 + gap + 16)} ${close - 30} C ${n(500 + gap + 60)} ${close - 60} ${n(500 + w - 60)} ${close - 90} ${n(500 + w - 26)} ${close - 130}`,
      cloth.shade,
      4.5,
      0.55,
    );
  const one =
    `<clipPath id="c${id}"><path d="${d}"/></clipPath><path d="${d}" fill="url(#${id})"/><g clip-path="url(#c${id})">${modelling}</g>` +
    line(`M ${n(500 + nx)} ${ny} ${side}`, cloth.deep, 2.6, 0.75) +
    line(
      `M ${n(500 + gap)} 1404 L ${n(500 + gap)} ${close} C ${n(500 + (cx ?? 40))} ${n(close - 150)} ${n(500 + nx - 4)} ${n(ny + 150)} ${n(500 + nx)} ${ny}`,
      cloth.deep,
      2.6,
      0.8,
    );
  return (
    `<defs>${gradientAlong(
      id,
      [500, 540],
      [640, 1200],
      [
        [0, cloth.light],
        [0.22, cloth.base],
        [0.6, cloth.base],
        [1, cloth.shade],
      ],
    )}</defs>` + both(one)
  );
}

/** A shirt's front between the fronts of a jacket, with its placket. */
export function shirtFront(id: string, cloth: Tone, open: number, buttons: boolean): string {
  return (
    `<defs>${gradient(id, [
      [0, cloth.light],
      [0.6, cloth.base],
      [1, cloth.shade],
    ])}</defs>` +
    `<path d="M 424 520 L 500 ${open} L 576 520 L 628 560 L 590 1404 L 410 1404 L 372 560 Z" fill="url(#${id})"/>` +
    line(`M 500 ${open} V 1404`, cloth.shade, 2.6) +
    line(`M 511 ${open + 6} V 1404`, cloth.shade, 1.6, 0.6) +
    line(
      `M 462 ${open + 60} C 470 ${open + 140} 476 ${open + 210} 484 ${open + 280} M 552 ${open + 80} C 544 ${open + 160} 532 ${open + 220} 522 ${open + 280}`,
      cloth.shade,
      4,
      0.7,
    ) +
    (buttons
      ? [70, 150, 230]
          .map((dy) => `<circle cx="505.5" cy="${open + dy}" r="5" fill="${cloth.deep}" fill-opacity="0.55"/>`)
          .join('')
      : '')
  );
}

/** A turned-down collar about the neck. `spread` is how far its points reach from the middle. */
export function shirtCollar(p: Person, cloth: Tone, open: number, spread = 54): string {
  const nx = p.body.neck;
  return both(
    edged(
      `M ${n(500 + nx - 1)} 492 C ${n(500 + nx + 10)} 514 ${n(500 + nx + 2)} 560 501 ${open} L ${n(500 + spread)} ${n(open + 44)} C ${n(500 + spread + 22)} ${n(open - 2)} ${n(500 + nx + 36)} 588 ${n(500 + nx + 40)} 544 C ${n(500 + nx + 30)} 530 ${n(500 + nx + 14)} 512 ${n(500 + nx - 1)} 492 Z`,
      cloth.base,
      cloth.deep,
      2.2,
    ) +
      fill(
        `M ${n(500 + nx - 1)} 492 C ${n(500 + nx + 10)} 514 ${n(500 + nx + 2)} 560 501 ${open} L ${n(510)} ${n(open + 8)} C ${n(500 + nx + 16)} 566 ${n(500 + nx + 22)} 530 ${n(500 + nx - 1)} 492 Z`,
        cloth.shade,
        0.6,
      ),
  );
}

/** Notched lapels of a jacket that closes at `close`. */
export function lapels(p: Person, cloth: Tone, close: number, width = 1): string {
  const nx = p.body.neck + 12;
  const w = (v: number): string => n(500 + nx + v * width);
  return both(
    edged(
      `M ${n(500 + nx)} 512 C ${w(28)} 530 ${w(46)} 542 ${w(66)} 556 L ${w(90)} 664 L ${w(46)} 674 L ${w(66)} 704 L 503 ${close} C ${n(500 + nx * 0.52)} ${n(close - 140)} ${n(500 + nx - 8)} 650 ${n(500 + nx)} 512 Z`,
      cloth.base,
      cloth.deep,
      2.4,
    ) +
      fill(
        `M ${n(500 + nx)} 512 C ${n(500 + nx - 4)} 640 ${n(500 + nx * 0.6)} ${n(close - 160)} 506 ${n(close - 12)} C ${n(500 + nx * 0.46)} ${n(close - 140)} ${n(500 + nx - 14)} 650 ${n(500 + nx)} 512 Z`,
        cloth.light,
        0.75,
      ) +
      line(`M ${w(46)} 674 L ${w(8)} 650`, cloth.deep, 2, 0.6),
  );
}

export const button = (x: number, y: number, colour: string, r = 10): string =>
  `<circle cx="${n(x)}" cy="${n(y + 1.5)}" r="${r}" fill="#000000" fill-opacity="0.22"/><circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="${colour}"/><circle cx="${n(x - r * 0.28)}" cy="${n(y - r * 0.3)}" r="${n(r * 0.32)}" fill="#ffffff" fill-opacity="0.45"/>`;
