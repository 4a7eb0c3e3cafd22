import { both, dot, fill, line, n } from '../draw/shapes.js';
import { edged } from '../draw/light.js';
import { tone } from '../draw/colours.js';
import { neck } from '../body/neck.js';
import { button, garment, neckline, panel, shirtCollar } from '../body/torso.js';
import type { Person } from '../person.js';
import { beads, motifs, scatter } from './ornaments.js';
import { GOLD, WHITE, type Cloths, type Outfit, type OutfitPlan } from './outfit.js';

const stand = (p: Person, c: Cloths['main'], trim = c.deep): string =>
  edged(
    `M ${n(498 - p.body.neck)} 484 Q 500 516 ${n(502 + p.body.neck)} 484 L ${n(508 + p.body.neck)} 526 Q 500 558 ${n(492 - p.body.neck)} 526 Z`,
    c.base,
    trim,
    2.6,
  );

/** A sari over its blouse: the pallu runs from the waist over the picture's right shoulder. */
const sari = (p: Person, c: Cloths): Outfit => {
  const s = p.body.shoulder[0];
  const drape = `M ${n(500 - p.body.waist)} 900 C 400 860 520 720 ${n(s - 70)} 556 L ${n(s + 22)} 574 C ${n(s + 66)} 640 ${n(s + 20)} 800 ${n(500 + p.body.waist)} 1000 L ${n(500 + p.body.hip)} 1404 L ${n(500 - p.body.hip)} 1404 Z`;
  return {
    torso:
      neck(p) +
      garment(p, 'blouse', c.accent, neckline('scoop', p), { colour: GOLD, width: 6 }) +
      edged(drape, c.main.base, c.main.deep, 2.4) +
      line(
        `M ${n(520 - p.body.waist)} 960 C 440 920 580 740 ${n(s - 30)} 562 M ${n(540 - p.body.waist)} 1060 C 480 980 620 780 ${n(s)} 568 M 420 1200 C 520 1040 640 840 ${n(s + 20)} 600`,
        c.main.shade,
        5,
        0.8,
      ) +
      line(`M ${n(560 - p.body.waist)} 1020 C 470 960 600 760 ${n(s - 14)} 566`, c.main.light, 4, 0.6) +
      line(`M ${n(500 - p.body.waist)} 904 C 400 864 520 724 ${n(s - 68)} 560`, GOLD, 13) +
      motifs('diamond', [430, 850], [n0(s - 82), 590], 9, 4, [c.accent.base]) +
      beads(p, '#e8c163', { count: 15, r: 5, drop: 46 }),
    sleeve: { kind: 'short', cloth: c.accent, cuff: GOLD },
  };
};
const n0 = (v: number): number => Math.round(v);

const kurta = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)) +
    stand(p, c.main) +
    edged('M 484 548 L 516 548 L 516 800 L 500 816 L 484 800 Z', c.main.light, c.accent.base, 3) +
    [590, 650, 710, 770].map((y) => button(500, y, c.accent.base, 6)).join('') +
    both(motifs('diamond', [526, 570], [526, 790], 8, 4, [c.accent.base])),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
});
const nehru = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'shirt', c.accent, neckline('high', p)) +
    `<g transform="translate(500 0) scale(0.93 1) translate(-500 0)">${garment(p, 'main', c.main, neckline('high', p))}</g>` +
    stand(p, c.main) +
    line('M 500 548 V 1404', c.main.deep, 3) +
    [600, 690, 780, 870, 960].map((y) => button(510, y, c.accent.base, 8)).join('') +
    edged('M 606 720 L 672 712 L 672 722 L 606 732 Z', c.main.shade, c.main.deep, 1.6) +
    fill('M 620 720 L 634 690 L 646 714 L 660 692 L 668 716 Z', '#e2a13c'),
  sleeve: { kind: 'long', cloth: c.accent, cuff: c.accent.light },
});
const sherwani = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)).replace(
      '</g>',
      `${scatter('diamond', p, 720, 1390, 60, 7, [c.accent.base])}</g>`,
    ) +
    stand(p, c.main, c.accent.base) +
    edged('M 478 546 L 522 546 L 528 1404 L 472 1404 Z', c.main.light, c.accent.base, 3) +
    [600, 680, 760, 840, 920, 1000].map((y) => button(500, y, c.accent.base, 8)).join('') +
    both(motifs('flower', [536, 560], [540, 1000], 9, 9, [c.accent.base])),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
});
const salwar = (p: Person, c: Cloths): Outfit => {
  const scarf = `M ${n(522 + p.body.neck)} 524 C ${n(560 + p.body.neck)} 640 640 860 652 1404 L 760 1404 C 760 960 ${n(p.body.shoulder[0] + 40)} 700 ${n(p.body.shoulder[0] - 16)} 560 Z`;
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('v', p), { colour: c.accent.base, width: 12 }) +
      motifs('flower', [500, 690], [500, 960], 5, 13, [c.accent.base, c.accent.light]) +
      both(motifs('dot', [524, 680], [524, 970], 10, 3.4, [c.accent.base])) +
      edged(scarf, c.accent.base, c.accent.deep, 2.2) +
      line(
        `M ${n(548 + p.body.neck)} 560 C 640 700 690 960 690 1404 M ${n(570 + p.body.neck)} 560 C 680 720 724 960 730 1404`,
        c.accent.shade,
        4,
        0.7,
      ) +
      `<g transform="translate(1000 0) scale(-1 1)">${edged(scarf, c.accent.base, c.accent.deep, 2.2)}${line(`M ${n(548 + p.body.neck)} 560 C 640 700 690 960 690 1404`, c.accent.shade, 4, 0.7)}</g>`,
    sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
  };
};
const abaya = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', tone('#3c3a40'), neckline('high', p)) +
    panel(p, 'coat', c.main, [p.body.neck + 18, 518, 16, 60], 760) +
    both(
      line(`M ${n(520 + p.body.neck)} 520 C ${n(520 + p.body.neck)} 620 548 690 518 766 L 518 1404`, c.accent.base, 9) +
        motifs('diamond', [530, 800], [530, 1380], 10, 6, [c.accent.light]),
    ),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.accent.base },
});
const thobe = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)) +
    stand(p, c.main) +
    line('M 500 548 V 860', c.main.deep, 2.4, 0.7) +
    [600, 680, 760].map((y) => button(506, y, c.main.light, 6)).join('') +
    edged('M 604 740 L 684 732 L 682 816 Q 644 836 608 820 Z', c.main.base, c.main.shade, 2) +
    line('M 500 552 C 494 600 506 640 500 700', c.accent.base, 4),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});
const kaftan = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('v', p), { colour: c.accent.base, width: 14 }) +
    line('M 500 660 V 1404', c.accent.base, 16) +
    [700, 760, 820, 880, 940].map((y) => dot(500, y, 6, c.main.deep)).join('') +
    both(
      motifs('wave', [540, 700], [560, 1300], 9, 20, [c.accent.base]) + line(`M 524 672 V 1404`, c.accent.light, 3),
    ) +
    edged(
      `M ${n(498 - p.body.waist)} 960 Q 500 984 ${n(502 + p.body.waist)} 960 L ${n(502 + p.body.waist)} 1010 Q 500 1034 ${n(498 - p.body.waist)} 1010 Z`,
      c.accent.base,
      c.accent.deep,
      2.4,
    ),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.accent.base },
});
const silkRoad = (p: Person, c: Cloths): Outfit => {
  let ikat = '';
  for (let i = 0; i < 6; i += 1)
    for (const x of [340, 420, 500, 580, 660])
      ikat += fill(
        `M ${x} ${640 + i * 130} q 26 40 0 90 q -26 -50 0 -90 Z`,
        i % 2 === 0 ? c.accent.base : c.accent.light,
      );
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('crew', p), { colour: c.accent.base, width: 10 }).replace(
        '</g>',
        `${ikat}</g>`,
      ) +
      beads(p, '#c9483e', { count: 17, r: 6, drop: 70 }),
    sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
  };
};
const chapan = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', tone(WHITE), {
      x: p.body.neck + 4,
      y: 512,
      dip: 600,
      d: `L 500 600 L ${n(504 + p.body.neck)} 512`,
    }) +
    shirtCollar(p, tone(WHITE), 600, 44) +
    panel(p, 'coat', c.main, [p.body.neck + 18, 518, 44, 84], 990) +
    both(
      line(
        `M ${n(520 + p.body.neck)} 522 C ${n(520 + p.body.neck)} 680 590 860 548 990 L 548 1404`,
        c.accent.base,
        14,
      ) + motifs('wave', [640, 760], [660, 1200], 5, 26, [c.accent.base]),
    ),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
});

export const SOUTH_WEST_ASIA = {
  sari: { wear: sari, colour: '#c23a63', accent: '#3b7f6c', kind: 'traditional' },
  kurta: { wear: kurta, colour: '#e9d8b4', accent: '#a2622d', kind: 'traditional' },
  'nehru-vest': { wear: nehru, colour: '#37495c', accent: '#ece5d8', kind: 'traditional' },
  sherwani: { wear: sherwani, colour: '#f0e4cb', accent: '#b5893c', kind: 'traditional' },
  salwar: { wear: salwar, colour: '#5b8f7b', accent: '#e8a64c', kind: 'traditional' },
  abaya: { wear: abaya, colour: '#25242b', accent: '#c9a25c', kind: 'traditional' },
  thobe: { wear: thobe, colour: '#faf8f4', accent: '#d8cdb8', kind: 'traditional' },
  kaftan: { wear: kaftan, colour: '#27626c', accent: '#dcb465', kind: 'traditional' },
  ikat: { wear: silkRoad, colour: '#7c2f6b', accent: '#f0bf55', kind: 'traditional' },
  chapan: { wear: chapan, colour: '#2e4f74', accent: '#d9b25a', kind: 'traditional' },
} as const satisfies Readonly<Record<string, OutfitPlan>>;
