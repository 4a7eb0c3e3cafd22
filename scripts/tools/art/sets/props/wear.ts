import { dark, light, mix } from '../colour.js';
import { at, line, oval, path, rect, times } from '../drawing.js';
import type { Prop } from './prop.js';

export const cartons: Prop = (d, { a, m, c }) =>
  path('M-110 -112L-24 -132L100 -112L14 -90Z', dark(m, 0.45)) +
  path('M-110 -112L-24 -132L-48 -172L-134 -150Z', d.down(light(m, 0.1), dark(m, 0.12))) +
  path('M100 -112L-24 -132L2 -170L124 -148Z', d.down(light(m, 0.2), m)) +
  path('M-110 -112L14 -90V0L-110 -26Z', d.across(light(m, 0.18), light(m, 0.06))) +
  path('M14 -90L100 -112V-24L14 0Z', d.across(m, dark(m, 0.2))) +
  path('M-110 -112L14 -90L-8 -58L-130 -82Z', d.down(light(m, 0.3), light(m, 0.1))) +
  path('M14 -90L100 -112L120 -82L32 -56Z', d.down(light(m, 0.12), dark(m, 0.05))) +
  rect(-92, -62, 44, 30, a, 4, 'transform="skewY(11) translate(0 14)"') +
  line('M-36 -28L-6 -22', dark(m, 0.4), 4) +
  oval(56, -46, 17, 19, 'none', `stroke="${c}" stroke-width="5" opacity=".75"`);

export const paperBag: Prop = (d, { a, b, c }) =>
  at(
    -46,
    0,
    0.78,
    line('M-32 -204C-34 -250 34 -250 32 -204', light(b, 0.5), 6) +
      path('M-76 -206H56L76 -192V0H-76Z', d.across(light(b, 0.14), b, dark(b, 0.14))) +
      path('M56 -206L76 -192V0H56Z', dark(b, 0.3)) +
      oval(-10, -100, 30, 30, 'none', `stroke="${c}" stroke-width="5"`),
  ) +
  at(
    40,
    0,
    0.96,
    line('M-32 -204C-34 -250 34 -250 32 -204', light(a, 0.45), 6) +
      path('M-70 -206H54L74 -190V0H-70Z', d.across(light(a, 0.16), a, dark(a, 0.1))) +
      path('M54 -206L74 -190V0H54Z', dark(a, 0.28)) +
      line('M54 -206L62 -110L54 0', dark(a, 0.36), 2) +
      path('M-8 -140C-36 -166 -48 -124 -8 -96C32 -124 20 -166 -8 -140Z', c) +
      rect(-46, -60, 76, 6, c, 3, 'opacity=".8"') +
      rect(-30, -44, 44, 5, c, 2, 'opacity=".6"'),
  );

const hanger = (m: string): string =>
  line('M0 -196V-208Q0 -222 12 -220Q22 -214 14 -206', '#8a8f98', 5) + line('M-58 -176L0 -196L58 -176', m, 8);

export const shirt: Prop = (d, { a, c, m }) =>
  hanger(m) +
  path(
    'M-34 -190Q0 -166 34 -190L74 -176L112 -120L78 -100L66 -118V0H-66V-118L-78 -100L-112 -120L-74 -176Z',
    d.across(dark(a, 0.14), light(a, 0.12), a, light(a, 0.04), dark(a, 0.2)),
  ) +
  line('M-34 -190Q0 -164 34 -190', dark(a, 0.3), 6) +
  line(
    'M-66 -118Q-58 -96 -62 -56M66 -118Q58 -94 62 -50M-30 -40Q-20 -80 -34 -110M34 -20Q28 -60 40 -90',
    dark(a, 0.22),
    3,
    'opacity=".55"',
  ) +
  oval(0, -108, 26, 26, 'none', `stroke="${c}" stroke-width="6"`) +
  path('M-14 -100L0 -124L14 -100Z', c) +
  line('M-62 -8H62', dark(a, 0.22), 3, 'stroke-dasharray="5 4"');

export const dress: Prop = (d, { b, c, m }) =>
  hanger(m) +
  path(
    'M-40 -192Q-22 -160 0 -160T40 -192L54 -182Q50 -136 42 -112L92 -4Q0 14 -92 -4L-42 -112Q-50 -136 -54 -182Z',
    d.across(dark(b, 0.2), light(b, 0.12), b, light(b, 0.06), dark(b, 0.24)),
  ) +
  path('M-43 -116Q0 -104 43 -116L40 -104Q0 -92 -40 -104Z', c) +
  line(
    'M-20 -96Q-34 -50 -52 0M14 -96Q20 -40 24 4M-2 -94Q-8 -40 -14 6M34 -100Q52 -50 66 -2',
    dark(b, 0.24),
    3,
    'opacity=".6"',
  ) +
  times(12, (i) =>
    oval(-62 + (i % 4) * 40 + (i > 3 ? 6 : 18), -70 + Math.floor(i / 4) * 26, 4, 4, light(b, 0.55), 'opacity=".8"'),
  );

export const sneaker: Prop = (d, { a, b, c, d: ink }) =>
  path('M-118 -30Q-124 0 -100 0H112Q132 -2 126 -30Z', d.down('#ffffff', '#dfe2e6')) +
  line('M-114 -12H124', mix(a, '#ffffff', 0.3), 5) +
  path(
    'M-114 -32Q-122 -92 -98 -118Q-74 -112 -58 -124Q-40 -132 -24 -118Q6 -74 62 -70Q118 -66 126 -32Z',
    d.down(light(a, 0.24), a, dark(a, 0.14)),
  ) +
  path('M62 -70Q118 -66 126 -32H72Q56 -50 62 -70Z', light(c, 0.3)) +
  path('M-114 -32Q-120 -78 -106 -106Q-84 -96 -82 -32Z', b) +
  path('M-96 -116Q-74 -112 -58 -124Q-40 -132 -24 -118L-36 -108Q-60 -104 -88 -106Z', dark(a, 0.42)) +
  path('M-70 -62Q-10 -24 52 -58Q0 -16 -62 -38Z', c) +
  times(5, (i) => line(`M${-22 + i * 15} ${-106 + i * 9}L${-2 + i * 14} ${-112 + i * 9}`, '#ffffff', 6)) +
  line('M-24 -118Q6 -74 62 -70', ink, 3, 'opacity=".4"');

export const handbag: Prop = (d, { a, b, m }) =>
  line('M-52 -128C-58 -222 58 -222 52 -128', dark(b, 0.1), 14) +
  line('M-47 -140C-46 -206 40 -206 46 -146', light(b, 0.3), 3) +
  path(
    'M-84 -132H84Q92 -132 94 -122L110 -16Q110 0 94 0H-94Q-110 0 -110 -16L-94 -122Q-92 -132 -84 -132Z',
    d.across(light(b, 0.1), light(b, 0.18), b, dark(b, 0.2)),
  ) +
  path('M-90 -132H90L82 -72Q0 -40 -82 -72Z', d.down(light(b, 0.22), dark(b, 0.06))) +
  line('M-84 -124L-76 -76Q0 -47 76 -76L84 -124', dark(b, 0.3), 2, 'stroke-dasharray="6 4"') +
  rect(-20, -78, 40, 34, d.across(light(m, 0.5), m, dark(m, 0.2)), 7) +
  oval(0, -61, 7, 7, dark(m, 0.45)) +
  oval(-52, -130, 9, 9, d.ball(m)) +
  oval(52, -130, 9, 9, d.ball(m)) +
  line('M-98 -14H98', dark(b, 0.28), 2, 'stroke-dasharray="6 4"') +
  line('M70 -126Q92 -100 84 -60', a, 6) +
  path('M78 -64h14l4 34q-11 10 -22 0z', a);

const gem = (x: number, y: number, s: number): string =>
  at(
    x,
    y,
    s,
    path('M-30 -18L-16 -34H16L30 -18L0 26Z', '#bfe6f5') +
      path('M-30 -18H30L0 26Z', '#8fd0ea') +
      path('M-16 -34L-10 -18H10L16 -34Z', '#eafaff') +
      path('M-10 -18H10L0 26Z', '#c9eefa') +
      path('M10 -18H30L0 26Z', '#67b4d8') +
      line('M-30 -18L-16 -34H16L30 -18L0 26Z', '#4a93b8', 1.6),
  );

export const ring: Prop = (d, { a, d: ink, m }) =>
  path('M-100 -46H100V-14Q100 0 84 0H-84Q-100 0 -100 -14Z', d.down(light(a, 0.1), dark(a, 0.25))) +
  path('M-100 -46Q-96 -62 -80 -62H80Q96 -62 100 -46Z', d.down(dark(a, 0.4), dark(a, 0.15))) +
  rect(-74, -60, 148, 16, d.down(light(ink, 0.1), ink), 8) +
  oval(
    0,
    -104,
    52,
    54,
    'none',
    `stroke="${d.across(light(m, 0.2), light(m, 0.75), m, dark(m, 0.25))}" stroke-width="13"`,
  ) +
  line('M-42 -132A52 54 0 0 0 -46 -84', '#ffffff', 4, 'opacity=".8"') +
  path('M-20 -152L0 -138L20 -152L12 -166H-12Z', dark(m, 0.1)) +
  gem(0, -178, 1.15) +
  rect(-100, -62, 200, 62, 'none') +
  rect(-86, -36, 10, 24, '#ffffff', 5, 'opacity=".25"') +
  line('M34 -212l5 -14l5 14l14 5l-14 5l-5 14l-5 -14l-14 -5z', '#ffffff', 2);

export const necklace: Prop = (d, { a, d: ink, m }) =>
  rect(-54, -14, 108, 14, d.across(light(m, 0.3), m, dark(m, 0.3)), 5) +
  path(
    'M-22 -214H22Q24 -176 34 -160Q84 -150 90 -112Q92 -50 34 -12H-34Q-92 -50 -90 -112Q-84 -150 -34 -160Q-24 -176 -22 -214Z',
    d.across(dark(ink, 0.2), light(ink, 0.3), light(ink, 0.12), dark(ink, 0.3)),
  ) +
  oval(0, -214, 22, 7, light(ink, 0.34)) +
  line('M-30 -166Q-44 -108 0 -84Q44 -108 30 -166', d.across(light(m, 0.7), m), 4) +
  times(9, (i) => {
    const t = (i + 1) / 10;
    const x = -30 + 60 * t;
    const y = -166 + 82 * (1 - (2 * t - 1) ** 2);
    return oval(x * 1.15, y, 5, 5, d.ball(light(m, 0.4)));
  }) +
  gem(0, -62, 0.85) +
  line('M-34 -20Q0 -4 34 -20', a, 3, 'opacity=".6"');

export const cream: Prop = (d, { a, c, m, b }) =>
  rect(-108, -96, 116, 96, d.round(light(c, 0.3)), 16) +
  rect(-114, -130, 128, 42, d.across(dark(m, 0.2), light(m, 0.55), m, dark(m, 0.3)), 8) +
  oval(-50, -46, 24, 24, 'none', `stroke="${a}" stroke-width="4"`) +
  line('M-72 -14H-28', a, 4) +
  rect(32, -146, 74, 146, d.round(mix(a, '#ffffff', 0.25)), 14) +
  rect(52, -172, 34, 28, d.across(dark(m, 0.2), light(m, 0.5), dark(m, 0.3)), 4) +
  path('M56 -172Q54 -208 69 -212Q84 -208 82 -172Z', d.round(b)) +
  rect(44, -104, 50, 66, light(c, 0.5), 4, 'opacity=".85"') +
  line('M54 -84H84M54 -70H78M54 -56H82', a, 4) +
  rect(39, -134, 7, 112, '#ffffff', 4, 'opacity=".5"');

export const lipstick: Prop = (d, { a, b, c, m, d: ink }) =>
  at(
    -42,
    0,
    1,
    rect(-30, -84, 60, 84, d.round(ink), 6) +
      rect(-26, -114, 52, 34, d.across(dark(m, 0.3), light(m, 0.7), m, dark(m, 0.35)), 3) +
      path('M-20 -114V-166Q-16 -192 20 -206V-114Z', d.round(a)),
  ) +
  at(
    46,
    0,
    1,
    rect(-28, -150, 56, 150, d.round(ink), 6) +
      rect(-28, -96, 56, 12, d.across(light(m, 0.6), m)) +
      rect(-20, -138, 6, 34, '#ffffff', 3, 'opacity=".35"'),
  ) +
  at(
    0,
    2,
    1,
    oval(-2, -4, 44, 12, dark(b, 0.2)) +
      oval(-2, -10, 44, 12, d.across(light(m, 0.5), m)) +
      oval(-2, -11, 36, 9, light(b, 0.15)) +
      oval(-10, -13, 14, 3, c, 'opacity=".6"'),
  );
