import { button, garment, lapels, neck, neckline, panel, shirtCollar, shirtFront } from '../body/torso.js';
import { tone } from '../draw/colours.js';
import { both, dot, edged, fill, line, n } from '../draw/light.js';
import type { Person } from '../person.js';
import { beads, bowTie, type Cloths, type Outfit, type OutfitPlan, pendant, scatter, tie, WHITE } from './outfit.js';

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
function rollNeck(p: Person, cloth: Cloths['main']): string {
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

const ribs = (p: Person, c: Cloths['main']): string => {
  let d = '';
  for (let x = 500 - p.body.hip + 12; x <= 500 + p.body.hip; x += 17) d += `M ${n(x)} 1320 L ${n(x)} 1400 `;
  return line(d, c.shade, 3, 0.7);
};

const tee = (p: Person, c: Cloths): Outfit => ({
  torso: neck(p) + garment(p, 'main', c.main, neckline('crew', p), { colour: c.main.shade, width: 12 }),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.main.shade },
});
const stripedTee = (p: Person, c: Cloths): Outfit => {
  let bands = '';
  for (let y = 660; y < 1400; y += 62)
    bands += `<path d="M 200 ${y} Q 500 ${y + 26} 800 ${y} L 800 ${y + 24} Q 500 ${y + 50} 200 ${y + 24} Z" fill="${c.accent.base}"/>`;
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('boat', p), { colour: c.accent.base, width: 8 }).replace(
        '</g>',
        `${bands}</g>`,
      ),
    sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
  };
};
const knit = (p: Person, c: Cloths): Outfit => {
  let cable = '';
  for (const x of [440, 500, 560])
    for (let y = 640; y < 1300; y += 44) cable += `M ${x - 9} ${y} q 18 22 0 44 M ${x + 9} ${y} q -18 22 0 44 `;
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('crew', p), { colour: c.main.shade, width: 15 }) +
      line(cable, c.main.shade, 4, 0.8) +
      ribs(p, c.main),
    sleeve: { kind: 'long', cloth: c.main, cuff: c.main.shade },
  };
};
const turtleneck = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)) +
    rollNeck(p, c.main) +
    (p.female ? beads(p, c.accent.base, { count: 21, r: 4, drop: 130, y: 560 }) : ''),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.shade },
});
const cardigan = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', c.accent, neckline(p.female ? 'scoop' : 'crew', p), { colour: c.accent.shade, width: 9 }) +
    panel(p, 'coat', c.main, [p.body.neck + 26, 516, 26, 66], 1010) +
    both(
      edged(
        `M ${n(526 + p.body.neck)} 526 C ${n(528 + p.body.neck)} 680 ${566} 860 526 1010 L 526 1404 L 552 1404 L 552 1016 C 600 860 ${n(554 + p.body.neck)} 690 ${n(550 + p.body.neck)} 540 Z`,
        c.main.light,
        c.main.deep,
        2.2,
      ),
    ) +
    [1030, 1120, 1210].map((y) => button(539, y, c.main.deep, 8)).join('') +
    (p.female ? pendant(p, 606) : ''),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});
const polo = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, { x: p.body.neck + 4, y: 512, dip: 640, d: `L 500 640 L ${n(504 + p.body.neck)} 512` }) +
    edged('M 489 626 L 511 626 L 511 736 L 489 736 Z', c.main.base, c.main.deep, 2) +
    [664, 704].map((y) => button(500, y, c.accent.base, 5)).join('') +
    shirtCollar(p, c.accent, 632, 48),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.accent.base },
});
const hoodie = (p: Person, c: Cloths): Outfit => {
  const k = p.body.neck;
  return {
    torso:
      edged(
        `M ${n(490 - k - 46)} 560 C ${n(500 - k - 70)} 470 ${n(500 - k - 20)} 440 500 440 C ${n(500 + k + 20)} 440 ${n(500 + k + 70)} 470 ${n(510 + k + 46)} 560 Z`,
        c.main.shade,
        c.main.deep,
        2.4,
      ) +
      neck(p) +
      garment(p, 'main', c.main, neckline('crew', p), { colour: c.main.light, width: 10 }) +
      both(
        edged(
          `M ${n(500 + k + 6)} 486 C ${n(500 + k + 48)} 500 ${n(500 + k + 66)} 540 ${n(500 + k + 60)} 570 C 580 616 530 622 501 640 C 520 606 ${n(500 + k + 2)} 560 ${n(500 + k + 6)} 486 Z`,
          c.main.base,
          c.main.deep,
          2.4,
        ),
      ) +
      line('M 476 626 C 474 680 470 720 472 770 M 524 626 C 526 690 530 720 526 784', WHITE, 5) +
      dot(472, 774, 5, '#c9c4bd') +
      dot(526, 788, 5, '#c9c4bd') +
      edged('M 400 1130 L 600 1130 L 640 1290 L 360 1290 Z', c.main.base, c.main.deep, 2.4),
    sleeve: { kind: 'long', cloth: c.main, cuff: c.main.shade },
  };
};
const denim = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', c.accent, neckline('crew', p), { colour: c.accent.shade, width: 11 }) +
    panel(p, 'coat', c.main, [p.body.neck + 16, 516, 34, 70], 1010) +
    both(
      edged(
        `M ${n(510 + p.body.neck)} 508 C ${n(560 + p.body.neck)} 540 ${n(580 + p.body.neck)} 570 ${n(572 + p.body.neck)} 590 L ${n(536 + p.body.neck)} 640 C ${n(530 + p.body.neck)} 590 ${n(520 + p.body.neck)} 560 ${n(510 + p.body.neck)} 508 Z`,
        c.main.light,
        c.main.deep,
        2.4,
      ) +
        line(`M 596 700 L 690 690 M 600 800 L 684 790`, '#e0b06a', 2, 0.9) +
        edged('M 604 716 L 680 708 L 680 756 L 642 772 L 606 762 Z', c.main.base, c.main.deep, 2.4) +
        dot(642, 732, 5, '#d8a45a') +
        [840, 930, 1020, 1110].map((y) => dot(560 - (y - 840) * 0.06, y, 5.5, '#d8a45a')).join(''),
    ),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});
const leather = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', c.accent, neckline('crew', p), { colour: c.accent.shade, width: 11 }) +
    panel(p, 'coat', c.main, [p.body.neck + 16, 514, 30, 60], 1000) +
    both(
      edged(
        `M ${n(512 + p.body.neck)} 508 C ${n(570 + p.body.neck)} 540 650 600 646 660 L 590 700 L 600 740 L 540 900 C 560 760 ${n(530 + p.body.neck)} 640 ${n(512 + p.body.neck)} 508 Z`,
        c.main.base,
        c.main.deep,
        2.6,
      ) +
        fill(
          `M ${n(520 + p.body.neck)} 530 C 610 570 630 620 628 650 L 570 684 C 580 640 ${n(536 + p.body.neck)} 580 ${n(520 + p.body.neck)} 530 Z`,
          c.main.light,
          0.5,
        ) +
        line('M 532 930 L 532 1400', '#b9bcc4', 3.4) +
        line('M 610 1030 L 664 990', '#b9bcc4', 4),
    ),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.shade },
});
const floral = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('v', p), { colour: c.main.light, width: 5 }).replace(
      '</g>',
      `${scatter('flower', p, 680, 1390, 46, 13, [c.accent.base, c.accent.light, c.accent.shade])}</g>`,
    ) +
    pendant(p, 590),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.accent.base },
});
const linen = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(
      p,
      'main',
      c.main,
      {
        x: p.body.neck + 6,
        y: 514,
        dip: 690,
        d: `C ${n(500 - p.body.neck)} 570 488 640 500 690 C 512 640 ${n(500 + p.body.neck)} 570 ${n(506 + p.body.neck)} 514`,
      },
      { colour: c.main.light, width: 13 },
    ) +
    line('M 500 690 V 860', c.main.deep, 2.2, 0.5) +
    [720, 770, 820].map((y) => button(500, y, c.accent.base, 5)).join(''),
  sleeve: { kind: 'rolled', cloth: c.main, cuff: c.main.light },
});
const parka = (p: Person, c: Cloths): Outfit => {
  let quilts = '';
  for (let y = 660; y < 1400; y += 96) quilts += `M 250 ${y} Q 400 ${y + 26} 498 ${y + 8} Q 600 ${y + 26} 750 ${y} `;
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('high', p)).replace('</g>', `${line(quilts, c.main.deep, 3, 0.5)}</g>`) +
      line('M 500 536 V 1404', c.accent.base, 6) +
      edged(
        `M ${n(494 - p.body.neck)} 476 Q 500 512 ${n(506 + p.body.neck)} 476 L ${n(514 + p.body.neck)} 530 Q 500 566 ${n(486 - p.body.neck)} 530 Z`,
        c.main.light,
        c.main.deep,
        2.4,
      ),
    sleeve: { kind: 'long', cloth: c.main, cuff: c.main.shade },
  };
};

export const CASUAL = {
  tee: { wear: tee, colour: '#f2efe9', accent: '#ffffff', kind: 'casual' },
  'striped-top': { wear: stripedTee, colour: '#fbf7f0', accent: '#2b4570', kind: 'casual' },
  knit: { wear: knit, colour: '#d8c3a5', accent: '#ffffff', kind: 'casual' },
  turtleneck: { wear: turtleneck, colour: '#7a2e3a', accent: '#e0c088', kind: 'casual' },
  cardigan: { wear: cardigan, colour: '#eeae42', accent: '#2a8a8e', kind: 'casual' },
  polo: { wear: polo, colour: '#2e7d5b', accent: '#f5f1e8', kind: 'casual' },
  hoodie: { wear: hoodie, colour: '#7d93b2', accent: '#ffffff', kind: 'casual' },
  denim: { wear: denim, colour: '#4f76a3', accent: '#f6f2ea', kind: 'casual' },
  leather: { wear: leather, colour: '#3a3136', accent: '#e9e4dc', kind: 'casual' },
  'floral-dress': { wear: floral, colour: '#f0d9d4', accent: '#c4536a', kind: 'casual' },
  'linen-shirt': { wear: linen, colour: '#e9dfcd', accent: '#a58a64', kind: 'casual' },
  'quilted-jacket': { wear: parka, colour: '#4d6b57', accent: '#d08a3c', kind: 'casual' },
} as const satisfies Readonly<Record<string, OutfitPlan>>;
