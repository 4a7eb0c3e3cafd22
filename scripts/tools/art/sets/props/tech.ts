import { dark, light } from '../colour.js';
import { at, line, oval, path, rect, times } from '../drawing.js';
import type { Prop } from './prop.js';

export const speaker: Prop = (d, { a, d: ink, m }) =>
  rect(-72, -204, 144, 204, d.across(light(ink, 0.16), light(ink, 0.06), ink, dark(ink, 0.4)), 30) +
  rect(-60, -192, 120, 180, d.down(light(ink, 0.14), ink), 22) +
  oval(0, -72, 48, 48, d.radial(dark(ink, 0.5), ink, light(ink, 0.22))) +
  oval(0, -72, 48, 48, 'none', `stroke="${a}" stroke-width="4"`) +
  oval(0, -72, 30, 30, d.ball(light(ink, 0.12))) +
  oval(0, -72, 12, 12, d.ball(m)) +
  oval(0, -154, 25, 25, d.radial(dark(ink, 0.5), ink, light(ink, 0.2))) +
  oval(0, -154, 10, 10, d.ball(m)) +
  path('M-62 -172Q-60 -196 -36 -198Q-52 -180 -54 -140Z', '#ffffff', 'opacity=".16"') +
  times(3, (i) => oval(-14 + i * 14, -190, 3, 3, i === 0 ? a : light(ink, 0.4)));

export const headphones: Prop = (d, { a, c, d: ink }) =>
  line('M-78 -84C-92 -236 92 -236 78 -84', ink, 22) +
  line('M-74 -110C-78 -216 78 -216 74 -110', light(ink, 0.24), 7) +
  line('M-46 -184C-20 -206 20 -206 46 -184', a, 9) +
  path('M-104 -110Q-112 -58 -98 -10Q-70 2 -60 -14V-112Q-78 -128 -104 -110Z', d.round(a)) +
  rect(-64, -112, 22, 100, d.across(light(ink, 0.2), dark(ink, 0.2)), 11) +
  path('M104 -110Q112 -58 98 -10Q70 2 60 -14V-112Q78 -128 104 -110Z', d.round(dark(a, 0.08))) +
  rect(42, -112, 22, 100, d.across(light(ink, 0.12), dark(ink, 0.3)), 11) +
  oval(-90, -62, 9, 26, c, 'opacity=".35"');

export const tablet: Prop = (d, { a, b, c, d: ink }) =>
  rect(-112, -156, 224, 150, d.across(light(ink, 0.3), ink), 14) +
  rect(-104, -149, 208, 136, d.down(light(a, 0.35), a, dark(b, 0.2)), 7) +
  oval(46, -92, 32, 32, light(c, 0.4), 'opacity=".85"') +
  path('M-104 -40L-52 -92L-4 -46L34 -78L104 -20Q104 -13 97 -13H-97Q-104 -13 -104 -20Z', dark(b, 0.35), 'opacity=".8"') +
  path('M-104 -149H-20L-74 -13H-104Z', '#ffffff', 'opacity=".12"') +
  rect(-130, -8, 260, 9, d.across(light(c, 0.1), dark(c, 0.35)), 4);

export const phoneCase: Prop = (d, { a, b, c, d: ink }) =>
  at(
    -34,
    0,
    1,
    rect(-52, -212, 104, 206, d.across(light(ink, 0.25), ink), 20) +
      rect(-46, -206, 92, 194, d.down(light(b, 0.3), b, dark(a, 0.1)), 15) +
      oval(0, -120, 30, 30, c, 'opacity=".5"') +
      path('M-46 -60Q0 -110 46 -50V-27Q46 -12 31 -12H-31Q-46 -12 -46 -27Z', dark(b, 0.3), 'opacity=".5"') +
      rect(-14, -201, 28, 7, ink, 4),
    -7,
  ) +
  at(
    46,
    0,
    1,
    rect(-54, -208, 108, 208, d.across(light(a, 0.18), a, dark(a, 0.2)), 22) +
      rect(-47, -201, 94, 194, 'none', 17, `stroke="${light(a, 0.3)}" stroke-width="3" opacity=".7"`) +
      rect(-44, -196, 52, 56, dark(a, 0.22), 15) +
      oval(-30, -181, 10, 10, ink) +
      oval(-6, -181, 10, 10, ink) +
      oval(-30, -155, 10, 10, ink) +
      oval(-33, -184, 3, 3, '#cfe3ff') +
      oval(-9, -184, 3, 3, '#cfe3ff') +
      oval(0, -88, 26, 26, 'none', `stroke="${c}" stroke-width="5" opacity=".75"`) +
      path('M-48 -120Q-46 -30 -34 -8H-40Q-50 -14 -50 -30Z', '#ffffff', 'opacity=".25"'),
    6,
  );

export const powerBank: Prop = (d, { a, c, d: ink, m }) =>
  line('M30 -176C60 -236 120 -206 104 -140C92 -90 110 -50 98 -6', a, 8) +
  rect(86, -26, 24, 28, d.across(light(m, 0.3), m), 5) +
  rect(-66, -172, 132, 172, d.across(light(ink, 0.3), light(ink, 0.12), ink, dark(ink, 0.3)), 24) +
  rect(20, -186, 20, 18, m, 4) +
  rect(-52, -158, 104, 62, d.down('#0d1a2b', '#14283f'), 12) +
  times(4, (i) => rect(-40 + i * 21, -142, 15, 30, i < 3 ? light(a, 0.2) : light(ink, 0.25), 4)) +
  oval(0, -50, 24, 24, 'none', `stroke="${c}" stroke-width="5" opacity=".65"`) +
  path('M4 -68L-12 -46H-1L-5 -32L12 -54H1Z', c, 'opacity=".9"');

export const drill: Prop = (d, { a, b, d: ink, m }) =>
  path('M-16 -100H42L56 -32H2Z', d.across(light(ink, 0.22), ink, dark(ink, 0.3))) +
  path(
    'M-16 -34H76Q86 -34 86 -24V-8Q86 0 76 0H-14Q-24 0 -24 -8V-24Q-24 -34 -16 -34Z',
    d.down(light(ink, 0.25), dark(ink, 0.1)),
  ) +
  rect(-10, -26, 60, 8, b, 4) +
  path(
    'M-58 -178Q-58 -192 -44 -192H74Q92 -190 92 -166V-124Q90 -102 66 -100H-34Q-58 -102 -58 -124Z',
    d.down(light(a, 0.3), a, dark(a, 0.25)),
  ) +
  path('M-46 -182H64Q76 -180 78 -170Q10 -176 -52 -166Q-52 -180 -46 -182Z', '#ffffff', 'opacity=".3"') +
  path('M-58 -184L-100 -170V-126L-58 -108Z', d.down(light(ink, 0.3), ink)) +
  rect(-114, -162, 16, 28, d.down(light(m, 0.5), m, dark(m, 0.3)), 3) +
  path('M-114 -152L-160 -150V-146L-114 -142Z', light(m, 0.1)) +
  path('M-14 -96Q-30 -76 -12 -62L2 -74Z', b) +
  times(4, (i) => rect(30 + i * 11, -160, 5, 32, dark(a, 0.4), 2)) +
  oval(-22, -144, 13, 13, dark(a, 0.15)) +
  oval(-22, -144, 7, 7, light(a, 0.4));

export const toolbox: Prop = (d, { a, b, d: ink, m }) =>
  line('M-44 -128V-160Q-44 -172 -32 -172H32Q44 -172 44 -160V-128', ink, 15) +
  path('M-106 -92Q-104 -130 -84 -130H84Q104 -130 106 -92Z', d.down(light(a, 0.3), a)) +
  rect(-112, -94, 224, 94, d.down(a, dark(a, 0.2)), 10) +
  rect(-112, -98, 224, 14, dark(a, 0.38), 5) +
  rect(-64, -108, 28, 36, d.down(light(m, 0.4), dark(m, 0.2)), 5) +
  rect(36, -108, 28, 36, d.down(light(m, 0.4), dark(m, 0.2)), 5) +
  rect(-30, -62, 60, 34, b, 6) +
  rect(-100, -124, 8, 26, '#ffffff', 4, 'opacity=".3"') +
  rect(-104, -12, 208, 8, dark(a, 0.4), 4);

export const machine: Prop = (d, { a, b, c, d: ink, m }) =>
  rect(-126, -14, 34, 14, ink, 3) +
  rect(92, -14, 34, 14, ink, 3) +
  rect(-132, -172, 264, 160, d.down(light(c, 0.25), c, dark(c, 0.18)), 12) +
  rect(-132, -62, 264, 50, d.down(a, dark(a, 0.25)), 10) +
  rect(-116, -156, 150, 88, d.down('#20344a', '#44607c'), 8) +
  rect(-60, -156, 30, 46, d.across(light(m, 0.4), m, dark(m, 0.3))) +
  path('M-56 -110H-34L-42 -88H-48Z', light(m, 0.2)) +
  rect(-108, -82, 134, 10, d.down(light(m, 0.3), dark(m, 0.2)), 3) +
  rect(-66, -92, 48, 12, b, 2) +
  path('M-116 -156H-66L-100 -68H-116Z', '#ffffff', 'opacity=".14"') +
  rect(50, -158, 66, 46, d.down('#123c46', '#1e6a72'), 6) +
  line('M58 -128L72 -140L84 -130L106 -148', '#8ff0d0', 3) +
  times(3, (i) => oval(60 + i * 22, -92, 8, 8, [b, '#58c27d', '#d8534a'][i]!)) +
  rect(112, -204, 10, 34, m) +
  rect(108, -232, 18, 12, '#d8534a', 3) +
  rect(108, -219, 18, 12, '#f0b53e', 3) +
  rect(108, -206, 18, 12, '#58c27d', 3);

export const motor: Prop = (d, { a, c, d: ink, m }) =>
  rect(-92, -18, 164, 18, d.down(light(ink, 0.25), ink), 4) +
  path('M-70 -40H50L66 -16H-86Z', dark(a, 0.35)) +
  rect(-84, -142, 140, 112, d.down(light(a, 0.3), a, dark(a, 0.35)), 18) +
  times(9, (i) => rect(-80, -132 + i * 11, 132, 4, dark(a, 0.3), 2, 'opacity=".55"')) +
  rect(-104, -134, 30, 96, d.down(light(a, 0.1), dark(a, 0.35)), 12) +
  rect(52, -130, 24, 90, d.down(light(c, 0.1), dark(c, 0.4)), 8) +
  rect(74, -98, 54, 26, d.down(light(m, 0.55), m, dark(m, 0.4)), 4) +
  rect(-38, -176, 56, 40, d.down(light(c, 0.1), dark(c, 0.3)), 6) +
  oval(-10, -156, 9, 9, dark(c, 0.45)) +
  rect(-52, -110, 70, 40, light(c, 0.3), 4) +
  line('M-44 -98H8M-44 -88H-4M-44 -79H2', dark(c, 0.5), 3);

export const wheel: Prop = (d, { a, c, d: ink, m }) =>
  oval(0, -104, 104, 104, d.radial(light(ink, 0.05), dark(ink, 0.2), dark(ink, 0.55), light(ink, 0.1))) +
  oval(0, -104, 99, 99, 'none', `stroke="${dark(ink, 0.6)}" stroke-width="9" stroke-dasharray="7 6"`) +
  oval(0, -104, 80, 80, 'none', `stroke="${light(ink, 0.18)}" stroke-width="3"`) +
  oval(0, -104, 72, 72, d.radial(dark(m, 0.6), dark(m, 0.5), dark(m, 0.3))) +
  oval(0, -104, 40, 40, d.radial(dark(m, 0.1), dark(m, 0.4))) +
  rect(30, -122, 22, 40, a, 6) +
  times(
    5,
    (i) =>
      `<g transform="translate(0 -104) rotate(${i * 72})">${path('M-15 -12L-11 -68Q0 -74 11 -68L15 -12Z', d.across(light(m, 0.55), light(m, 0.2), dark(m, 0.15)))}${line('M0 -20V-62', dark(m, 0.25), 4)}</g>`,
  ) +
  oval(0, -104, 70, 70, 'none', `stroke="${d.across(light(m, 0.7), m, light(m, 0.4))}" stroke-width="8"`) +
  oval(0, -104, 20, 20, d.ball(light(m, 0.2))) +
  oval(0, -104, 10, 10, d.ball(c));

export const headlamp: Prop = (d, { a, c, d: ink, m }) =>
  path(
    'M-122 -46Q-110 -138 -24 -150Q80 -158 124 -112Q128 -40 78 -8Q-10 12 -84 -6Q-120 -16 -122 -46Z',
    d.down(light(ink, 0.3), dark(ink, 0.3)),
  ) +
  path(
    'M-112 -48Q-100 -128 -20 -140Q74 -146 114 -106Q116 -46 72 -16Q-8 0 -78 -14Q-110 -24 -112 -48Z',
    d.down('#dfeaf2', '#8fa4b4', '#51626f'),
  ) +
  oval(-40, -68, 42, 42, d.radial('#fffef0', '#fff0bd', dark(m, 0.2), dark(m, 0.5))) +
  oval(50, -76, 34, 34, d.radial('#f6fbff', '#cfe4f6', dark(m, 0.1), dark(m, 0.5))) +
  line('M-100 -34Q-10 -2 96 -52', '#f7fcff', 7) +
  path('M-84 -12Q-104 -20 -104 -40L-76 -18Z', a) +
  path('M-96 -90Q-70 -128 -14 -132Q60 -138 100 -106Q20 -126 -96 -90Z', c, 'opacity=".6"');
