import { both, dot, edged, fill, line, n } from '../draw/light.js';
import { mix, tone } from '../draw/colours.js';
import { button, garment, neck, neckline, panel, shirtCollar, shirtFront } from '../body/torso.js';
import type { Person } from '../person.js';
import { beads, type Cloths, type Outfit, type OutfitPlan, pendant } from './outfit.js';

const chef = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)) +
    edged(
      `M ${n(500 - p.body.neck - 6)} 500 Q 500 540 ${n(506 + p.body.neck)} 500 L ${n(512 + p.body.neck)} 536 Q 500 580 ${n(488 - p.body.neck)} 536 Z`,
      c.main.base,
      c.main.deep,
      2.2,
    ) +
    edged(
      `M 440 560 C 420 700 410 900 408 1404 L 592 1404 C 594 1100 600 800 560 556 Q 500 590 440 560 Z`,
      c.main.light,
      c.main.deep,
      2.2,
    ) +
    edged(
      `M ${n(500 - p.body.neck - 2)} 494 Q 500 536 ${n(502 + p.body.neck)} 494 L ${n(510 + p.body.neck)} 520 Q 540 560 512 572 L 540 640 L 506 628 L 496 662 L 478 574 Q 450 552 ${n(490 - p.body.neck)} 520 Z`,
      c.accent.base,
      c.accent.deep,
      2.2,
    ) +
    [640, 740, 840, 940, 1040].map((y) => button(446, y, c.accent.base, 9) + button(556, y, c.accent.base, 9)).join(''),
  sleeve: { kind: 'rolled', cloth: c.main, cuff: c.accent.base },
});
const apron = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'shirt', c.accent, {
      x: p.body.neck + 4,
      y: 512,
      dip: 620,
      d: `L 500 620 L ${n(504 + p.body.neck)} 512`,
    }) +
    shirtFront('front', c.accent, 620, true) +
    shirtCollar(p, c.accent, 618, 46) +
    line(`M ${n(512 + p.body.neck)} 536 L 590 700 M ${n(488 - p.body.neck)} 536 L 410 700`, c.main.deep, 17) +
    line(`M ${n(512 + p.body.neck)} 536 L 590 700 M ${n(488 - p.body.neck)} 536 L 410 700`, c.main.base, 13) +
    edged(
      `M 404 690 Q 500 706 596 690 L 606 850 C 640 900 ${n(500 + p.body.waist)} 940 ${n(500 + p.body.waist - 4)} 980 L ${n(490 + p.body.hip)} 1404 L ${n(510 - p.body.hip)} 1404 L ${n(500 - p.body.waist + 4)} 980 C ${n(500 - p.body.waist)} 940 360 900 394 850 Z`,
      c.main.base,
      c.main.deep,
      2.6,
    ) +
    edged(`M 430 1050 L 570 1050 L 562 1180 Q 500 1200 438 1180 Z`, c.main.light, c.main.deep, 2.4) +
    line(
      `M 500 1050 V 1190 M ${n(502 - p.body.waist)} 966 Q 500 990 ${n(498 + p.body.waist)} 966`,
      c.main.deep,
      2.4,
      0.6,
    ),
  sleeve: { kind: 'rolled', cloth: c.accent, cuff: c.accent.light },
});
const overalls = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', c.accent, neckline('crew', p), { colour: c.accent.shade, width: 11 }) +
    both(
      edged(
        `M ${n(530 + p.body.neck)} 536 L ${n(570 + p.body.neck)} 556 L 604 760 L 560 760 Z`,
        c.main.base,
        c.main.deep,
        2.4,
      ),
    ) +
    edged(
      `M 408 740 L 592 740 L 610 900 C 640 930 ${n(500 + p.body.waist + 10)} 930 ${n(504 + p.body.waist)} 970 L ${n(500 + p.body.hip)} 1404 L ${n(500 - p.body.hip)} 1404 L ${n(496 - p.body.waist)} 970 C ${n(500 - p.body.waist - 10)} 930 360 930 390 900 Z`,
      c.main.base,
      c.main.deep,
      2.6,
    ) +
    edged('M 446 800 L 554 800 L 550 890 Q 500 904 450 890 Z', c.main.light, c.main.deep, 2.4) +
    dot(580, 758, 9, '#d9b15c') +
    dot(420, 758, 9, '#d9b15c') +
    line('M 420 752 H 580', '#e7c27a', 2, 0.8),
  sleeve: { kind: 'short', cloth: c.accent, cuff: c.accent.shade },
});
const workshop = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'top', tone('#e9e5de'), neckline('crew', p)) +
    panel(p, 'coat', c.main, [p.body.neck + 10, 512, 0], 720) +
    shirtCollar(p, c.main, 640, 60) +
    line('M 500 700 V 1404', c.main.deep, 3) +
    both(
      edged('M 580 760 L 672 752 L 672 830 L 626 846 L 582 836 Z', c.main.light, c.main.deep, 2.4) +
        fill('M 560 902 L 700 882 L 698 914 L 560 934 Z', c.accent.base) +
        line('M 560 918 L 699 898', '#f4f1e4', 6, 0.9),
    ) +
    line('M 636 742 l 4 -34 M 650 742 l 2 -30', '#c9ccd2', 6),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.main.shade, stripe: c.accent.base },
});
const labCoat = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    (p.female
      ? garment(p, 'top', c.accent, neckline('v', p))
      : shirtFront('shirt', c.accent, 590, true) + shirtCollar(p, c.accent, 584, 48)) +
    panel(p, 'coat', c.main, [p.body.neck + 14, 514, 8, 56], 930) +
    both(
      edged(
        `M ${n(514 + p.body.neck)} 512 C ${n(560 + p.body.neck)} 536 640 566 646 600 L 636 690 L 600 690 L 610 720 L 510 930 C 560 790 ${n(520 + p.body.neck)} 650 ${n(514 + p.body.neck)} 512 Z`,
        c.main.light,
        c.main.deep,
        2.2,
      ) + edged('M 580 1100 L 672 1090 L 680 1230 L 586 1240 Z', c.main.base, c.main.deep, 2.2),
    ) +
    edged('M 626 770 L 690 762 L 690 838 L 628 844 Z', c.main.base, c.main.deep, 2.2) +
    line('M 640 774 V 736 M 654 772 V 742', c.accent.deep, 6) +
    [960, 1060].map((y) => button(512, y, '#e8e6e0', 8)).join(''),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base },
});
const scrubs = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('v', p), { colour: c.main.light, width: 11 }) +
    edged('M 570 780 L 668 772 L 666 866 L 574 872 Z', c.main.base, c.main.deep, 2.2) +
    line('M 590 776 v -30', c.accent.base, 6),
  sleeve: { kind: 'short', cloth: c.main, cuff: c.main.light },
});
const track = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('high', p)) +
    both(
      fill(
        `M ${n(520 + p.body.neck)} 530 C 620 560 660 580 ${n(p.body.shoulder[0] + 40)} 610 L ${n(p.body.shoulder[0] + 52)} 660 C 660 620 600 600 ${n(510 + p.body.neck)} 570 Z`,
        c.accent.base,
      ),
    ) +
    edged(
      `M ${n(496 - p.body.neck)} 480 Q 500 514 ${n(504 + p.body.neck)} 480 L ${n(512 + p.body.neck)} 532 Q 500 566 ${n(488 - p.body.neck)} 532 Z`,
      c.main.base,
      c.main.deep,
      2.4,
    ) +
    line('M 500 512 V 1404', c.accent.light, 5) +
    line('M 500 512 V 1404', c.main.deep, 1.6, 0.6) +
    fill('M 494 560 h 12 v 26 h -12 Z', '#cfd3da'),
  sleeve: { kind: 'long', cloth: c.main, cuff: c.accent.base, stripe: c.accent.base },
});
const sportTop = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('scoop', p), { colour: c.accent.base, width: 9 }).replace(
      '</g>',
      `${both(fill('M 700 640 C 650 800 640 900 640 1000 L 660 1404 L 800 1404 L 800 640 Z', c.accent.base, 0.9))}</g>`,
    ),
  sleeve: { kind: p.female ? 'cap' : 'short', cloth: c.main, cuff: c.accent.base },
});
const gown = (p: Person, c: Cloths): Outfit => ({
  torso:
    neck(p) +
    garment(p, 'main', c.main, neckline('deep-v', p), { colour: c.main.light, width: 4 }) +
    line(
      'M 500 694 C 480 800 440 900 420 1010 M 500 694 C 520 800 560 900 580 1010 M 500 694 C 498 800 470 920 466 1010',
      c.main.shade,
      5,
      0.7,
    ) +
    edged(
      `M ${n(500 - p.body.waist)} 960 Q 500 990 ${n(500 + p.body.waist)} 960 L ${n(500 + p.body.waist)} 1000 Q 500 1030 ${n(500 - p.body.waist)} 1000 Z`,
      c.accent.base,
      c.accent.deep,
      2,
    ) +
    beads(p, '#f7f3ec', { count: 17, r: 5.5, drop: 58 }) +
    dot(500, 606, 10, c.accent.base),
  sleeve: { kind: 'cap', cloth: c.main, cuff: c.main.light },
});
const cocktail = (p: Person, c: Cloths): Outfit => {
  let sparkle = '';
  for (let i = 0; i < 70; i += 1)
    sparkle += dot(
      330 + ((i * 137.5) % 340),
      680 + ((i * 83) % 700),
      2 + (i % 3),
      i % 2 === 0 ? c.main.light : '#ffffff',
      0.6,
    );
  return {
    torso:
      neck(p) +
      garment(p, 'main', c.main, neckline('square', p), { colour: c.main.light, width: 5 }).replace(
        '</g>',
        `${sparkle}</g>`,
      ) +
      pendant(p, 590, mix(c.accent.base, '#ffffff', 0.2)),
    sleeve: { kind: 'cap', cloth: c.main, cuff: c.main.light },
  };
};

export const WORK_SPORT = {
  chef: { wear: chef, colour: '#fbf9f5', accent: '#c8402f', kind: 'work' },
  apron: { wear: apron, colour: '#5a4a3a', accent: '#e7ecef', kind: 'work' },
  overalls: { wear: overalls, colour: '#3f628f', accent: '#f0c04f', kind: 'work' },
  workshop: { wear: workshop, colour: '#4b5a68', accent: '#e98a2b', kind: 'work' },
  'lab-coat': { wear: labCoat, colour: '#fbfaf8', accent: '#8fb7d9', kind: 'work' },
  scrubs: { wear: scrubs, colour: '#3f9aa0', accent: '#ffffff', kind: 'work' },
  'track-jacket': { wear: track, colour: '#23406e', accent: '#f2f2ee', kind: 'sport' },
  'sport-top': { wear: sportTop, colour: '#e2574b', accent: '#2b2b33', kind: 'sport' },
  gown: { wear: gown, colour: '#8c1f35', accent: '#e6c36a', kind: 'evening' },
  'cocktail-dress': { wear: cocktail, colour: '#1f4d4a', accent: '#9fd7c9', kind: 'evening' },
} as const satisfies Readonly<Record<string, OutfitPlan>>;
