import { dark, light, mix } from '../colour.js';
import { at, line, oval, path, rect, times } from '../drawing.js';
import type { Prop } from './prop.js';

export const pot: Prop = (d, { a, c, d: ink }) =>
  rect(-112, -92, 30, 14, ink, 7) +
  rect(82, -92, 30, 14, ink, 7) +
  path('M-88 -104H88V-24Q88 0 62 0H-62Q-88 0 -88 -24Z', d.round(a)) +
  rect(-92, -112, 184, 14, d.round(light(a, 0.25)), 6) +
  path('M-86 -112Q-70 -146 0 -148Q70 -146 86 -112Z', d.round(light(a, 0.08))) +
  path('M-56 -122Q-36 -138 0 -140Q-34 -130 -44 -118Z', '#ffffff', 'opacity=".4"') +
  rect(-8, -160, 16, 14, ink) +
  oval(0, -166, 22, 10, d.ball(c)) +
  rect(-70, -88, 12, 66, '#ffffff', 6, 'opacity=".3"');

export const kettle: Prop = (d, { b, c, d: ink, m }) =>
  line('M-52 -134C-74 -214 74 -214 52 -134', ink, 13) +
  line('M-46 -150C-50 -196 34 -202 44 -162', light(ink, 0.35), 3) +
  path('M70 -92C96 -96 94 -132 122 -138L132 -128C116 -116 118 -60 66 -48Z', d.round(b)) +
  path('M-84 -40C-88 -106 -52 -134 0 -134S88 -106 84 -40Q82 0 56 0H-56Q-82 0 -84 -40Z', d.round(b)) +
  path('M-40 -130Q0 -150 40 -130Z', d.round(light(b, 0.25))) +
  oval(0, -148, 14, 12, d.ball(m)) +
  path('M-66 -44C-68 -86 -54 -106 -36 -112C-50 -92 -54 -70 -52 -30Z', '#ffffff', 'opacity=".35"') +
  rect(-58, -10, 116, 10, dark(b, 0.4), 5) +
  oval(0, -62, 20, 20, 'none', `stroke="${c}" stroke-width="4" opacity=".7"`);

export const boards: Prop = (d, { m, b }) =>
  rect(-86, -190, 96, 190, d.across(light(m, 0.32), light(m, 0.16), m), 16) +
  oval(-38, -168, 11, 11, dark(m, 0.5)) +
  rect(-18, -150, 98, 150, d.across(light(m, 0.1), m, dark(m, 0.18)), 16) +
  oval(30, -130, 9, 9, dark(m, 0.55)) +
  line('M-74 -140V-20M-58 -146V-14M-2 -100V-16M16 -96V-12M48 -108V-18M62 -90V-20', dark(m, 0.22), 2, 'opacity=".5"') +
  rect(48, -66, 62, 66, d.round(b), 8) +
  line('M62 -66L56 -128M80 -66L82 -142M94 -66L106 -120', light(m, 0.2), 8);

export const towels: Prop = (d, { a, b, c }) =>
  [a, c, b, light(a, 0.35)]
    .map((colour, i) => {
      const y = -46 * i;
      const w = 104 - i * 3;
      return (
        path(
          `M${-w} ${y - 40}Q${-w - 12} ${y - 20} ${-w} ${y}H${w - 14}Q${w + 12} ${y - 2} ${w + 12} ${y - 22}T${w - 14} ${y - 44}H${-w + 8}Z`,
          d.down(light(colour, 0.22), colour, dark(colour, 0.16)),
        ) +
        line(
          `M${-w + 6} ${y - 21}H${w - 18}Q${w} ${y - 22} ${w - 2} ${y - 14}`,
          dark(colour, 0.22),
          3,
          'opacity=".7"',
        ) +
        rect(-w + 26, y - 42, 22, 20, dark(colour, 0.12), 2, 'opacity=".6"')
      );
    })
    .join('') +
  line('M-20 -178C-26 -150 -26 -60 -20 0', light(b, 0.5), 7) +
  path('M-20 -184C-52 -214 -60 -176 -22 -178C14 -176 16 -212 -18 -184Z', light(b, 0.5));

export const cushion: Prop = (d, { a, b, c }) =>
  at(
    -20,
    -6,
    1,
    path('M-92 -170Q-10 -186 80 -172Q96 -90 84 -2Q0 12 -92 -2Q-106 -86 -92 -170Z', d.ball(b)) +
      line(
        'M-84 -160Q-8 -174 72 -162Q86 -88 76 -10Q0 2 -84 -10Q-96 -86 -84 -160Z',
        light(b, 0.4),
        3,
        'stroke-dasharray="8 6"',
      ),
    -9,
  ) +
  at(
    46,
    0,
    0.86,
    path('M-92 -170Q-10 -186 80 -172Q96 -90 84 -2Q0 12 -92 -2Q-106 -86 -92 -170Z', d.ball(a)) +
      times(5, (i) => line(`M-80 ${-148 + i * 32}Q0 ${-160 + i * 32} 76 ${-148 + i * 32}`, c, 6, 'opacity=".55"')) +
      times(4, (i) => path(`M${-78 + i * 46} -4l-6 20h12z`, c)),
    7,
  );

export const armchair: Prop = (d, { a, m }) =>
  line('M-72 -34L-86 0M72 -34L86 0', m, 11) +
  line('M-50 -34L-54 -6M50 -34L54 -6', dark(m, 0.3), 9) +
  path(
    'M-78 -180Q-80 -206 -50 -208H50Q80 -206 78 -180L70 -70H-70Z',
    d.across(dark(a, 0.15), light(a, 0.12), a, dark(a, 0.2)),
  ) +
  line('M-26 -204Q-30 -140 -24 -90M26 -204Q30 -140 24 -90', dark(a, 0.22), 3, 'opacity=".6"') +
  rect(-76, -98, 152, 44, d.down(light(a, 0.28), light(a, 0.06), dark(a, 0.1)), 18) +
  path('M-106 -112Q-108 -134 -88 -134T-70 -112V-36H-98Q-106 -60 -106 -112Z', d.round(light(a, 0.04))) +
  path('M106 -112Q108 -134 88 -134T70 -112V-36H98Q106 -60 106 -112Z', d.round(dark(a, 0.08))) +
  rect(-98, -58, 196, 28, d.down(a, dark(a, 0.28)), 10);

export const sideTable: Prop = (d, { m, c, a }) =>
  line('M-62 -104L-84 0M62 -104L84 0', m, 12) +
  line('M-24 -104L-30 -8M24 -104L30 -8', dark(m, 0.35), 9) +
  line('M-72 -46Q0 -30 72 -46', dark(m, 0.2), 6) +
  oval(0, -106, 104, 20, dark(m, 0.3)) +
  oval(0, -114, 104, 20, d.across(light(m, 0.2), light(m, 0.4), m, dark(m, 0.15))) +
  line('M-80 -116Q-20 -126 70 -112M-50 -106Q10 -110 60 -118', dark(m, 0.2), 2, 'opacity=".5"') +
  path('M12 -120C-4 -140 2 -166 14 -170V-182H38V-170C52 -164 56 -140 42 -120Z', d.round(c)) +
  line('M26 -180C20 -206 6 -214 0 -222M26 -180C30 -212 44 -214 50 -228', mix(a, '#4b7a4e', 0.6), 4) +
  oval(-2, -224, 9, 14, '#6b9a68', 'transform="rotate(-30 -2 -224)"') +
  oval(51, -228, 9, 14, '#7fae7a', 'transform="rotate(24 51 -228)"') +
  rect(-68, -130, 54, 12, d.across(a, dark(a, 0.2)), 3) +
  rect(-62, -140, 46, 11, d.across(light(c, 0.2), dark(c, 0.15)), 3);

export const tableLamp: Prop = (d, { a, c, m }) =>
  oval(0, -140, 128, 118, d.radial(['#fff1c2', 0.75], ['#fff1c2', 0.2], ['#fff1c2', 0])) +
  oval(0, -8, 56, 12, d.across(light(m, 0.2), m, dark(m, 0.4))) +
  path('M-8 -112H8L12 -92C34 -76 34 -30 14 -8H-14C-34 -30 -34 -76 -12 -92Z', d.round(a)) +
  rect(-5, -124, 10, 16, m) +
  path('M-46 -212H46L84 -112Q0 -98 -84 -112Z', d.across(dark(c, 0.12), light(c, 0.55), '#fff6dc', dark(c, 0.2))) +
  path('M-84 -112Q0 -98 84 -112Q0 -122 -84 -112Z', '#fff7da') +
  line('M-46 -212H46', dark(c, 0.2), 4);

export const globeLamp: Prop = (d, { m, d: ink }) =>
  oval(0, -150, 120, 116, d.radial(['#ffeab0', 0.8], ['#ffeab0', 0.22], ['#ffeab0', 0])) +
  rect(-62, -14, 124, 14, d.across(light(m, 0.3), m, dark(m, 0.4)), 7) +
  line('M-34 -14V-206Q-34 -226 -10 -226Q8 -226 8 -206V-190', d.across(light(m, 0.2), dark(m, 0.2)), 8) +
  line('M-34 -14V-206Q-34 -226 -10 -226Q8 -226 8 -206V-190', m, 7) +
  oval(8, -142, 52, 52, d.radial('#fffdf2', '#fff0c4', '#f6d891')) +
  path('M-30 -160Q-22 -184 2 -188Q-14 -172 -18 -146Z', '#ffffff', 'opacity=".8"') +
  rect(-8, -198, 32, 16, ink, 4);
