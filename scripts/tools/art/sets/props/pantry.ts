import { dark, light, mix } from '../colour.js';
import { at, line, oval, path, rect, times } from '../drawing.js';
import type { Prop } from './prop.js';

export const honey: Prop = (d, { a, c, m }) =>
  path(
    'M-82 -150H82Q96 -130 94 -104V-24Q94 0 68 0H-68Q-94 0 -94 -24V-104Q-96 -130 -82 -150Z',
    d.across('#b5700f', '#f5b93a', '#ffd873', '#eaa325', '#a8620a'),
  ) +
  rect(-84, -186, 168, 40, d.round(a), 8) +
  times(11, (i) => line(`M${-72 + i * 14.4} -180V-152`, dark(a, 0.25), 2)) +
  rect(-66, -112, 132, 82, light(c, 0.5), 8) +
  path('M0 -98L22 -85V-60L0 -47L-22 -60V-85Z', 'none', 'stroke="#c07a16" stroke-width="5"') +
  path('M0 -86L12 -79V-66L0 -59L-12 -66V-79Z', '#f0ac33') +
  line('M-52 -40H52', m, 3) +
  rect(-84, -132, 10, 108, '#ffffff', 5, 'opacity=".45"');

export const teaTin: Prop = (d, { a, b, c, m }) =>
  at(
    -44,
    0,
    1,
    rect(-58, -176, 116, 176, d.round(a), 8) +
      rect(-62, -200, 124, 34, d.round(dark(a, 0.15)), 8) +
      oval(0, -204, 20, 7, d.across(light(m, 0.4), m)) +
      oval(0, -88, 42, 52, light(c, 0.45)) +
      path('M0 -54C-26 -74 -22 -112 0 -124C22 -112 26 -74 0 -54Z', '#5f9157') +
      line('M0 -54V-112', '#3e6b3b', 3) +
      path('M0 -62C18 -64 32 -76 34 -92C18 -92 4 -80 0 -62Z', '#7fae6d') +
      line('M-52 -22H52M-52 -152H52', m, 4),
  ) +
  at(
    66,
    0,
    0.9,
    path('M-48 -72H48Q46 -8 26 0H-26Q-46 -8 -48 -72Z', d.round(light(b, 0.35))) +
      oval(0, -72, 48, 11, '#8a4a1d') +
      oval(0, -71, 42, 8, '#b86a2c') +
      line('M46 -58Q78 -56 70 -34Q62 -20 38 -24', light(b, 0.3), 8) +
      line('M-14 -92Q-22 -108 -12 -120M10 -92Q2 -110 14 -126', '#ffffff', 4, 'opacity=".55"') +
      oval(0, 0, 62, 8, light(b, 0.5)),
  );

export const bread: Prop = (d, { m, a }) =>
  path('M-112 -30L-92 0H92L112 -30Z', d.down(light(m, 0.1), dark(m, 0.25))) +
  times(7, (i) => line(`M${-104 + i * 34} -28L${-88 + i * 30} -2`, dark(m, 0.35), 3)) +
  oval(30, -72, 74, 48, d.ball('#d18b41'), 'transform="rotate(-12 30 -72)"') +
  line('M-10 -98L8 -70M22 -110L38 -80M54 -112L70 -86', '#f6d59c', 9) +
  oval(-58, -56, 48, 34, d.ball('#b8722f')) +
  line('M-84 -70L-62 -56M-64 -82L-40 -64', '#efc483', 7) +
  path('M-106 -32H106Q60 -18 0 -18T-106 -32Z', light(a, 0.6));

export const officeChair: Prop = (d, { a, d: ink, m }) =>
  line('M0 -20L-66 -8M0 -20L66 -8M0 -20L-26 0M0 -20L30 0', d.down(light(m, 0.3), dark(m, 0.3)), 9) +
  line('M0 -20L-66 -8M0 -20L66 -8M0 -20L-26 0M0 -20L30 0', m, 8) +
  [-66, 66, -26, 30].map((x, i) => oval(x, i < 2 ? -4 : 2, 8, 8, ink)).join('') +
  rect(-7, -74, 14, 58, d.across(light(m, 0.5), dark(m, 0.3))) +
  rect(-72, -98, 144, 30, d.down(light(a, 0.25), a, dark(a, 0.25)), 14) +
  path(
    'M-56 -224Q-58 -240 -42 -240H42Q58 -240 56 -224L48 -122Q46 -110 34 -110H-34Q-46 -110 -48 -122Z',
    d.across(dark(a, 0.2), light(a, 0.14), a, dark(a, 0.24)),
  ) +
  line(
    'M-46 -206Q0 -196 46 -206M-44 -182Q0 -172 44 -182M-42 -158Q0 -148 42 -158M-40 -136Q0 -128 40 -136',
    dark(a, 0.28),
    3,
    'opacity=".6"',
  ) +
  line('M-70 -84H-88V-128M70 -84H88V-128', ink, 8) +
  rect(-104, -140, 34, 13, ink, 6) +
  rect(70, -140, 34, 13, ink, 6) +
  rect(-5, -112, 10, 20, ink);

export const stationery: Prop = (d, { a, b, c, d: ink, m }) =>
  line('M28 -100L18 -196', '#e2574c', 10) +
  line('M48 -100L52 -212', '#3f78c5', 10) +
  line('M68 -100L84 -190', '#f0b23c', 10) +
  path('M14 -196l4 -16l5 15zM47 -212l6 -14l5 14zM80 -192l8 -14l3 16z', '#ead2ae') +
  rect(10, -112, 78, 112, d.round(b), 8) +
  rect(20, -100, 8, 88, '#ffffff', 4, 'opacity=".35"') +
  times(
    3,
    (i) =>
      rect(
        -116 + i * 4,
        -26 - i * 28,
        116 - i * 6,
        26,
        d.down([light(a, 0.15), light(b, 0.25), c][i]!, dark([a, b, c][i]!, 0.15)),
        4,
      ) + rect(-14 + i * -2, -22 - i * 28, 12, 18, light(c, 0.6), 2),
  ) +
  at(
    -66,
    -88,
    0.9,
    rect(-34, -6, 68, 10, ink, 4) + oval(0, -22, 30, 20, d.ball(m)) + rect(-12, -44, 24, 10, d.ball(m), 5),
  );

export const giftBox: Prop = (d, { a, b, m }) => {
  const box = (colour: string, ribbon: string): string =>
    rect(-84, -118, 168, 118, d.across(light(colour, 0.14), colour, dark(colour, 0.22)), 4) +
    rect(-94, -148, 188, 38, d.across(light(colour, 0.26), light(colour, 0.08), dark(colour, 0.12)), 5) +
    rect(-16, -148, 32, 148, d.across(light(ribbon, 0.3), ribbon, dark(ribbon, 0.2))) +
    rect(-94, -112, 188, 6, dark(colour, 0.35), 0, 'opacity=".4"') +
    path(
      'M0 -148C-66 -212 -92 -160 0 -148C92 -160 66 -212 0 -148Z',
      d.across(light(ribbon, 0.2), ribbon, dark(ribbon, 0.15)),
    ) +
    path('M0 -148C-44 -184 -64 -164 0 -148C64 -164 44 -184 0 -148Z', dark(ribbon, 0.28)) +
    oval(0, -150, 15, 13, d.ball(ribbon));
  return at(-52, 0, 0.72, box(b, light(m, 0.3))) + at(44, 0, 0.84, box(a, light(m, 0.45)));
};

export const festivalLantern: Prop = (d, { a, m }) =>
  oval(0, -116, 130, 110, d.radial(['#ffd37a', 0.6], ['#ffd37a', 0.15], ['#ffd37a', 0])) +
  line('M0 -232V-186', m, 5) +
  rect(-34, -192, 68, 16, d.across(light(m, 0.5), m, dark(m, 0.3)), 4) +
  oval(0, -118, 92, 64, d.ball(mix(a, '#ff7a4d', 0.2))) +
  times(3, (i) => oval(0, -118, 26 + i * 27, 64, 'none', `stroke="${light(m, 0.3)}" stroke-width="2.5" opacity=".7"`)) +
  line('M0 -182V-54', light(m, 0.3), 3) +
  rect(-34, -62, 68, 15, d.across(light(m, 0.5), m, dark(m, 0.3)), 4) +
  times(7, (i) => line(`M${-24 + i * 8} -48V${-6 - Math.abs(i - 3) * 3}`, m, 4)) +
  oval(-34, -142, 26, 14, '#ffffff', 'opacity=".28" transform="rotate(-24 -34 -142)"');

export const backpack: Prop = (d, { a, b, d: ink, m }) =>
  line('M-18 -206Q-18 -226 0 -226T18 -206', ink, 9) +
  path('M-78 -120Q-80 -208 0 -210Q80 -208 78 -120V-16Q78 0 60 0H-60Q-78 0 -78 -16Z', d.round(a)) +
  path('M-86 -92Q-100 -88 -98 -60V-26Q-96 -16 -80 -16ZM86 -92Q100 -88 98 -60V-26Q96 -16 80 -16Z', dark(a, 0.28)) +
  path('M-60 -92H60V-22Q60 -10 46 -10H-46Q-60 -10 -60 -22Z', d.across(light(b, 0.12), b, dark(b, 0.2))) +
  line('M-50 -74H50', dark(b, 0.35), 4) +
  line('M-64 -132Q0 -116 64 -132', ink, 5) +
  rect(-40, -146, 12, 40, m, 4) +
  rect(28, -146, 12, 40, m, 4) +
  at(
    0,
    -218,
    1,
    rect(-66, -16, 132, 26, d.down(light(b, 0.2), dark(b, 0.2)), 13) + line('M-34 -16V10M34 -16V10', ink, 6),
  ) +
  path('M-62 -150Q-58 -194 -22 -202Q-46 -180 -50 -140Z', '#ffffff', 'opacity=".2"');
