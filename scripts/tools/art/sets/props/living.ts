import { dark, light, mix } from '../colour.js';
import { at, line, oval, path, rect, times } from '../drawing.js';
import type { Prop } from './prop.js';

/** Digits of seven segments, 18 wide and 22 high: "120" over "80". */
const ZERO = 'h18v22h-18z';
const EIGHT = 'h18v22h-18zm0 11h18';
const DIGITS = `M-58 -106v22M-46 -106h18v11h-18v11h18M-16 -106${ZERO}M-46 -72${EIGHT}M-16 -72${ZERO}`;

/** A blood pressure monitor, its cuff rolled up beside it. */
export const monitor: Prop = (d, { a, b, c, d: ink }) =>
  path('M64 -104V-12Q64 0 100 0Q136 0 136 -12V-104Z', d.across(dark(b, 0.12), b, dark(b, 0.34))) +
  oval(100, -104, 36, 13, light(b, 0.22)) +
  oval(100, -104, 25, 8.5, 'none', `stroke="${dark(b, 0.3)}" stroke-width="3"`) +
  oval(100, -104, 13, 4.5, dark(b, 0.42)) +
  rect(108, -84, 22, 60, light(b, 0.3), 5, 'opacity=".55"') +
  line('M40 -134C42 -190 104 -186 102 -108', ink, 7) +
  path(
    'M-112 -126Q-110 -142 -94 -142H54Q70 -142 72 -126L84 -14Q84 0 70 0H-110Q-124 0 -124 -14Z',
    d.down(light(c, 0.55), light(c, 0.2), dark(c, 0.1)),
  ) +
  rect(-94, -126, 110, 96, d.down('#dcebe2', '#b9d2c4'), 10) +
  rect(-88, -120, 98, 84, 'none', 7, 'stroke="#8fae9f" stroke-width="2"') +
  line(DIGITS, '#24453a', 5) +
  path('M-67 -48C-82 -60 -75 -72 -67 -64C-59 -72 -52 -60 -67 -48Z', a) +
  oval(46, -96, 19, 19, d.ball(a)) +
  oval(50, -42, 12, 12, light(c, 0.5), `stroke="${dark(c, 0.2)}" stroke-width="2"`);

export const thermometer: Prop = (d, { a, c, d: ink, b }) =>
  path('M-70 -204H40Q66 -204 66 -176V-160Q66 -134 40 -132H-70Z', d.down(light(c, 0.6), light(c, 0.25), dark(c, 0.14))) +
  path('M-70 -204Q-92 -200 -94 -168Q-92 -136 -70 -132Z', d.down(light(ink, 0.3), ink)) +
  path('M-10 -134H44L60 -18Q60 0 44 0H8Q-8 0 -8 -16Z', d.across(light(c, 0.5), light(c, 0.2), dark(c, 0.16))) +
  path('M-12 -132Q-30 -112 -14 -96L2 -104Z', a) +
  path('M66 -186L88 -180V-156L66 -150Z', d.down(light(b, 0.2), dark(b, 0.2))) +
  rect(-44, -190, 78, 44, d.down('#d6f0e2', '#a6d8c0'), 7) +
  line('M-30 -178H-16V-160M-6 -178H8V-169H-6V-160H8M22 -162V-160', '#1d4a3b', 5) +
  rect(4, -90, 34, 60, light(c, 0.1), 12, 'opacity=".6"');

export const stacker: Prop = (d, { a, b, c, m }) =>
  rect(-82, -16, 164, 16, d.round(light(m, 0.15)), 8) +
  rect(-6, -196, 12, 184, d.round(m), 6) +
  [a, b, '#f2b53f', '#5cb98b', '#e8795c']
    .map(
      (colour, i) =>
        rect(-78 + i * 11, -46 - i * 30, 156 - i * 22, 31, d.round(colour), 15) +
        rect(-64 + i * 11, -42 - i * 30, 30, 8, '#ffffff', 4, 'opacity=".35"'),
    )
    .join('') +
  oval(0, -190, 22, 22, d.ball(c === '#ffffff' ? a : light(a, 0.15)));

export const bear: Prop = (d, { m, a }) => {
  const fur = mix(m, '#c98d55', 0.6);
  return (
    oval(-58, -22, 36, 24, d.ball(fur)) +
    oval(58, -22, 36, 24, d.ball(fur)) +
    oval(-64, -84, 24, 42, d.ball(fur), 'transform="rotate(28 -64 -84)"') +
    oval(64, -84, 24, 42, d.ball(fur), 'transform="rotate(-28 64 -84)"') +
    oval(0, -62, 58, 62, d.ball(fur)) +
    oval(0, -52, 36, 40, light(fur, 0.38)) +
    oval(-64, -20, 17, 15, light(fur, 0.38)) +
    oval(64, -20, 17, 15, light(fur, 0.38)) +
    oval(-46, -196, 23, 23, d.ball(fur)) +
    oval(46, -196, 23, 23, d.ball(fur)) +
    oval(-46, -196, 12, 12, light(fur, 0.38)) +
    oval(46, -196, 12, 12, light(fur, 0.38)) +
    oval(0, -156, 60, 53, d.ball(fur)) +
    oval(0, -138, 27, 21, light(fur, 0.5)) +
    oval(-22, -166, 6, 7, '#2b1d14') +
    oval(22, -166, 6, 7, '#2b1d14') +
    oval(-24, -168, 2, 2, '#fff') +
    oval(20, -168, 2, 2, '#fff') +
    oval(0, -148, 9, 6, '#2b1d14') +
    line('M0 -142V-134Q-8 -126 -14 -132M0 -134Q8 -126 14 -132', '#2b1d14', 3) +
    path('M-6 -106L-38 -122V-88ZM6 -106L38 -122V-88Z', a) +
    oval(0, -105, 10, 10, dark(a, 0.15))
  );
};

export const stroller: Prop = (d, { a, b, d: ink, m }) =>
  line('M-44 -76L74 -30M62 -76L-58 -30M62 -76L112 -176L88 -190', m, 8) +
  path('M-92 -132Q-88 -212 -4 -214L-2 -132Z', d.across(light(a, 0.2), a, dark(a, 0.1))) +
  line('M-70 -180L-2 -134M-38 -206L-2 -134', dark(a, 0.25), 3) +
  path('M-94 -134H84Q84 -68 20 -62H-26Q-88 -66 -94 -134Z', d.down(b, dark(b, 0.25))) +
  path('M0 -134H84Q82 -108 70 -94Q30 -108 0 -134Z', light(b, 0.3)) +
  times(2, (i) =>
    at(
      i === 0 ? -60 : 76,
      -30,
      1,
      oval(0, 0, 30, 30, ink) +
        oval(0, 0, 21, 21, light(m, 0.45)) +
        oval(0, 0, 7, 7, ink) +
        line('M0 -20V20M-20 0H20M-14 -14L14 14M14 -14L-14 14', dark(m, 0.15), 2),
    ),
  );

export const babyBottle: Prop = (d, { a, b, c }) =>
  at(
    -40,
    0,
    1,
    path('M-20 -196Q-18 -226 0 -228Q18 -226 20 -196Z', d.round(light('#e9b78c', 0.2))) +
      rect(-38, -198, 76, 32, d.round(a), 8) +
      path(
        'M-42 -166H42Q48 -120 40 -92Q48 -60 42 -12Q42 0 28 0H-28Q-42 0 -42 -12Q-48 -60 -40 -92Q-48 -120 -42 -166Z',
        d.across('#c9dce6', '#f5fbff', '#ffffff', '#d3e4ec', '#a9c3d0'),
      ) +
      path(
        'M-42 -96Q0 -88 41 -96Q47 -60 42 -12Q42 0 28 0H-28Q-42 0 -42 -12Q-47 -60 -42 -96Z',
        '#fffdf4',
        'opacity=".95"',
      ) +
      times(5, (i) => line(`M18 ${-34 - i * 22}H34`, mix(a, '#55606a', 0.5), 3)) +
      rect(-34, -150, 9, 130, '#ffffff', 4, 'opacity=".8"'),
  ) +
  at(
    58,
    0,
    0.82,
    oval(0, -58, 58, 58, d.ball(b)) +
      path('M-30 -106Q-46 -150 -18 -146Q-6 -140 -10 -112ZM30 -106Q46 -150 18 -146Q6 -140 10 -112Z', d.ball(b)) +
      oval(-18, -66, 5, 6, '#33302e') +
      oval(18, -66, 5, 6, '#33302e') +
      oval(0, -48, 14, 10, light(b, 0.55)) +
      oval(0, -52, 5, 4, '#33302e') +
      oval(-34, -50, 9, 6, '#f29aa0', 'opacity=".5"') +
      oval(34, -50, 9, 6, '#f29aa0', 'opacity=".5"') +
      rect(-30, -8, 60, 10, c, 5),
  );

export const dumbbells: Prop = (d, { a, d: ink, m }) => {
  const bell = (colour: string): string =>
    rect(-60, -54, 120, 20, d.down(light(m, 0.6), m, dark(m, 0.4)), 8) +
    times(
      2,
      (i) =>
        rect(i === 0 ? -112 : 84, -68, 28, 48, d.down(light(colour, 0.25), dark(colour, 0.25)), 6) +
        rect(i === 0 ? -92 : 42, -88, 50, 88, d.down(light(ink, 0.34), light(ink, 0.1), dark(ink, 0.4)), 10) +
        rect(i === 0 ? -78 : 56, -88, 12, 88, colour, 3, 'opacity=".9"'),
    ) +
    line('M-24 -52V-36M-12 -53V-35M0 -53V-35M12 -53V-35M24 -52V-36', dark(m, 0.35), 2);
  return at(10, -78, 0.86, bell(a), -6) + at(-6, 0, 1, bell(a));
};

export const football: Prop = (d, { a, b, c, d: ink }) =>
  oval(18, -92, 92, 92, d.radial('#ffffff', '#f4f5f7', '#c9ced6', '#8d949f')) +
  path('M18 -124L48 -102L37 -66H-1L-12 -102Z', ink) +
  line('M18 -124V-160M48 -102L84 -114M37 -66L60 -34M-1 -66L-24 -34M-12 -102L-48 -114', dark(c, 0.5), 4) +
  path(
    'M-6 -178Q18 -188 42 -178L36 -160H0ZM102 -128Q112 -106 108 -80L84 -90V-114ZM68 -16L44 -4L36 -20L60 -34ZM-32 -16L-8 -4L0 -20L-24 -34ZM-66 -128Q-76 -106 -72 -80L-48 -90V-114Z',
    ink,
  ) +
  oval(-14, -138, 30, 18, '#ffffff', 'opacity=".5" transform="rotate(-30 -14 -138)"') +
  rect(-112, -214, 44, 214, d.round(a), 14) +
  line('M-104 -200V-14', light(a, 0.4), 3) +
  oval(-90, -208, 20, 7, d.radial(dark(b, 0.1), a, dark(a, 0.2)));

export const tent: Prop = (d, { a, b, d: ink }) =>
  line('M-128 0L-92 -46M128 0L92 -46', '#c9c2b0', 3) +
  path('M0 -186L-118 0H118Z', d.across(light(a, 0.18), a, dark(a, 0.14))) +
  path('M0 -186L-118 0H-60Z', light(a, 0.3), 'opacity=".5"') +
  path('M0 -186L28 0H118Z', dark(a, 0.22)) +
  path('M-4 -150L-46 0H36Z', d.down(dark(ink, 0.2), mix(ink, '#ffcf7a', 0.55))) +
  path('M-4 -150L-46 0H-60Q-30 -50 -4 -150Z', b) +
  path('M-4 -150L36 0H46Q26 -60 -4 -150Z', dark(b, 0.12)) +
  line('M0 -186V-204', dark(a, 0.3), 6) +
  path('M2 -204L34 -196L2 -186Z', b) +
  line('M-118 0H118', dark(a, 0.4), 5);

export const lantern: Prop = (d, { a, b, d: ink, m }) =>
  oval(0, -104, 120, 116, d.radial(['#ffdf93', 0.7], ['#ffdf93', 0.16], ['#ffdf93', 0])) +
  line('M-44 -164C-50 -236 50 -236 44 -164', m, 7) +
  path('M-34 -176H34L52 -150H-52Z', d.round(a)) +
  rect(-12, -194, 24, 20, d.round(ink), 5) +
  rect(-46, -150, 92, 94, d.across('#f9d98a', '#fff8dc', '#fffdf0', '#fde7ae', '#dcae58'), 8) +
  line('M-42 -150V-56M42 -150V-56M-16 -150V-56M16 -150V-56', ink, 5) +
  path('M0 -128C18 -104 16 -80 0 -76C-16 -80 -18 -104 0 -128Z', '#ff9f3d') +
  path('M0 -108C8 -94 7 -82 0 -79C-7 -82 -8 -94 0 -108Z', '#fff3b8') +
  path('M-56 -58H56L66 -14Q66 0 52 0H-52Q-66 0 -66 -14Z', d.round(a)) +
  oval(0, -28, 11, 11, d.ball(b));

export const wateringCan: Prop = (d, { a, m }) =>
  line('M44 -126C120 -146 118 -30 56 -30', d.down(light(a, 0.2), dark(a, 0.2)), 13) +
  line('M44 -126C120 -146 118 -30 56 -30', a, 11) +
  path('M-62 -44L-128 -138L-112 -148L-48 -88Z', d.down(light(a, 0.25), dark(a, 0.1))) +
  path('M-144 -128L-108 -160L-100 -146L-132 -118Z', d.down(light(m, 0.3), dark(m, 0.2))) +
  path('M-62 -132H58L68 -12Q68 0 54 0H-58Q-72 0 -72 -12Z', d.round(a)) +
  oval(-2, -132, 60, 12, dark(a, 0.42)) +
  line('M-62 -132Q-2 -114 58 -132', light(a, 0.4), 4) +
  rect(-56, -104, 12, 86, '#ffffff', 6, 'opacity=".3"') +
  line('M-70 -20Q0 -8 68 -20', dark(a, 0.3), 4) +
  line('M-60 -128C-50 -190 40 -190 54 -128', dark(a, 0.12), 9);

export const plantPot: Prop = (d, { b, a }) => {
  const leaf = (turn: number, s: number, colour: string): string =>
    at(
      0,
      -84,
      s,
      path('M0 0C30 -40 26 -106 0 -136C-26 -106 -30 -40 0 0Z', colour) + line('M0 -4V-122', dark(colour, 0.2), 3),
      turn,
    );
  return (
    leaf(-62, 0.8, '#3f7a4c') +
    leaf(60, 0.82, '#4a8a55') +
    leaf(-34, 1, '#569a5f') +
    leaf(34, 1, '#3f7a4c') +
    leaf(-8, 1.12, '#67ab6a') +
    leaf(12, 0.98, '#4a8a55') +
    oval(30, -176, 17, 17, d.ball(a)) +
    oval(30, -176, 6, 6, '#ffe9a8') +
    oval(-42, -166, 14, 14, d.ball(a)) +
    oval(-42, -166, 5, 5, '#ffe9a8') +
    path('M-66 -92H66L50 -8Q48 0 38 0H-38Q-48 0 -50 -8Z', d.round(b)) +
    rect(-74, -102, 148, 24, d.round(light(b, 0.12)), 6) +
    rect(-48, -70, 8, 52, '#ffffff', 4, 'opacity=".3"')
  );
};

export const petBowl: Prop = (d, { a, c }) =>
  path('M-66 -60Q-40 -104 0 -84Q44 -108 70 -60Z', '#9a6233') +
  times(9, (i) => oval(-50 + i * 13, -70 - (i % 3) * 8, 10, 8, d.ball(i % 2 === 0 ? '#b97a43' : '#8d5a2e'))) +
  path('M-82 -62H82L112 -10Q112 0 98 0H-98Q-112 0 -112 -10Z', d.round(a)) +
  oval(0, -62, 82, 13, dark(a, 0.3)) +
  path('M-74 -64Q0 -50 74 -64Q60 -76 0 -76T-74 -64Z', '#8d5a2e') +
  times(7, (i) => oval(-48 + i * 16, -68 - (i % 2) * 5, 10, 7, d.ball('#b0713b'))) +
  at(
    0,
    -28,
    0.9,
    path('M-26 -8Q-44 -24 -50 -8Q-62 2 -48 10Q-40 24 -26 8H26Q40 24 48 10Q62 2 50 -8Q44 -24 26 -8Z', light(c, 0.4)),
  );

export const petBed: Prop = (d, { a, c }) =>
  oval(0, -56, 122, 54, d.ball(a)) +
  oval(0, -66, 92, 34, dark(a, 0.35)) +
  oval(0, -60, 88, 30, light(c, 0.3)) +
  path('M-70 -70C-74 -128 -8 -142 26 -116C70 -122 86 -84 66 -62Q0 -40 -70 -70Z', d.ball('#d99a5b')) +
  oval(-34, -92, 36, 30, d.ball('#e3a868')) +
  path('M-62 -108L-66 -138L-42 -120ZM-24 -120L-6 -136L-6 -108Z', '#c98545') +
  line(
    'M-52 -92Q-46 -86 -40 -92M-28 -92Q-22 -86 -16 -92M-34 -82Q-38 -76 -42 -79M-34 -82Q-30 -76 -26 -79',
    '#3d2817',
    3,
  ) +
  path('M-120 -62Q-116 -4 0 0T120 -62Q110 -26 0 -24T-120 -62Z', d.across(light(a, 0.15), a, dark(a, 0.2))) +
  line('M-92 -36Q0 4 92 -36', light(a, 0.4), 3, 'stroke-dasharray="8 7"');
