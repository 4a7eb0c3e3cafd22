import { line, oval, path, rect, times } from '../drawing.js';
import { badge, type Sticker, W, white } from './sticker.js';

/** Goods, seasons and places. */
export const GOODS: Readonly<Record<string, Sticker>> = {
  anchor: (d) =>
    badge(
      d,
      '#2b5f8f',
      oval(65, 38, 8, 8, 'none', 'stroke="#ffffff" stroke-width="6"') +
        white('M65 46V96M48 58H82M34 72Q38 96 65 98Q92 96 96 72', 8),
    ),
  apple: (d) =>
    path(
      'M65 40C46 24 18 34 20 68C22 98 44 122 65 112C86 122 108 98 110 68C112 34 84 24 65 40Z',
      d.ball('#e2504c'),
      W,
    ) +
    line('M65 40Q64 24 74 14', '#7a4a2a', 6) +
    path('M70 30Q82 10 102 18Q92 36 70 30Z', '#5aa45c') +
    path('M36 58Q38 46 50 44Q42 54 42 68Z', '#ffffff', 'opacity=".6"'),
  bell: (d) =>
    path(
      'M65 14C92 14 98 38 98 58C98 78 104 86 112 94H18C26 86 32 78 32 58C32 38 38 14 65 14Z',
      d.round('#f3b73a'),
      W,
    ) +
    path('M50 100A15 15 0 0 0 80 100Z', '#c98518') +
    path('M46 36Q50 26 60 24Q52 38 52 56Z', '#ffffff', 'opacity=".6"'),
  book: (d) =>
    path('M12 30Q40 18 65 34Q90 18 118 30V104Q90 92 65 108Q40 92 12 104Z', '#fdf8ec', W) +
    path('M12 30Q40 18 65 34V108Q40 92 12 104Z', d.across('#fffdf6', '#e6dcc6')) +
    line('M65 34V108', '#b79b6c', 4) +
    line(
      'M26 48Q42 42 54 50M26 64Q42 58 54 66M26 80Q42 74 54 82M104 48Q88 42 76 50M104 64Q88 58 76 66M104 80Q88 74 76 82',
      '#c9b48a',
      4,
    ),
  brush: (d) =>
    path('M104 10L120 26L70 80L52 62Z', d.across('#c98f55', '#8f5c2c'), W) +
    path('M52 62L70 80L62 90L42 70Z', '#b9c2cb') +
    path('M42 70L62 90Q54 122 12 120Q28 106 26 90Q28 74 42 70Z', d.down('#e65b7e', '#b93a63'), W),
  butterfly: (d) =>
    path('M62 60C40 10 6 16 12 48C16 66 40 70 62 64Z', d.down('#8fb7f2', '#4f78d0'), W) +
    path('M68 60C90 10 124 16 118 48C114 66 90 70 68 64Z', d.down('#8fb7f2', '#4f78d0'), W) +
    path('M62 66C34 66 24 90 38 106C52 114 62 92 64 72Z', d.down('#f2b0d8', '#c868a8'), W) +
    path('M68 66C96 66 106 90 92 106C78 114 68 92 66 72Z', d.down('#f2b0d8', '#c868a8'), W) +
    path('M65 46Q72 72 65 102Q58 72 65 46Z', '#4a3a5a') +
    line('M64 48Q58 34 50 30M66 48Q72 34 80 30', '#4a3a5a', 4),
  cake: (d) =>
    rect(16, 66, 98, 48, d.across('#f7d9b0', '#e2b27a'), 8, W) +
    path(
      'M16 66Q16 54 30 54H100Q114 54 114 66V80Q104 92 94 80Q84 92 74 80Q65 92 56 80Q46 92 36 80Q26 92 16 80Z',
      '#f590ae',
    ) +
    rect(61, 26, 8, 28, '#6fb6e0', 2) +
    path('M65 6Q75 18 65 26Q55 18 65 6Z', '#ffb938'),
  camera: (d) =>
    path('M44 34L52 20H80L88 34Z', '#3d4652', W) +
    rect(12, 32, 106, 78, d.down('#5a6572', '#343c47'), 14, W) +
    oval(65, 72, 30, 30, '#e8edf2') +
    oval(65, 72, 23, 23, d.ball('#3b6f9f')) +
    oval(57, 63, 6, 6, '#ffffff', 'opacity=".8"') +
    oval(100, 48, 6, 6, '#ffcf4a'),
  candle: (d) =>
    d.soft(65, 34, 34, 34, '#ffd98a', 0.8) +
    rect(42, 58, 46, 60, d.round('#f4e3c4'), 8, W) +
    line('M65 58V46', '#6a4a2a', 4) +
    path('M65 6Q84 28 65 46Q46 28 65 6Z', d.down('#ffe9a0', '#ff9a3a')),
  car: (d) =>
    path(
      'M10 84V66Q12 56 26 54L40 32Q44 26 54 26H84Q92 26 98 34L110 54Q120 58 120 68V84Q120 92 112 92H18Q10 92 10 84Z',
      d.down('#ef6a55', '#c83f38'),
      W,
    ) +
    path('M38 54L48 38Q50 35 56 35H62V54ZM70 54V35H82Q88 35 91 39L100 54Z', '#d8ecf8') +
    oval(36, 92, 16, 16, '#2b3038', 'stroke="#ffffff" stroke-width="5"') +
    oval(94, 92, 16, 16, '#2b3038', 'stroke="#ffffff" stroke-width="5"') +
    oval(36, 92, 6, 6, '#c9d0d6') +
    oval(94, 92, 6, 6, '#c9d0d6'),
  chat: (d) =>
    path(
      'M20 18H110Q120 18 120 30V78Q120 90 110 90H66L38 116V90H20Q10 90 10 78V30Q10 18 20 18Z',
      d.down('#63b6f0', '#2f7fd0'),
      W,
    ) +
    oval(40, 54, 8, 8, '#ffffff') +
    oval(65, 54, 8, 8, '#ffffff') +
    oval(90, 54, 8, 8, '#ffffff'),
  crown: (d) =>
    path('M14 40L40 64L65 22L90 64L116 40L106 100H24Z', d.down('#ffd964', '#e9a02c'), W) +
    rect(24, 98, 82, 14, '#c97f1e', 4) +
    oval(65, 78, 8, 8, '#d8434f') +
    oval(42, 82, 6, 6, '#4f8fd0') +
    oval(88, 82, 6, 6, '#4f8fd0'),
  drop: (d) =>
    path('M65 8C92 46 106 62 106 82A41 41 0 0 1 24 82C24 62 38 46 65 8Z', d.ball('#4fa9e4'), W) +
    path('M40 80Q40 62 54 46Q50 70 54 92Q42 92 40 80Z', '#ffffff', 'opacity=".6"'),
  flame: (d) =>
    path(
      'M68 8C72 34 106 46 106 82A41 41 0 0 1 24 84C24 62 40 54 42 34C54 42 58 50 58 60C68 48 72 30 68 8Z',
      d.down('#ffb03a', '#e8442e'),
      W,
    ) +
    path(
      'M66 62C70 76 86 80 86 96A21 21 0 0 1 44 96C44 84 54 80 56 70C62 74 64 78 64 82C68 76 68 70 66 62Z',
      '#ffe28a',
    ),
  house: (d) =>
    path('M65 12L120 62H106V114H24V62H10Z', d.down('#fbe8cf', '#efcfa4'), W) +
    path('M65 12L120 62H98L65 34L32 62H10Z', '#cf5a44') +
    rect(54, 78, 24, 36, '#8a5a34', 3) +
    rect(32, 70, 16, 16, '#8fc4e2', 2) +
    rect(84, 70, 16, 16, '#8fc4e2', 2),
  key: (d) =>
    path(
      'M42 22A30 30 0 1 1 40 82A30 30 0 0 1 42 22ZM42 40A12 12 0 1 0 42 64A12 12 0 0 0 42 40Z',
      d.down('#ffd76a', '#d9962a'),
      'stroke="#ffffff" stroke-width="6" fill-rule="evenodd"',
    ) + path('M68 46H120V60H110V76H98V60H90V70H78V60H68Z', d.down('#f7c956', '#d9962a'), W),
  lantern: (d) =>
    line('M65 4V20', '#b8862a', 5) +
    rect(46, 18, 38, 10, '#d9a43a', 3) +
    path('M38 28H92Q118 60 92 92H38Q12 60 38 28Z', d.round('#dc3a3f'), W) +
    line('M52 28Q38 60 52 92M65 28V92M78 28Q92 60 78 92', '#f2c45a', 3) +
    rect(46, 90, 38, 10, '#d9a43a', 3) +
    line('M56 102V120M65 102V124M74 102V120', '#e8b84a', 4),
  magnifier: () =>
    line('M82 82L114 114', '#ffffff', 24) +
    line('M82 82L112 112', '#8a5a34', 14) +
    oval(54, 54, 40, 40, '#d8ecf8', W) +
    oval(54, 54, 38, 38, 'none', 'stroke="#4a5a6a" stroke-width="8"') +
    path('M32 50Q34 34 50 30Q42 42 40 58Z', '#ffffff', 'opacity=".8"'),
  mountain: (d) =>
    path('M8 108L50 34L70 66L84 46L122 108Z', d.down('#8fa9c2', '#4d6a86'), W) +
    path('M50 34L64 56L54 62L48 54L38 60Z', '#ffffff') +
    path('M84 46L94 62L86 66L80 60L76 58Z', '#ffffff') +
    oval(98, 28, 13, 13, '#ffcf5a'),
  note: (d) =>
    badge(
      d,
      '#d0568f',
      line('M54 88V44L90 36V80', '#ffffff', 8) + oval(45, 88, 12, 9, '#ffffff') + oval(81, 80, 12, 9, '#ffffff'),
    ),
  plane: (d) =>
    badge(
      d,
      '#3f8fd6',
      path('M26 70L102 34L84 98L66 80L52 92L54 74Z', '#ffffff') + line('M54 74L102 34L66 80', '#9cc4e8', 4),
    ),
  scissors: () =>
    path(
      'M52 66L98 10Q108 22 100 34L62 74ZM78 66L32 10Q22 22 30 34L68 74Z',
      '#b3bdc7',
      'stroke="#ffffff" stroke-width="6" stroke-linejoin="round"',
    ) +
    line('M44 84L65 60L86 84', '#ffffff', 18) +
    line('M44 84L66 58M86 84L64 58', '#9aa5b0', 8) +
    oval(40, 96, 16, 18, 'none', 'stroke="#ffffff" stroke-width="17"') +
    oval(90, 96, 16, 18, 'none', 'stroke="#ffffff" stroke-width="17"') +
    oval(40, 96, 16, 18, 'none', 'stroke="#e0574a" stroke-width="10"') +
    oval(90, 96, 16, 18, 'none', 'stroke="#e0574a" stroke-width="10"') +
    oval(65, 66, 5, 5, '#5d6873'),
  ship: (d) =>
    rect(40, 34, 24, 26, '#e0a03a', 2, W) +
    rect(64, 42, 24, 18, '#4f9a6a', 2, W) +
    rect(88, 48, 16, 12, '#d8574a', 2, 'stroke="#ffffff" stroke-width="5"') +
    path('M10 62H120L104 98H28Q16 86 10 62Z', d.down('#3f6f9f', '#27486a'), W) +
    line('M8 110Q22 100 36 110T64 110T92 110T122 110', '#5fb4e0', 7),
  shirt: (d) =>
    path('M46 14Q65 30 84 14L118 34L104 60L94 54V116H36V54L26 60L12 34Z', d.across('#5f9bd8', '#3a6fb0'), W) +
    line('M52 18Q65 30 78 18', '#ffffff', 5),
  snowflake: (d) =>
    badge(
      d,
      '#4fa6d8',
      times(6, (i) => `<g transform="rotate(${i * 60} 65 65)">${white('M65 65V28M54 38L65 48L76 38', 6)}</g>`),
    ),
  tree: (d) =>
    rect(57, 98, 16, 24, '#8a5a34', 3, 'stroke="#ffffff" stroke-width="5"') +
    path('M65 6L92 44H80L104 78H88L112 104H18L42 78H26L50 44H38Z', d.down('#5fb06a', '#2f7a4a'), W) +
    times(5, (i) =>
      oval(
        [60, 74, 50, 82, 64][i]!,
        [44, 66, 74, 94, 92][i]!,
        5,
        5,
        ['#ffd35a', '#ef5b5b', '#ffd35a', '#ef5b5b', '#7fc4f0'][i]!,
      ),
    ),
  umbrella: (d) =>
    line('M65 58V104Q65 118 52 118Q42 118 42 108', '#ffffff', 15) +
    line('M65 58V104Q65 118 52 118Q42 118 42 108', '#6a5a4a', 8) +
    path('M10 68Q12 16 65 12Q118 16 120 68Q106 54 92 68Q79 54 65 68Q51 54 38 68Q24 54 10 68Z', d.round('#8a5fd0'), W) +
    path('M65 12Q50 34 51 62Q58 58 65 68Q72 58 79 62Q80 34 65 12Z', '#a98ae4'),
  watch: (d) =>
    path('M46 8H84L88 34H42ZM42 96H88L84 122H46Z', d.across('#5a4636', '#3d2f24'), W) +
    oval(65, 65, 38, 38, d.down('#e9edf1', '#aeb8c2'), W) +
    oval(65, 65, 28, 28, '#fdfdf8') +
    line('M65 46V65L78 72', '#333c46', 6),
};
