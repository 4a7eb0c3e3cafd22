import { both, dot, edged, fill, line, n } from '../draw/light.js';
import { tone } from '../draw/colours.js';
import { button, garment, neck, neckline, panel, shirtCollar } from '../body/torso.js';
import type { Person } from '../person.js';
import { beads, type Cloths, motifs, type Outfit, type OutfitPlan, WHITE } from './outfit.js';

const agbada = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('crew', p)) +
    edged(
      `M 440 560 C 430 700 436 860 460 980 Q 500 1010 540 980 C 564 860 570 700 560 560 Q 500 620 440 560 Z`,
      c.main.light,
      c.accent.base,
      3,
    ) +
    line(
      'M 470 640 q 30 30 60 0 M 466 700 q 34 34 68 0 M 468 760 q 32 34 64 0 M 470 820 q 30 32 60 0 M 474 880 q 26 28 52 0',
      c.accent.base,
      5,
    ) +
    motifs('diamond', [500, 668], [500, 930], 5, 8, [c.accent.base]) +
    both(line('M 640 640 C 620 860 640 1100 690 1404', c.main.shade, 8, 0.7)) +
    line(
      `M ${n(487 - p.body.neck)} 522 C ${n(500 - p.body.neck * 0.5)} 582 ${n(500 + p.body.neck * 0.5)} 582 ${n(513 + p.body.neck)} 522`,
      c.accent.base,
      11,
    ),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.accent.base },
});
const dashiki = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('v', p)) +
    edged(
      `M ${n(494 - p.body.neck - 10)} 516 L ${n(452 - p.body.neck * 0.3)} 690 L 500 860 L ${n(548 + p.body.neck * 0.3)} 690 L ${n(506 + p.body.neck + 10)} 516 C ${n(500 + p.body.neck)} 580 522 614 500 648 C 478 614 ${n(500 - p.body.neck)} 580 ${n(494 - p.body.neck - 10)} 516 Z`,
      c.accent.base,
      c.accent.deep,
      2.4,
    ) +
    line(`M ${n(478 - p.body.neck)} 560 L 470 690 L 500 810 L 530 690 L ${n(522 + p.body.neck)} 560`, c.main.light, 5) +
    motifs('dot', [500, 690], [500, 800], 4, 7, ['#f5e3b5']) +
    motifs('diamond', [360, 1180], [640, 1180], 7, 18, [c.accent.base, c.accent.light]) +
    motifs('wave', [350, 1260], [650, 1260], 7, 22, [c.accent.light]),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.accent.base },
});
const ankara = (p: Person, c: Cloths): Outfit => {
  let print = '';
  for (let i = 0; i < 7; i += 1)
    for (let k = 0; k < 5; k += 1) {
      const x = 300 + k * 100 + (i % 2) * 50;
      const y = 650 + i * 112;
      print +=
        dot(x, y, 40, c.accent.base) +
        dot(x, y, 30, c.main.light) +
        dot(x, y, 20, c.accent.deep) +
        dot(x, y, 9, '#f7e6b8') +
        line(`M ${x - 50} ${y + 56} h 100`, c.accent.light, 5, 0.7);
    }
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline(p.female ? 'square' : 'crew', p), {
        colour: c.accent.base,
        width: 9,
      }).replace('</g>', `${print}</g>`) +
      (p.female ? beads(p, '#e9b949', { count: 13, r: 8, drop: 56 }) : ''),
    sleeve: { kind: 'short', cloth: c.main, cuff: c.accent.base },
  };
};
const kente = (p: Person, c: Cloths): Outfit => {
  const s = p.body.shoulder[0];
  const wrap = `M ${n(480 - p.body.waist)} 830 C 420 760 560 660 ${n(s - 60)} 548 L ${n(s + 40)} 592 C ${n(s + 70)} 700 ${n(500 + p.body.waist + 20)} 900 ${n(500 + p.body.waist + 10)} 1000 L ${n(510 + p.body.hip)} 1404 L ${n(490 - p.body.hip)} 1404 Z`;
  let weave = '';
  for (let i = 0; i < 8; i += 1)
    for (let k = 0; k < 6; k += 1)
      weave += `<rect x="${270 + k * 84}" y="${560 + i * 108}" width="42" height="54" fill="${(i + k) % 2 === 0 ? c.accent.base : c.accent.deep}"/><path d="M ${270 + k * 84} ${588 + i * 108} h 42" stroke="#f1c84b" stroke-width="7"/>`;
  return {
    torso:
      neck(p) +
      garment(p, 'top', tone(WHITE), neckline('crew', p), { colour: '#e5ded2', width: 8 }) +
      `<clipPath id="kente"><path d="${wrap}"/></clipPath>${edged(wrap, c.main.base, c.main.deep, 2.4)}<g clip-path="url(#kente)">${weave}${line(`M 420 1200 C 520 1000 640 820 ${n(s + 10)} 600 M 380 1000 C 480 880 600 740 ${n(s - 20)} 580`, c.main.deep, 6, 0.3)}</g>`,
    sleeve: { kind: 'short', cloth: tone(WHITE), cuff: '#e5ded2' },
  };
};
const habesha = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('v', p), { colour: c.accent.base, width: 10 }) +
    edged('M 478 650 L 522 650 L 528 1404 L 472 1404 Z', c.accent.base, c.accent.deep, 2) +
    motifs('cross', [500, 720], [500, 1360], 9, 12, ['#f4e2b0']) +
    motifs('diamond', [486, 690], [486, 1380], 12, 5, [c.main.light]) +
    motifs('diamond', [514, 690], [514, 1380], 12, 5, [c.main.light]) +
    edged(
      `M ${n(p.body.shoulder[0] - 50)} 556 C ${n(p.body.shoulder[0] + 30)} 580 ${n(p.body.shoulder[0] + 60)} 660 ${n(p.body.shoulder[0] + 34)} 760 L 640 1404 L 590 1404 C 610 1000 640 760 ${n(p.body.shoulder[0] - 50)} 556 Z`,
      c.main.light,
      c.main.deep,
      2,
    ),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
});
const vyshyvanka = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, p.female ? neckline('crew', p) : neckline('high', p), {
      colour: c.main.light,
      width: 8,
    }) +
    edged('M 476 560 L 524 560 L 522 860 L 478 860 Z', c.main.light, c.accent.base, 2) +
    motifs('cross', [488, 590], [488, 840], 9, 7, [c.accent.base, c.accent.deep]) +
    motifs('cross', [512, 590], [512, 840], 9, 7, [c.accent.deep, c.accent.base]) +
    both(
      motifs('flower', [540, 600], [540, 840], 6, 9, [c.accent.base]) +
        motifs('cross', [600, 600], [660, 640], 4, 8, [c.accent.base]),
    ),
  sleeve: { kind: 'wide', cloth: c.main, cuff: c.accent.base },
});
const dirndl = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'blouse', tone(WHITE), neckline('square', p), { colour: WHITE, width: 9 }) +
    edged(
      `M ${n(p.body.shoulder[0] - 60)} 560 L ${n(p.body.shoulder[0] - 20)} 566 C 640 680 ${n(500 + p.body.waist + 6)} 860 ${n(500 + p.body.waist)} 970 L ${n(500 - p.body.waist)} 970 C ${n(500 - p.body.waist - 6)} 860 360 680 ${n(1020 - p.body.shoulder[0])} 566 L ${n(1060 - p.body.shoulder[0])} 560 C 400 640 408 680 414 716 Q 500 740 586 716 C 592 680 600 640 ${n(p.body.shoulder[0] - 60)} 560 Z`,
      c.main.base,
      c.main.deep,
      2.6,
    ) +
    line(
      [760, 810, 860, 910].map((y) => `M 474 ${y} L 526 ${y + 36} M 526 ${y} L 474 ${y + 36}`).join(' '),
      '#d7d2c6',
      3.4,
    ) +
    [760, 810, 860, 910].map((y) => dot(470, y, 5, '#d8d8dc') + dot(530, y, 5, '#d8d8dc')).join('') +
    edged(
      `M ${n(500 - p.body.waist)} 966 Q 500 990 ${n(500 + p.body.waist)} 966 L ${n(500 + p.body.hip + 20)} 1404 L ${n(500 - p.body.hip - 20)} 1404 Z`,
      c.accent.base,
      c.accent.deep,
      2.4,
    ) +
    line(
      [-90, -40, 10, 60, 110].map((x) => `M ${500 + x * 0.9} 985 L ${500 + x * 1.5} 1404`).join(' '),
      c.accent.shade,
      5,
      0.7,
    ),
  sleeve: { kind: 'cap', cloth: tone(WHITE), cuff: '#e6dfd4' },
});
const nordic = (p: Person, c: Cloths): Outfit => {
  let yoke = '';
  for (let r = 0; r < 3; r += 1)
    for (let i = 0; i < 15; i += 1) {
      const a = Math.PI * (0.08 + 0.84 * (i / 14));
      const radius = 130 + r * 42;
      const [x, y] = [500 + Math.cos(a) * radius * 1.12, 516 + Math.sin(a) * radius];
      yoke +=
        r === 1
          ? motifs('diamond', [x, y], [x, y], 1, 10, [c.accent.base])
          : motifs('cross', [x, y], [x, y], 1, 7, [c.accent.base]);
    }
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('crew', p), { colour: c.accent.base, width: 15 }).replace(
        '</g>',
        `${yoke}</g>`,
      ),
    sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
  };
};
const huipil = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('square', p), { colour: c.accent.base, width: 10 }) +
    both(
      motifs('flower', [530, 690], [640, 640], 4, 21, [c.accent.base, '#e8a33d', '#3f9b8f', '#d8557e']) +
        motifs('flower', [540, 760], [640, 740], 3, 17, ['#3f9b8f', c.accent.base]),
    ) +
    motifs('flower', [500, 720], [500, 900], 3, 24, ['#d8557e', '#e8a33d', c.accent.base]) +
    motifs('wave', [340, 1000], [660, 1000], 8, 20, [c.accent.base]) +
    line('M 300 1040 H 700', c.accent.light, 9),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.accent.base },
});
const poncho = (p: Person, c: Cloths): Outfit => {
  const s = p.body.shoulder[0];
  const d = `M ${n(490 - p.body.neck)} 522 C 400 540 ${n(1000 - s - 40)} 570 ${n(1000 - s - 66)} 660 L ${n(1000 - s - 40)} 980 L 500 1180 L ${n(s + 40)} 980 L ${n(s + 66)} 660 C ${n(s + 40)} 570 600 540 ${n(510 + p.body.neck)} 522 L 500 650 Z`;
  let bands = '';
  const colours = [c.accent.base, '#e7a33c', c.accent.light, c.main.deep];
  for (let i = 0; i < 5; i += 1)
    bands +=
      line(`M 180 ${560 + i * 84} L 500 ${764 + i * 84} L 820 ${560 + i * 84}`, colours[i % 4]!, 26) +
      line(`M 180 ${590 + i * 84} L 500 ${794 + i * 84} L 820 ${590 + i * 84}`, '#f3e8cf', 4);
  return {
    torso:
      neck(p) +
      garment(p, 'top', tone('#ece4d4'), neckline('crew', p)) +
      `<clipPath id="poncho"><path d="${d}"/></clipPath>${edged(d, c.main.base, c.main.deep, 2.6)}<g clip-path="url(#poncho)">${bands}</g>` +
      line(`M ${n(490 - p.body.neck)} 522 L 500 650 L ${n(510 + p.body.neck)} 522`, c.main.deep, 5),
    sleeve: { kind: 'long', cloth: tone('#ece4d4'), cuff: c.main.base },
  };
};
const guayabera = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, { x: p.body.neck + 4, y: 512, dip: 626, d: `L 500 626 L ${n(504 + p.body.neck)} 512` }) +
    both(
      line('M 560 640 L 566 1404 M 574 640 L 580 1404 M 588 640 L 594 1404', c.main.shade, 3, 0.9) +
        edged('M 604 760 L 676 752 L 674 836 L 608 842 Z', c.main.base, c.main.deep, 2),
    ) +
    line('M 500 626 V 1404', c.main.deep, 2.4, 0.7) +
    [700, 790, 880, 970].map((y) => button(507, y, c.accent.base, 6)).join('') +
    shirtCollar(p, c.main, 626, 50),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.main.shade },
});
const tweed = (p: Person, c: Cloths): Outfit => {
  return {
    torso:
      neck(p) +
      garment(p, 'knit', c.accent, neckline('v', p), { colour: c.accent.shade, width: 10 }) +
      shirtCollar(p, tone(WHITE), 600, 44) +
      panel(p, 'coat', c.main, [p.body.neck + 12, 512, 0], 946) +
      both(
        edged(
          `M ${n(512 + p.body.neck)} 512 C ${n(540 + p.body.neck)} 530 ${n(566 + p.body.neck)} 546 ${n(578 + p.body.neck)} 558 L ${n(598 + p.body.neck)} 664 L ${n(558 + p.body.neck)} 676 L ${n(576 + p.body.neck)} 704 L 503 946 C 530 800 ${n(506 + p.body.neck)} 650 ${n(512 + p.body.neck)} 512 Z`,
          c.main.base,
          c.main.deep,
          2.4,
        ),
      ) +
      button(500, 976, '#6b4a2c', 11) +
      fill('M 636 764 L 652 736 L 668 758 L 686 734 L 694 762 Z', '#c9553f'),
    sleeve: { kind: 'long', cloth: c.main, cuff: WHITE },
  };
};

export const AFRICA_EUROPE_AMERICAS = {
  agbada: { wear: agbada, colour: '#3d7a5e', accent: '#efd48a', kind: 'traditional' },
  dashiki: { wear: dashiki, colour: '#24344d', accent: '#e0912f', kind: 'traditional' },
  ankara: { wear: ankara, colour: '#f0a92f', accent: '#1f5f8b', kind: 'traditional' },
  kente: { wear: kente, colour: '#d99a2b', accent: '#2c7a4b', kind: 'traditional' },
  habesha: { wear: habesha, colour: '#fbf8f1', accent: '#c1433a', kind: 'traditional' },
  vyshyvanka: { wear: vyshyvanka, colour: '#fcfaf5', accent: '#c4373b', kind: 'traditional' },
  dirndl: { wear: dirndl, colour: '#2f6b4f', accent: '#cf5566', kind: 'traditional' },
  'nordic-knit': { wear: nordic, colour: '#31456b', accent: '#f3efe6', kind: 'traditional' },
  huipil: { wear: huipil, colour: '#fbf5e9', accent: '#c9342f', kind: 'traditional' },
  poncho: { wear: poncho, colour: '#9c3b3a', accent: '#2f6e86', kind: 'traditional' },
  guayabera: { wear: guayabera, colour: '#f6f1e4', accent: '#c8b48b', kind: 'traditional' },
  tweed: { wear: tweed, colour: '#7b6a4e', accent: '#5c6f5b', kind: 'business' },
} as const satisfies Readonly<Record<string, OutfitPlan>>;
