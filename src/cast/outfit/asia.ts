import { button, garment, neck, neckline, panel, shirtCollar } from '../body/torso.js';
import { tone, type Tone } from '../draw/colours.js';
import { both, dot, edged, fill, line, n } from '../draw/light.js';
import type { Person } from '../person.js';
import { beads, type Cloths, frogs, GOLD, motifs, type Outfit, type OutfitPlan, scatter, WHITE } from './outfit.js';

/** Collar bands crossed left over right, which the viewer reads as a y. */
function crossed(p: Person, band: Tone, under: string, width: number, end: number): string {
  const k = p.body.neck + 2;
  const strip = (from: number, to: number, w: number, colour: string, deep: string): string =>
    edged(
      `M ${n(500 + from)} 496 C ${n(500 + from * 0.96)} 560 ${n(500 + from * 0.5)} 640 ${n(500 + to)} ${end} L ${n(500 + to - Math.sign(from) * -w)} ${n(end + w * 0.3)} C ${n(500 + from * 0.5 + Math.sign(from) * w)} 660 ${n(500 + from + Math.sign(from) * w)} 580 ${n(500 + from + Math.sign(from) * w)} 524 Z`,
      colour,
      deep,
      2.2,
    );
  return (
    strip(-k + 12, 34, width * 0.7, under, band.shade) +
    strip(k - 12, -34, width * 0.7, under, band.shade) +
    strip(-k, 60, width, band.base, band.deep) +
    strip(k, -60, width, band.base, band.deep)
  );
}

const sash = (p: Person, c: Tone, y: number, height: number): string =>
  edged(
    `M ${n(494 - p.body.waist)} ${y} Q 500 ${y + 22} ${n(506 + p.body.waist)} ${y} L ${n(506 + p.body.waist)} ${y + height} Q 500 ${y + height + 24} ${n(494 - p.body.waist)} ${y + height} Z`,
    c.base,
    c.deep,
    2.4,
  ) +
  line(
    `M ${n(500 - p.body.waist)} ${y + height * 0.3} Q 500 ${n(y + height * 0.3 + 22)} ${n(500 + p.body.waist)} ${y + height * 0.3}`,
    c.light,
    3,
    0.5,
  );

const under = (p: Person, c: Tone): string =>
  garment(p, 'main', c, {
    x: p.body.neck + 6,
    y: 514,
    dip: 660,
    d: `C ${n(500 - p.body.neck)} 570 480 630 500 660 C 520 630 ${n(500 + p.body.neck)} 570 ${n(506 + p.body.neck)} 514`,
  });

const hanfu = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    under(p, c.main) +
    motifs('flower', [380, 700], [360, 860], 3, 15, [c.accent.light, WHITE]) +
    motifs('flower', [620, 720], [640, 880], 3, 13, [WHITE, c.accent.light]) +
    crossed(p, c.accent, WHITE, 30, 900) +
    sash(p, c.accent, 890, 84) +
    line('M 520 970 C 526 1060 516 1140 524 1260', c.accent.light, 7) +
    dot(521, 1080, 10, '#9fc9b4'),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.accent.base },
});
const qipao = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)).replace(
      '</g>',
      `${scatter('flower', p, 700, 1390, 22, 17, [c.accent.base, c.accent.light])}</g>`,
    ) +
    edged(
      `M ${n(498 - p.body.neck)} 478 Q 500 512 ${n(502 + p.body.neck)} 478 L ${n(510 + p.body.neck)} 528 Q 500 562 ${n(490 - p.body.neck)} 528 Z`,
      c.main.base,
      c.accent.base,
      4,
    ) +
    line(`M 500 552 C 512 610 560 620 ${n(p.body.shoulder[0] - 20)} 690`, c.accent.base, 6) +
    frogs([556], 502, c.accent.base, c.main.deep) +
    frogs([634], 562, c.accent.base, c.main.deep),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.accent.base },
});
const tang = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)) +
    edged(
      `M ${n(498 - p.body.neck)} 478 Q 500 512 ${n(502 + p.body.neck)} 478 L ${n(508 + p.body.neck)} 524 Q 500 556 ${n(492 - p.body.neck)} 524 Z`,
      c.main.light,
      c.main.deep,
      2.4,
    ) +
    line('M 500 540 V 1404', c.main.deep, 3.4) +
    frogs([590, 690, 790, 890, 990, 1090], 500, c.accent.base, c.main.deep) +
    [
      [390, 820],
      [610, 820],
      [390, 1100],
      [610, 1100],
    ]
      .map(
        ([x, y]) =>
          `<g opacity="0.5">${line(`M ${x! - 34} ${y} a 34 34 0 1 1 68 0 a 34 34 0 1 1 -68 0 M ${x! - 18} ${y! - 12} h 36 M ${x! - 18} ${y! + 12} h 36 M ${x} ${y! - 24} v 48`, c.accent.base, 4)}</g>`,
      )
      .join(''),
  sleeve: { kind: 'long', cloth: c.main, cuff: WHITE },
});
const kimono = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    under(p, c.main).replace(
      '</g>',
      `${motifs('flower', [330, 690], [390, 860], 4, 20, [c.accent.light, WHITE, c.accent.base])}${motifs('flower', [668, 700], [622, 880], 4, 18, [WHITE, c.accent.base, c.accent.light])}</g>`,
    ) +
    crossed(p, c.main, WHITE, 30, 880) +
    sash(p, c.accent, 860, 150) +
    line(`M ${n(500 - p.body.waist)} 930 Q 500 956 ${n(500 + p.body.waist)} 930`, WHITE, 9) +
    edged('M 484 926 h 32 v 34 h -32 Z', WHITE, c.accent.deep, 2) +
    motifs('diamond', [400, 900], [600, 900], 5, 9, [c.accent.light]),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.main.light },
});
const haori = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    under(p, c.accent) +
    crossed(p, c.accent, WHITE, 26, 900) +
    panel(p, 'coat', c.main, [p.body.neck + 26, 524, 74, 96], 1010) +
    line('M 430 850 Q 500 890 570 850', WHITE, 6) +
    dot(500, 872, 11, WHITE),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.main.shade },
});
const hanbok = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'skirt', c.accent, neckline('crew', p)) +
    edged(
      `M ${n(470 - p.body.waist)} 850 Q 500 884 ${n(530 + p.body.waist)} 850 L ${n(560 + p.body.hip)} 1404 L ${n(440 - p.body.hip)} 1404 Z`,
      c.accent.base,
      c.accent.deep,
      2.4,
    ) +
    line(
      [-120, -70, -20, 30, 80, 130]
        .map((x) => `M ${500 + x * 0.7} 880 Q ${500 + x} 1100 ${500 + x * 1.3} 1404`)
        .join(' '),
      c.accent.shade,
      5,
      0.7,
    ) +
    `<clipPath id="jeogori"><path d="M 100 400 H 900 V 850 Q 500 884 100 850 Z"/></clipPath><g clip-path="url(#jeogori)">${under(p, c.main)}</g>` +
    line(`M ${n(484 - p.body.waist)} 846 Q 500 880 ${n(516 + p.body.waist)} 846`, c.main.deep, 2.6) +
    crossed(p, tone(WHITE), c.main.base, 22, 720) +
    edged('M 470 740 C 440 760 430 800 452 820 L 486 770 Z', c.accent.base, c.accent.deep, 2) +
    edged('M 470 742 L 510 742 L 530 1120 L 496 1130 Z', c.accent.base, c.accent.deep, 2.2) +
    edged('M 476 744 L 498 752 L 486 1060 L 456 1050 Z', c.accent.light, c.accent.deep, 2.2),
  sleeve: { kind: 'wide', cloth: c.main, cuff: WHITE },
});
const durumagi = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    under(p, c.main) +
    crossed(p, tone(WHITE), c.main.shade, 22, 760) +
    panel(p, 'coat', c.accent, [p.body.neck + 34, 528, 40, 90], 1010) +
    edged('M 474 778 C 440 800 436 834 456 846 L 492 800 Z', c.main.light, c.main.deep, 2) +
    edged('M 478 780 L 512 782 L 522 1120 L 492 1128 Z', c.main.light, c.main.deep, 2),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.main.light },
});
const aoDai = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)).replace(
      '</g>',
      `${motifs('flower', [560, 720], [640, 1300], 7, 17, [c.accent.base, c.accent.light])}${motifs('flower', [430, 960], [380, 1360], 4, 15, [c.accent.light])}</g>`,
    ) +
    edged(
      `M ${n(498 - p.body.neck)} 482 Q 500 514 ${n(502 + p.body.neck)} 482 L ${n(508 + p.body.neck)} 526 Q 500 558 ${n(492 - p.body.neck)} 526 Z`,
      c.main.base,
      c.main.deep,
      2.4,
    ) +
    line(`M 508 548 C 540 590 600 610 ${n(p.body.shoulder[0] + 14)} 690`, c.main.deep, 3, 0.8) +
    [0, 1, 2].map((i) => dot(534 + i * 42, 580 + i * 26, 5, c.accent.base)).join(''),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});
const kebaya = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', c.accent, neckline('square', p), { colour: c.accent.light, width: 5 }) +
    panel(p, 'coat', c.main, [p.body.neck + 34, 528, 0, 80], 880) +
    both(
      motifs('flower', [618, 600], [520, 880], 7, 12, [c.main.light, c.accent.light]) +
        motifs('flower', [510, 940], [540, 1390], 6, 13, [c.main.light]),
    ) +
    [890, 940, 990].map((y) => motifs('flower', [500, y], [500, y], 1, 13, [GOLD])).join(''),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});
const batik = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, {
      x: p.body.neck + 4,
      y: 512,
      dip: 610,
      d: `L 500 610 L ${n(504 + p.body.neck)} 512`,
    }).replace(
      '</g>',
      `${[0, 1, 2, 3, 4, 5, 6].map((i) => motifs('diamond', [300, 650 + i * 112], [700, 690 + i * 112], 9, 19, [c.accent.base, c.accent.shade]) + motifs('dot', [278, 704 + i * 112], [722, 744 + i * 112], 11, 6, [c.accent.light])).join('')}</g>`,
    ) +
    line('M 500 610 V 1404', c.main.deep, 3) +
    [680, 790, 900, 1010].map((y) => button(500, y, c.accent.light, 7)).join('') +
    shirtCollar(p, c.main, 610, 48),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
});
const barong = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, { x: p.body.neck + 4, y: 512, dip: 620, d: `L 500 620 L ${n(504 + p.body.neck)} 512` }) +
    both(
      [0, 1, 2]
        .map((i) => motifs('diamond', [540 + i * 26, 700], [540 + i * 26, 1120], 8, 8, [c.accent.base]))
        .join('') + line('M 526 680 V 1140 M 608 690 V 1130', c.accent.base, 2.4, 0.9),
    ) +
    line('M 500 620 V 900', c.main.deep, 2.4) +
    [680, 760, 840].map((y) => button(500, y, c.accent.light, 6)).join('') +
    shirtCollar(p, c.main, 620, 48),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.light },
});

export const EAST_ASIA = {
  hanfu: { wear: hanfu, colour: '#bcd9d3', accent: '#3f7d86', kind: 'traditional' },
  qipao: { wear: qipao, colour: '#b3283a', accent: '#efc766', kind: 'traditional' },
  'tang-jacket': { wear: tang, colour: '#8d2430', accent: '#e2b45a', kind: 'traditional' },
  kimono: { wear: kimono, colour: '#44578f', accent: '#d9586b', kind: 'traditional' },
  haori: { wear: haori, colour: '#2f3b46', accent: '#8fa0a3', kind: 'traditional' },
  hanbok: { wear: hanbok, colour: '#f7e3c8', accent: '#d4506f', kind: 'traditional' },
  durumagi: { wear: durumagi, colour: '#eae6db', accent: '#3e5f7e', kind: 'traditional' },
  'ao-dai': { wear: aoDai, colour: '#f4f0ea', accent: '#d1647d', kind: 'traditional' },
  kebaya: { wear: kebaya, colour: '#2f8f83', accent: '#f0c37a', kind: 'traditional' },
  batik: { wear: batik, colour: '#5d3420', accent: '#d9a05a', kind: 'traditional' },
  barong: { wear: barong, colour: '#f1e7d2', accent: '#b99a63', kind: 'traditional' },
} as const satisfies Readonly<Record<string, OutfitPlan>>;

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
      motifs('diamond', [430, 850], [Math.round(s - 82), 590], 9, 4, [c.accent.base]) +
      beads(p, '#e8c163', { count: 15, r: 5, drop: 46 }),
    sleeve: { kind: 'short', cloth: c.accent, cuff: GOLD },
  };
};

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
