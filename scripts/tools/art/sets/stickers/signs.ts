import { line, oval, path, rect, times } from '../drawing.js';
import { badge, type Sticker, W, white } from './sticker.js';

/** Signs of trade and of many categories. */
export const SIGNS: Readonly<Record<string, Sticker>> = {
  balloon: (d) =>
    line('M65 92Q58 108 68 122', '#8a8f98', 3) +
    path('M65 10C98 10 108 36 102 58C96 80 78 92 65 94C52 92 34 80 28 58C22 36 32 10 65 10Z', d.ball('#ef5b5b'), W) +
    path('M58 94H72L65 86Z', '#c93e45') +
    path('M44 34Q48 22 60 20Q50 32 48 46Z', '#ffffff', 'opacity=".6"'),
  bolt: (d) => path('M74 8L26 74H58L48 122L104 50H70Z', d.down('#ffd95c', '#ff9f2e'), W),
  box: (d) =>
    path('M65 18L116 40V94L65 118L14 94V40Z', d.across('#e2b57c', '#c48e52'), W) +
    path('M14 40L65 62L116 40L65 18Z', '#edcb98') +
    line('M65 62V116M40 29L91 51', '#9a6a35', 5),
  bulb: (d) =>
    path('M65 10C98 10 110 34 104 56C99 74 86 78 85 92H45C44 78 31 74 26 56C20 34 32 10 65 10Z', d.ball('#ffd35a'), W) +
    rect(46, 94, 38, 9, '#8d97a1', 4) +
    rect(50, 105, 30, 9, '#6d7782', 4) +
    line('M54 90V66L65 74L76 66V90', '#d78b1c', 4),
  check: (d) => badge(d, '#2fa36b', white('M40 66L58 84L92 46', 13)),
  clip: (d) =>
    badge(d, '#3a6fd0', white('M82 52V84Q82 98 66 98T50 84V46Q50 34 61 34T72 46V80Q72 86 66 86T60 80V52', 7)),
  clock: (d) => badge(d, '#5b6ee0', oval(65, 65, 36, 36, '#ffffff') + line('M65 42V65L80 76', '#38406e', 7)),
  compass: (d) =>
    badge(
      d,
      '#35806c',
      oval(65, 65, 36, 36, '#fdf6e6') +
        path('M82 44L72 72L48 86L58 58Z', '#d9533d') +
        path('M72 72L48 86L58 58Z', '#45525a'),
    ),
  cup: (d) =>
    line('M50 40Q42 28 52 16M74 40Q66 26 78 14', '#c9b59c', 6) +
    line('M98 62Q120 60 116 80Q112 94 92 92', '#ffffff', 16) +
    line('M98 62Q120 60 116 80Q112 94 92 92', '#c8633f', 9) +
    path('M22 48H104Q104 104 78 112H48Q22 104 22 48Z', d.round('#d9714a'), W) +
    oval(63, 50, 38, 7, '#6a3a1e'),
  diamond: (d) =>
    path('M34 24H96L120 54L65 116L10 54Z', d.down('#bfeaf8', '#4fa8d8'), W) +
    path('M34 24L46 54L65 24L84 54L96 24', '#e9faff', 'opacity=".8"') +
    line('M10 54H120M46 54L65 116L84 54', '#3d8fbd', 3),
  flower: (d) =>
    times(6, (i) =>
      oval(
        65,
        34,
        18,
        26,
        d.down('#ffb6c8', '#f0708f'),
        `transform="rotate(${i * 60} 65 65)" stroke="#ffffff" stroke-width="5"`,
      ),
    ) + oval(65, 65, 17, 17, d.ball('#ffcf4a')),
  gear: (d) =>
    times(8, (i) =>
      rect(55, 6, 20, 26, '#8190a0', 5, `transform="rotate(${i * 45} 65 65)" stroke="#ffffff" stroke-width="5"`),
    ) +
    oval(65, 65, 43, 43, d.down('#a9b6c2', '#6d7b89')) +
    oval(65, 65, 18, 18, '#ffffff'),
  gift: (d) =>
    rect(20, 56, 90, 60, d.across('#f06a6a', '#d23c4a'), 6, W) +
    rect(14, 40, 102, 24, d.down('#ff8a80', '#e0505a'), 6, W) +
    rect(56, 40, 18, 76, '#ffd25e') +
    path('M65 40C36 8 18 34 65 40C112 34 94 8 65 40Z', '#ffd25e', 'stroke="#ffffff" stroke-width="5"'),
  globe: (d) =>
    badge(
      d,
      '#2f7fd0',
      oval(65, 65, 36, 36, 'none', 'stroke="#ffffff" stroke-width="6"') +
        white('M29 65H101M65 29V101M65 29Q36 65 65 101M65 29Q94 65 65 101', 5),
    ),
  heart: (d) =>
    path('M65 114C-6 64 18 8 65 38C112 8 136 64 65 114Z', d.ball('#ee4f6b'), W) +
    path('M34 48Q38 36 50 38Q40 46 40 60Z', '#ffffff', 'opacity=".6"'),
  leaf: (d) =>
    path('M18 112C4 52 40 14 116 14C118 84 82 118 30 104Z', d.down('#8fcf7f', '#3f9356'), W) +
    line('M24 112Q54 64 92 38M50 80L54 52M66 66L92 66', '#2c6b3e', 5),
  medal: (d) =>
    path('M34 8H56L72 46L50 56ZM96 8H74L58 46L80 56Z', '#3a6fd0', 'stroke="#ffffff" stroke-width="4"') +
    oval(65, 80, 38, 38, d.ball('#f5bd3c'), W) +
    path('M65 58L72 73L88 75L76 86L79 102L65 94L51 102L54 86L42 75L58 73Z', '#fff1bf'),
  moon: (d) =>
    path('M84 14A54 54 0 1 0 116 84A44 44 0 0 1 84 14Z', d.ball('#ffd873'), W) +
    path('M100 30l4 10l10 4l-10 4l-4 10l-4 -10l-10 -4l10 -4z', '#ffffff'),
  paw: (d) =>
    path(
      'M65 62C92 62 106 88 96 106C88 118 76 110 65 110S42 118 34 106C24 88 38 62 65 62Z',
      d.down('#e29a62', '#b86a35'),
      W,
    ) +
    [
      [26, 58],
      [50, 32],
      [80, 32],
      [104, 58],
    ]
      .map(([x, y]) => oval(x!, y!, 14, 18, '#d08348', 'stroke="#ffffff" stroke-width="6"'))
      .join(''),
  ribbon: (d) =>
    path(
      'M42 74L28 122L50 110L62 124L68 80ZM88 74L102 122L80 110L68 124L62 80Z',
      '#c42b3a',
      'stroke="#ffffff" stroke-width="4"',
    ) +
    times(12, (i) => oval(65, 14, 12, 12, '#e2404c', `transform="rotate(${i * 30} 65 54)"`)) +
    oval(65, 54, 42, 42, d.ball('#ea5a5f')) +
    oval(65, 54, 28, 28, '#fff3d6') +
    path('M65 36L71 48L84 50L74 60L77 73L65 66L53 73L56 60L46 50L59 48Z', '#e0a83a'),
  shield: (d) =>
    path('M65 10L110 26V62Q108 100 65 120Q22 100 20 62V26Z', d.across('#4fb3a6', '#22796f'), W) +
    white('M44 64L60 80L88 46', 12),
  sound: (d) =>
    badge(
      d,
      '#7a55d8',
      path('M36 54H52L70 38V92L52 76H36Z', '#ffffff') + white('M80 52Q90 65 80 78M90 42Q108 65 90 88', 7),
    ),
  star: (d) =>
    path('M65 10L82 46L120 52L92 79L99 118L65 99L31 118L38 79L10 52L48 46Z', d.down('#ffdf6b', '#ffab2e'), W),
  steam: (d) =>
    badge(
      d,
      '#e07a3f',
      path('M36 68H94Q92 98 74 98H56Q38 98 36 68Z', '#ffffff') +
        white('M50 56Q44 46 52 36M66 56Q60 46 68 34M82 56Q76 46 84 36', 6),
    ),
  sun: (d) =>
    times(12, (i) => path('M59 4H71L68 24H62Z', '#ffb938', `transform="rotate(${i * 30} 65 65)"`)) +
    oval(65, 65, 36, 36, d.ball('#ffc93f'), W),
  tag: (d) =>
    path(
      'M14 60L60 14H112Q118 14 118 20V70L70 116Q64 122 58 116L14 72Q8 66 14 60Z',
      d.across('#f0855f', '#d6553a'),
      W,
    ) +
    oval(94, 38, 11, 11, '#ffffff') +
    white('M42 66L66 90M56 52L80 76', 7),
  wrench: (d) =>
    badge(
      d,
      '#d9812a',
      path(
        'M86 34A20 20 0 0 0 62 58L36 84Q32 92 38 96Q44 100 50 94L74 70A20 20 0 0 0 98 46L86 56L76 54L74 44Z',
        '#ffffff',
      ),
    ),
};
