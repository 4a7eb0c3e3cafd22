import { mix, type Tone } from '../draw/colours.js';
import {
  both,
  clothForm,
  clothLight,
  clothShade,
  edged,
  fill,
  fold,
  form,
  gradient,
  gradientAlong,
  lightOn,
  line,
  mirrored,
  n,
  softFill,
  softLine,
} from '../draw/light.js';
import { facePath } from '../face/skull.js';
import { headTransform, headY, type Person, TURN } from '../person.js';

/** Neck, shoulders' skin and collarbones, under any neckline, with the shadow that the head throws on them. */
export function neck(p: Person): string {
  const { skin, body, face, aged } = p;
  const half = body.neck;
  const chin = headY(face.chinY);
  const [sx, sy] = body.shoulder;
  const x = (v: number): string => n(500 + v);
  const reach = sx - 500;
  const outline =
    `M ${x(-half)} 400 L ${x(-half)} 484 C ${x(-half - 2)} 520 ${x(-half - 30)} 536 ${x(-reach * 0.74)} ${sy - 62} C ${x(-reach - 2)} ${sy - 46} ${x(-reach - 4)} ${sy - 30} ${x(-reach - 2)} ${sy + 40} L ${x(-130)} 860 L ${x(130)} 860 L ${x(reach + 2)} ${sy + 40} ` +
    `C ${x(reach + 4)} ${sy - 30} ${x(reach + 2)} ${sy - 46} ${x(reach * 0.74)} ${sy - 62} C ${x(half + 30)} 536 ${x(half + 2)} 520 ${x(half)} 484 L ${x(half)} 400 Z`;
  const head = (dx: number, dy: number, colour: string, blur: number, opacity: number): string =>
    `<g transform="translate(${dx} ${dy}) ${headTransform}">${softFill(facePath(face), colour, blur, opacity)}</g>`;
  const muscles =
    softLine(
      `M ${x(-half * 0.74)} ${n(chin + 22)} C ${x(-half * 0.6)} ${n(chin + 50)} ${x(-26)} 552 ${x(-6)} 574`,
      skin.shade,
      4,
      2.6,
      0.3,
    ) +
    softLine(
      `M ${x(half * 0.84)} ${n(chin + 18)} C ${x(half * 0.7)} ${n(chin + 50)} ${x(28)} 552 ${x(12)} 574`,
      skin.shade,
      5,
      2.6,
      0.42,
    ) +
    softLine(`M ${x(-112)} 562 C ${x(-70)} 556 ${x(-40)} 562 ${x(-10)} 580`, skin.light, 4, 2, 0.36) +
    softLine(`M ${x(-114)} 570 C ${x(-70)} 564 ${x(-40)} 570 ${x(-10)} 590`, skin.shade, 4, 2, 0.42) +
    softLine(`M ${x(118)} 566 C ${x(76)} 558 ${x(44)} 566 ${x(18)} 582`, skin.shade, 4, 2, 0.42) +
    (p.female ? '' : softLine(`M ${x(TURN.chin)} ${n(chin + 30)} q 5 12 0 24`, skin.shade, 7, 3, 0.35)) +
    (aged > 0.4
      ? line(
          `M ${x(-half * 0.66)} ${n(chin + 34)} Q ${x(6)} ${n(chin + 46)} ${x(half * 0.7)} ${n(chin + 36)}`,
          skin.shade,
          2,
          0.5 * aged,
        )
      : '');
  return form(outline, skin, {
    size: 15,
    shade: 0.5,
    key: 0.34,
    rim: skin.rimOpacity * 0.7,
    rimColour: skin.rim,
    // The neck is darker than the face: the shadow of the head, close and wide.
    inside: head(14, 66, skin.shade, 16, 0.5) + head(10, 40, skin.deep, 9, 0.5) + muscles,
  });
}

/** The right side of a garment from the neckline over the shoulder, along the armhole, to the bottom of the drawing. */
function rightSide(p: Person, nx: number, ny: number): string {
  const [s, sy] = p.body.shoulder;
  const { waist: w, hip: h } = p.body;
  const top = sy - p.body.arm.shoulder * 0.95;
  const pit = Math.min(s - 34, 500 + w + 14);
  return (
    `C ${n(500 + nx + 26)} ${n(ny + 24)} ${n(s - 44)} ${n(top - 14)} ${n(s - 6)} ${n(top + 4)} C ${n(s + 8)} ${n(top + 22)} ${n(s + 4)} ${n(sy + 30)} ${n(s - 16)} ${n(sy + 98)} ` +
    `C ${n((s - 16 + pit) / 2)} 800 ${n(500 + w + 2)} 880 ${n(500 + w)} 968 C ${n(500 + w + 4)} 1070 ${n(500 + h - 8)} 1180 ${n(500 + h)} 1404`
  );
}

/** The same on the left, upwards from the bottom. */
function leftSide(p: Person, nx: number, ny: number): string {
  const [r, sy] = p.body.shoulder;
  const s = 1000 - r;
  const { waist: w, hip: h } = p.body;
  const top = sy - p.body.arm.shoulder * 0.95;
  const pit = Math.max(s + 34, 500 - w - 14);
  return (
    `C ${n(500 - h + 8)} 1180 ${n(500 - w - 4)} 1070 ${n(500 - w)} 968 C ${n(500 - w - 2)} 880 ${n((s + 16 + pit) / 2)} 800 ${n(s + 16)} ${n(sy + 98)} ` +
    `C ${n(s - 4)} ${n(sy + 30)} ${n(s - 8)} ${n(top + 22)} ${n(s + 6)} ${n(top + 4)} C ${n(s + 44)} ${n(top - 14)} ${n(500 - nx - 26)} ${n(ny + 24)} ${n(500 - nx)} ${n(ny)}`
  );
}

/** Cloth of torso and sleeves: one gradient of the whole figure, so that cloth meets cloth without an edge. */
export const clothGradient = (id: string, cloth: Tone, side: 'right' | 'left' = 'right'): string => {
  const x = (v: number): number => (side === 'right' ? v : 1000 - v);
  return gradientAlong(
    id,
    [x(200), 540],
    [x(780), 1060],
    [
      [0, mix(cloth.base, clothLight(cloth.base), 0.5)],
      [0.42, cloth.base],
      [1, mix(cloth.base, clothShade(cloth.base), 0.8)],
    ],
  );
};

/** A neckline: half width and height at the shoulders, and the curve from left to right between. */
interface Neckline {
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

export const torsoOutline = (p: Person, at: Neckline): string =>
  `M ${n(500 - at.x)} ${n(at.y)} ${at.d} ${rightSide(p, at.x, at.y)} L ${n(500 - p.body.hip)} 1404 ${leftSide(p, at.x, at.y)} Z`;

/** A garment over the whole torso: cloth with light from the upper left and folds. `id` names its gradient. */
export function garment(
  p: Person,
  id: string,
  cloth: Tone,
  at: Neckline,
  trim: { colour: string; width: number } | null = null,
): string {
  const d = torsoOutline(p, at);
  const t = { shade: clothShade(cloth.base), light: clothLight(cloth.base) };
  const edge = `M ${n(500 - at.x)} ${n(at.y)} ${at.d}`;
  return (
    `<defs>${clothGradient(id, cloth)}<path id="o${id}" d="${d}"/><clipPath id="c${id}"><use href="#o${id}"/></clipPath></defs>` +
    `<g clip-path="url(#c${id})"><use href="#o${id}" fill="url(#${id})"/></g>` +
    `<g clip-path="url(#c${id})">${lightOn(id, t, { size: 24, shade: 0.5, key: 0.28, rim: 0.34 })}${folds(p, t)}</g>` +
    // The neckline lies on the skin: its shadow first, then the band.
    softLine(edge, '#3a2a2a', 5, 3, 0.28) +
    (trim === null
      ? line(edge, cloth.base, 3) + `<g transform="translate(-0.6 3)">${line(edge, t.light, 1.8, 0.3)}</g>`
      : line(edge, trim.colour, trim.width) +
        `<g transform="translate(0 ${n(trim.width * 0.3)})">${line(edge, t.shade, trim.width * 0.4, 0.3)}</g><g transform="translate(-0.5 ${n(-trim.width * 0.2)})">${line(edge, t.light, trim.width * 0.25, 0.4)}</g>`)
  );
}

/** Pulls from the armpits, shade below the chest, two folds at the waist. */
function folds(p: Person, t: Pick<Tone, 'shade' | 'light'>): string {
  const s = p.body.shoulder[0];
  const l = 1000 - s;
  const { waist: w } = p.body;
  const top = p.body.shoulder[1];
  const chest = p.female ? 0.24 : 0.14;
  const under = (side: 1 | -1): string =>
    `M ${n(500 + side * 24)} ${p.female ? 816 : 792} C ${n(500 + side * 60)} ${p.female ? 842 : 806} ${n(500 + side * 104)} ${p.female ? 836 : 800} ${n(500 + side * (s - 536))} ${p.female ? 786 : 764}`;
  return (
    fold([l + 22, top + 96], [l + 52, top + 150], [l + 58, top + 236], t, 11) +
    fold([s - 26, top + 96], [s - 52, top + 150], [s - 58, top + 240], t, 11) +
    softLine(under(1), t.shade, 8, 5, chest) +
    softLine(under(-1), t.shade, 8, 5, chest) +
    fold([500 - w + 6, 936], [460, 958], [478, 1004], t, 8, 0.7) +
    fold([500 + w - 10, 944], [548, 960], [528, 1010], t, 8, 0.7) +
    fold([470, 1016], [464, 1100], [474, 1200], t, 8, 0.6) +
    fold([548, 1040], [542, 1120], [556, 1230], t, 8, 0.6)
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
  const [s, top] = p.body.shoulder;
  const { waist: w } = p.body;
  const t = { shade: clothShade(cloth.base), light: clothLight(cloth.base) };
  const front = `M ${n(500 + gap)} 1404 L ${n(500 + gap)} ${close} C ${n(500 + (cx ?? 40))} ${n(close - 150)} ${n(500 + nx - 4)} ${n(ny + 150)} ${n(500 + nx)} ${ny}`;
  // Pulls from the button to the side, a dart, a fold over the hip.
  const modelling =
    fold([s - 26, top + 96], [s - 50, top + 150], [s - 56, top + 240], t, 11) +
    fold([514 + gap, close + 14], [566, close - 6], [500 + w - 8, close - 54], t, 9, 0.9) +
    fold([514 + gap, close + 40], [570, close + 62], [500 + w - 6, close + 48], t, 8, 0.8) +
    fold([564, 1300], [614, 1246], [676, 1240], t, 8, 0.7) +
    line(
      `M ${n(500 + w * 0.66)} ${n(close - 110)} C ${n(500 + w * 0.62)} ${close} ${n(500 + w * 0.66)} ${close + 80} ${n(500 + w * 0.74)} ${close + 170}`,
      t.shade,
      2.2,
      0.5,
    );
  const half = (which: 'right' | 'left'): string =>
    `<defs>${clothGradient(`${id}${which}`, cloth, which)}<path id="o${id}" d="${d}"/><clipPath id="c${id}"><use href="#o${id}"/></clipPath></defs>` +
    softLine(front, '#0d0a1a', 8, 5, 0.3) +
    `<g clip-path="url(#c${id})"><use href="#o${id}" fill="url(#${id}${which})"/></g>` +
    `<g clip-path="url(#c${id})">${lightOn(id, t, { size: 22, shade: which === 'right' ? 0.5 : 0.4, key: 0.26, rim: which === 'right' ? 0.34 : 0.1 })}${modelling}</g>`;
  return mirrored(half('left')) + half('right');
}

/** A shirt's front between the fronts of a jacket, with its placket. */
export function shirtFront(id: string, cloth: Tone, open: number, buttons: boolean): string {
  return (
    `<defs>${gradient(id, [
      [0, cloth.light],
      [0.6, cloth.base],
      [1, cloth.shade],
    ])}</defs>` +
    clothForm(`M 432 524 L 500 ${open} L 568 524 L 592 566 L 590 1404 L 410 1404 L 408 566 Z`, cloth.base, {
      paint: `url(#${id})`,
      size: 16,
      rim: 0.1,
    }) +
    line(`M 500 ${open} V 1404`, clothShade(cloth.base), 2, 0.5) +
    line(`M 512 ${open + 6} V 1404`, clothShade(cloth.base), 1.4, 0.35) +
    fold(
      [456, open + 40],
      [468, open + 130],
      [486, open + 250],
      { shade: clothShade(cloth.base), light: '#ffffff' },
      8,
      0.8,
    ) +
    fold(
      [548, open + 50],
      [540, open + 150],
      [516, open + 280],
      { shade: clothShade(cloth.base), light: '#ffffff' },
      -8,
      0.8,
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

/** Notched lapels of a jacket that closes at `close`, and their shadow on the shirt and the jacket. */
export function lapels(p: Person, cloth: Tone, close: number, width = 1): string {
  const nx = p.body.neck + 12;
  const w = (v: number): string => n(500 + nx + v * width);
  const lapel = `M ${n(500 + nx - 2)} 560 C ${w(20)} 580 ${w(52)} 600 ${w(64)} 612 L ${w(76)} 664 L ${w(58)} 704 C ${w(44)} 780 ${w(8)} ${n(close - 90)} 503 ${close} C ${n(500 + nx * 0.52)} ${n(close - 140)} ${n(500 + nx - 8)} 690 ${n(500 + nx - 2)} 560 Z`;
  const collar = `M ${n(500 + nx - 6)} 500 C ${w(16)} 514 ${w(40)} 540 ${w(52)} 560 L ${w(78)} 650 L ${w(34)} 646 C ${w(26)} 610 ${w(14)} 576 ${n(500 + nx - 6)} 552 Z`;
  const half =
    softFill(lapel, '#0d0a1a', 6, 0.34, [7, 7]) +
    clothForm(lapel, cloth.base, { size: 11, shade: 0.48, key: 0.4, rim: 0.14 }) +
    softFill(collar, '#0d0a1a', 4, 0.3, [3, 6]) +
    clothForm(collar, cloth.base, { size: 8, shade: 0.45, key: 0.42, rim: 0.24 });
  return both(half);
}

export const button = (x: number, y: number, colour: string, r = 10): string =>
  `<circle cx="${n(x)}" cy="${n(y + 1.5)}" r="${r}" fill="#000000" fill-opacity="0.22"/><circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="${colour}"/><circle cx="${n(x - r * 0.28)}" cy="${n(y - r * 0.3)}" r="${n(r * 0.32)}" fill="#ffffff" fill-opacity="0.45"/>`;
