import { both, glow, gradient, n, type Look } from './look.js';

export interface FaceShape {
  /** Half widths at temple, cheekbone and jaw corner, and the chin's y and half width. */
  readonly temple: number;
  readonly cheek: number;
  readonly jaw: number;
  readonly jawY: number;
  readonly chinY: number;
  readonly chin: number;
}

export function facePath(f: FaceShape): string {
  const c = 500;
  return (
    `M ${n(c - f.temple)} 262 C ${n(c - f.temple - 3)} 310 ${n(c - f.cheek)} ${n(f.jawY - 52)} ${n(c - f.jaw)} ${n(f.jawY)} ` +
    `C ${n(c - f.jaw + 20)} ${n(f.jawY + 26)} ${n(c - f.chin)} ${n(f.chinY)} ${c} ${n(f.chinY)} ` +
    `C ${n(c + f.chin)} ${n(f.chinY)} ${n(c + f.jaw - 20)} ${n(f.jawY + 26)} ${n(c + f.jaw)} ${n(f.jawY)} ` +
    `C ${n(c + f.cheek)} ${n(f.jawY - 52)} ${n(c + f.temple + 3)} 310 ${n(c + f.temple)} 262 ` +
    `C ${n(c + f.temple)} 190 ${n(c + 60)} 148 ${c} 148 C ${n(c - 60)} 148 ${n(c - f.temple)} 190 ${n(c - f.temple)} 262 Z`
  );
}

/** Face with its modelling: light from the upper left, shade along the right cheek and under the hair. */
export function face(look: Look, f: FaceShape, ears: boolean): string {
  const d = facePath(f);
  const ear =
    `<path d="M ${n(500 + f.temple - 6)} 306 C ${n(500 + f.temple + 10)} 284 ${n(500 + f.temple + 34)} 292 ${n(500 + f.temple + 30)} 326 C ${n(500 + f.temple + 27)} 352 ${n(500 + f.temple + 14)} 374 ${n(500 + f.temple - 8)} 366 Z" fill="${look.skin}"/>` +
    `<path d="M ${n(500 + f.temple + 4)} 312 C ${n(500 + f.temple + 20)} 302 ${n(500 + f.temple + 24)} 322 ${n(500 + f.temple + 14)} 338 C ${n(500 + f.temple + 8)} 348 ${n(500 + f.temple + 12)} 354 ${n(500 + f.temple + 2)} 356" fill="none" stroke="${look.skinShade}" stroke-width="5" stroke-linecap="round"/>`;
  return (
    `<defs>${gradient(
      'skin',
      [
        [0, look.skinLight],
        [0.55, look.skin],
        [1, look.skin],
      ],
      'x1="0.2" y1="0" x2="0.8" y2="1"',
    )}` +
    `${gradient(
      'side',
      [
        [0, look.skinShade, 0],
        [0.6, look.skinShade, 0],
        [1, look.skinShade, 0.7],
      ],
      'x1="0" y1="0.3" x2="1" y2="0.5"',
    )}` +
    `<clipPath id="face"><path d="${d}"/></clipPath></defs>` +
    (ears ? both(ear) : '') +
    `<path d="${d}" fill="url(#skin)"/><g clip-path="url(#face)"><path d="${d}" fill="url(#side)"/>` +
    `<path d="M 380 ${n(f.chinY - 26)} C 440 ${n(f.chinY + 2)} 560 ${n(f.chinY + 2)} 620 ${n(f.chinY - 26)} L 620 ${n(f.chinY + 10)} L 380 ${n(f.chinY + 10)} Z" fill="${look.skinShade}" opacity="0.16"/></g>`
  );
}

/** Nose and cheeks: the parts that slide over the face when the head turns. */
export function features(
  look: Look,
  nose: { y: number; width: number; bridge: number },
  blushY: number,
  blushX: number,
  blush: number,
): string {
  const { y, width: w, bridge } = nose;
  return (
    `<defs>${glow('blush', look.blush, blush)}${glow('tip', '#ffffff', 0.5)}${gradient('bridge', [
      [0, look.skinShade, 0],
      [1, look.skinShade, 0.75],
    ])}</defs>` +
    `<ellipse cx="${500 - blushX}" cy="${blushY}" rx="34" ry="25" fill="url(#blush)"/><ellipse cx="${500 + blushX}" cy="${blushY}" rx="34" ry="25" fill="url(#blush)"/>` +
    `<path d="M ${n(500 + bridge)} ${n(y - 62)} C ${n(500 + bridge - 2)} ${n(y - 30)} ${n(500 + w * 0.75)} ${n(y - 18)} ${n(500 + w)} ${n(y - 4)} C ${n(500 + w)} ${n(y + 8)} ${n(500 + w * 0.4)} ${n(y + 7)} 500 ${n(y + 9)} C ${n(500 + w * 0.2)} ${n(y - 6)} ${n(500 + bridge * 0.1)} ${n(y - 30)} ${n(500 + bridge)} ${n(y - 62)} Z" fill="url(#bridge)"/>` +
    `<path d="M ${n(500 - w * 0.72)} ${n(y + 4)} Q ${n(500 - w * 0.3)} ${n(y + 11)} 500 ${n(y + 10)} Q ${n(500 + w * 0.3)} ${n(y + 11)} ${n(500 + w * 0.72)} ${n(y + 4)}" fill="none" stroke="${look.skinShade}" stroke-width="4" stroke-linecap="round"/>` +
    `<path d="M ${n(500 + w)} ${n(y - 8)} q 5 7 -1 13 M ${n(500 - w)} ${n(y - 8)} q -5 7 1 13" fill="none" stroke="${look.skinShade}" stroke-width="3" stroke-linecap="round" opacity="0.8"/>` +
    `<ellipse cx="${n(500 - 3)}" cy="${n(y - 7)}" rx="9" ry="8" fill="url(#tip)"/>`
  );
}

/** Neck and the skin of a neckline, with the head's shadow on it. `open` is where the neckline ends. */
export function neck(look: Look, half: number, open: number, spread: number, chinY: number): string {
  return (
    `<defs>${gradient(
      'neck',
      [
        [0, look.skinShade],
        [0.42, look.skinShade, 1],
        [0.55, look.skin],
        [1, look.skin],
      ],
      `gradientUnits="userSpaceOnUse" x1="480" y1="400" x2="500" y2="640"`,
    )}</defs>` +
    `<path d="M ${n(500 - half)} 400 L ${n(500 - half)} 492 C ${n(500 - half - 4)} 520 ${n(500 - spread * 0.7)} 536 ${n(500 - spread)} 548 L 500 ${open} L ${n(500 + spread)} 548 C ${n(500 + spread * 0.7)} 536 ${n(500 + half + 4)} 520 ${n(500 + half)} 492 L ${n(500 + half)} 400 Z" fill="${look.skin}"/>` +
    `<path d="M ${n(500 - half)} 400 L ${n(500 - half)} ${n(chinY + 6)} C ${n(500 - half * 0.5)} ${n(chinY + 46)} ${n(500 + half * 0.4)} ${n(chinY + 58)} ${n(500 + half)} ${n(chinY + 32)} L ${n(500 + half)} 400 Z" fill="${look.skinShade}"/>` +
    `<path d="M ${n(500 - half * 0.86)} 548 Q 480 552 ${n(500 - 14)} 566 M ${n(500 + half * 0.86)} 548 Q 520 552 ${n(500 + 14)} 566" fill="none" stroke="${look.skinShade}" stroke-width="3.4" stroke-linecap="round" opacity="0.75"/>`
  );
}
