import { fill, line, n, both } from '../draw/shapes.js';
import { edged } from '../draw/light.js';
import { tone } from '../draw/colours.js';
import { neck } from '../body/neck.js';
import { button, garment, lapels, neckline, panel, shirtCollar, shirtFront } from '../body/torso.js';
import type { Person } from '../person.js';
import { beads, bowTie, pendant, tie } from './ornaments.js';
import { WHITE, type Cloths, type Outfit, type OutfitPlan } from './outfit.js';

const white = tone(WHITE);
const long = (c: Cloths, cuff = WHITE): Outfit['sleeve'] => ({ kind: 'long', cloth: c.main, cuff });

function jacket(p: Person, c: Cloths, inside: string, close = 946, width = 1): string {
  return (
    neck(p) +
    inside +
    panel(p, 'coat', c.main, [p.body.neck + 12, 512, 0], close) +
    fill(`M 500 ${close} C 502 ${close + 100} 516 ${close + 220} 540 1400 L 500 1400 Z`, c.main.shade, 0.6) +
    lapels(p, c.main, close, width) +
    button(500, close + 28, c.main.deep, 11) +
    both(edged(`M 566 1136 L 652 1120 L 655 1150 L 569 1166 Z`, c.main.base, c.main.deep, 2.4))
  );
}

/** Blazer over an open blouse. */
const blazer = (p: Person, c: Cloths): Outfit => ({
  torso: jacket(
    p,
    c,
    shirtFront('shirt', c.accent, 676, false) + shirtCollar(p, c.accent, 676, 42) + (p.female ? pendant(p) : ''),
  ),
  sleeve: long(c, c.accent.base),
});
const suitOpen = (p: Person, c: Cloths): Outfit => ({
  torso:
    jacket(p, c, shirtFront('shirt', white, 636, true) + shirtCollar(p, white, 636)) +
    edged('M 636 764 L 652 734 L 666 754 L 684 730 L 694 760 Z', c.accent.base, c.accent.deep, 1.6) +
    fill('M 630 766 L 700 756 L 702 768 L 632 780 Z', c.main.shade),
  sleeve: long(c),
});
const suitTie = (p: Person, c: Cloths): Outfit => ({
  torso: jacket(
    p,
    c,
    shirtFront('shirt', white, 580, false) +
      tie(566, c.accent.base, c.accent.deep, c.accent.light) +
      shirtCollar(p, white, 574, 50),
  ),
  sleeve: long(c),
});
const doubleBreasted = (p: Person, c: Cloths): Outfit => ({
  torso:
    jacket(
      p,
      c,
      p.female
        ? garment(p, 'top', c.accent, neckline('scoop', p)) + pendant(p, 600)
        : shirtFront('shirt', white, 586, false) +
            tie(572, c.accent.base, c.accent.deep) +
            shirtCollar(p, white, 580, 50),
      900,
      1.1,
    ) + [960, 1040, 1120].map((y) => button(452, y, '#e3c27a', 10) + button(548, y, '#e3c27a', 10)).join(''),
  sleeve: long(c, p.female ? c.main.light : WHITE),
});
const turtleneckBlazer = (p: Person, c: Cloths): Outfit => ({
  torso: jacket(p, c, garment(p, 'knit', c.accent, neckline('high', p)) + rollNeck(p, c.accent)),
  sleeve: long(c, c.accent.base),
});
const tuxedo = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    shirtFront('shirt', white, 580, true) +
    shirtCollar(p, white, 574, 46) +
    bowTie(582, c.accent.base, c.accent.deep) +
    panel(p, 'coat', c.main, [p.body.neck + 12, 512, 0], 946) +
    both(
      edged(
        `M ${n(512 + p.body.neck)} 512 C 640 560 650 640 632 720 C 600 820 550 900 503 946 C 530 800 ${n(506 + p.body.neck)} 650 ${n(512 + p.body.neck)} 512 Z`,
        c.main.shade,
        c.main.deep,
        2.4,
      ) +
        fill(
          `M ${n(512 + p.body.neck)} 512 C 620 590 626 680 560 840 C 560 760 ${n(508 + p.body.neck)} 650 ${n(512 + p.body.neck)} 512 Z`,
          c.main.light,
          0.4,
        ),
    ) +
    button(500, 974, c.main.deep, 11),
  sleeve: long(c),
});
const shirt = (p: Person, c: Cloths): Outfit => {
  const open = p.female ? 650 : 622;
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, {
        x: p.body.neck + 4,
        y: 512,
        dip: open,
        d: `L 500 ${open} L ${n(504 + p.body.neck)} 512`,
      }) +
      line(`M 500 ${open} V 1404`, c.main.deep, 2.4, 0.6) +
      line(`M 514 ${open + 8} V 1404`, c.main.shade, 2, 0.9) +
      [60, 150, 240, 330, 420].map((dy) => button(507, open + dy, c.main.light, 6)).join('') +
      shirtCollar(p, c.main, open) +
      (p.female ? pendant(p, 596) : ''),
    sleeve: { kind: 'rolled', cloth: c.main, cuff: c.main.light },
  };
};
const blouseBow = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p), { colour: c.main.light, width: 12 }) +
    both(
      edged('M 502 556 C 536 520 590 528 592 560 C 592 590 540 592 502 566 Z', c.main.light, c.main.deep, 2) +
        edged('M 504 566 C 520 620 548 680 556 740 L 528 734 C 522 690 508 620 500 574 Z', c.main.base, c.main.deep, 2),
    ) +
    edged('M 486 546 Q 500 540 514 546 L 512 576 Q 500 582 488 576 Z', c.main.base, c.main.deep, 2),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});
/**
 * A garment without its sleeves: cut inside the shoulder joints, so that the shirt runs from the collar into its own
 * sleeves. A sleeve that lay over the garment's shoulder would end in a hard dome.
 */
function sleeveless(p: Person, cloth: Cloths['main'], garmentSvg: string): string {
  const joint = p.body.shoulder[0] - p.body.arm.shoulder;
  const armhole = (at: (x: number) => number): string =>
    `${n(at(joint - 20))} 560 C ${n(at(joint - 38))} 620 ${n(at(joint - 34))} 706 ${n(at(joint + 10))} 764 Q ${n(at(joint + 34))} 792 ${n(at(joint + 150))} 800`;
  const right = armhole((x) => x);
  const left = armhole((x) => 1000 - x);
  const half = (hole: string, side: number): string => `M 500 400 H ${n(side)} L ${hole} V 1404 H 500 Z`;
  return (
    `<defs><clipPath id="sleeveless"><path d="${half(right, joint - 20)} ${half(left, 1020 - joint)}"/></clipPath></defs>` +
    `<g clip-path="url(#sleeveless)">${garmentSvg}</g>` +
    line(`M ${right} M ${left}`, cloth.deep, 3, 0.75)
  );
}
const waistcoat = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'shirt', c.accent, neckline('crew', p)) +
    shirtFront('front', c.accent, 586, true) +
    tie(572, c.main.shade, c.main.deep) +
    shirtCollar(p, c.accent, 582, 50) +
    sleeveless(p, c.main, panel(p, 'vest', c.main, [p.body.neck + 30, 530, 0], 900)) +
    [930, 1010, 1090, 1170].map((y) => button(500, y, c.main.deep, 8)).join(''),
  sleeve: { kind: 'rolled', cloth: c.accent, cuff: c.accent.light },
});
const sheath = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('boat', p), { colour: c.main.light, width: 4 }) +
    edged(
      `M ${n(498 - p.body.waist)} 962 Q 500 984 ${n(502 + p.body.waist)} 962 L ${n(502 + p.body.waist)} 996 Q 500 1018 ${n(498 - p.body.waist)} 996 Z`,
      c.accent.base,
      c.accent.deep,
      2.2,
    ) +
    beads(p, '#f4efe6', { count: 19, r: 5, drop: 44 }),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.main.light },
});

/** A knitted collar that folds over the neck. */
export function rollNeck(p: Person, cloth: Cloths['main']): string {
  const w = p.body.neck + 5;
  let ribs = '';
  for (let i = -4; i <= 4; i += 1)
    ribs += `M ${n(500 + (i * w) / 5)} ${n(490 + 6 * (1 - (i / 5) ** 2))} l ${n(i * 0.6)} 38 `;
  return (
    edged(
      `M ${n(500 - w)} 482 Q 500 506 ${n(500 + w)} 482 L ${n(504 + w)} 528 Q 500 560 ${n(496 - w)} 528 Z`,
      cloth.base,
      cloth.deep,
      2.2,
    ) + line(ribs, cloth.shade, 2.4, 0.8)
  );
}

export const BUSINESS = {
  blazer: { wear: blazer, colour: '#d9605a', accent: '#fffaf3', kind: 'business' },
  suit: { wear: suitOpen, colour: '#31497a', accent: '#f0b14a', kind: 'business' },
  'suit-tie': { wear: suitTie, colour: '#3a3f4c', accent: '#8f2f3b', kind: 'business' },
  'double-breasted': { wear: doubleBreasted, colour: '#22304d', accent: '#f1e8de', kind: 'business' },
  'turtleneck-blazer': { wear: turtleneckBlazer, colour: '#8a6b4f', accent: '#2c2a2f', kind: 'business' },
  tuxedo: { wear: tuxedo, colour: '#23242b', accent: '#17171b', kind: 'evening' },
  shirt: { wear: shirt, colour: '#a9c6e6', accent: '#ffffff', kind: 'business' },
  'bow-blouse': { wear: blouseBow, colour: '#e8cfc4', accent: '#ffffff', kind: 'business' },
  waistcoat: { wear: waistcoat, colour: '#5b5148', accent: '#f2eee8', kind: 'business' },
  'sheath-dress': { wear: sheath, colour: '#2f6f74', accent: '#e5c98a', kind: 'business' },
} as const satisfies Readonly<Record<string, OutfitPlan>>;
