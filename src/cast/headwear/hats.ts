import type { Tone } from '../draw/colours.js';
import {
  both,
  clothForm,
  clothLight,
  clothShade,
  dot,
  edged,
  fill,
  gradientAlong,
  line,
  n,
  softLine,
} from '../draw/light.js';
import type { FaceShape } from '../person.js';

/** Something worn on the head. */
export interface Headwear {
  readonly back: string;
  readonly front: string;
  /** Outline whose shadow falls on the face. */
  readonly cast: string;
  /** Hair that shows with it: all, only hair below the ears and behind, or none. */
  readonly hair: 'all' | 'back' | 'none';
  readonly ears: boolean;
}

export type HeadwearMaker = (face: FaceShape, cloth: Tone, accent: Tone) => Headwear;

const defs = (c: Tone): string =>
  `<defs>${gradientAlong(
    'cloth',
    [400, 90],
    [610, 300],
    [
      [0, c.light],
      [0.34, c.base],
      [0.7, c.base],
      [1, c.shade],
    ],
  )}</defs>`;

/** A Sikh dastar: layers that rise to a peak above the forehead. */
export const dastar: HeadwearMaker = (face, c) => {
  const t = face.temple;
  const d = `M ${n(500 - t - 6)} 296 C ${n(500 - t - 44)} 230 ${n(500 - t - 44)} 136 424 92 C 462 68 538 68 576 92 C ${n(500 + t + 44)} 130 ${n(500 + t + 44)} 230 ${n(500 + t + 6)} 296 C ${n(500 + t - 4)} 262 560 236 500 196 C 440 236 ${n(500 - t + 4)} 262 ${n(500 - t - 6)} 296 Z`;
  let layers = '';
  for (let i = 0; i < 6; i += 1) {
    const u = i / 6;
    layers += `M ${n(500 - t - 14 - 22 * u)} ${n(272 - 110 * u)} Q ${n(500 - 50)} ${n(208 - 84 * u)} ${n(512 + 10 * u)} ${n(182 - 96 * u)} `;
    layers += `M ${n(500 + t + 14 + 22 * u)} ${n(272 - 110 * u)} Q ${n(500 + 56)} ${n(206 - 80 * u)} ${n(492 - 8 * u)} ${n(190 - 90 * u)} `;
  }
  return {
    back: '',
    front:
      defs(c) +
      `<path d="M 448 250 Q 500 186 552 250 L 500 186 Z" fill="${c.deep}"/>${clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 })}` +
      line(layers, c.deep, 3, 0.5) +
      line(layers, c.light, 2, 0.3),
    cast: d,
    hair: 'none',
    ears: true,
  };
};

/** A ghutra held by an agal, its ends over the shoulders. */
export const ghutra: HeadwearMaker = (face, c, accent) => {
  const t = face.temple;
  const side = `M 500 116 C 430 112 ${n(500 - t - 24)} 150 ${n(500 - t - 34)} 240 C ${n(500 - t - 44)} 360 ${n(500 - t - 60)} 480 ${n(500 - t - 78)} 640 L ${n(500 - t + 6)} 690 C ${n(500 - t + 26)} 560 ${n(500 - t - 2)} 460 ${n(500 - t - 4)} 352 C ${n(500 - t + 2)} 262 ${n(500 - 74)} 206 500 202 Z`;
  const pattern =
    accent.base === c.base
      ? ''
      : [0, 1, 2, 3, 4, 5, 6]
          .map((i) => `M ${n(500 - t - 36 - i * 5)} ${300 + i * 50} L ${n(500 - t + 2 + i * 1.5)} ${312 + i * 50}`)
          .join(' ');
  return {
    back: '',
    front:
      defs(c) +
      both(
        clothForm(side, c.base, { paint: 'url(#cloth)', size: 13 }) +
          line(pattern, accent.base, 6, 0.7) +
          softLine(
            `M ${n(500 - t - 18)} 260 C ${n(500 - t - 24)} 400 ${n(500 - t - 30)} 520 ${n(500 - t - 36)} 660 M ${n(500 - t - 30)} 420 C ${n(500 - t - 44)} 520 ${n(500 - t - 56)} 600 ${n(500 - t - 58)} 646`,
            clothShade(c.base),
            4.5,
            2.4,
            0.58,
          ),
      ) +
      edged(
        `M ${n(500 - t - 26)} 196 C 440 150 560 150 ${n(500 + t + 26)} 196 L ${n(500 + t + 24)} 178 C 560 134 440 134 ${n(500 - t - 24)} 178 Z`,
        '#1d1b1f',
        '#0d0c0f',
        1.6,
      ) +
      edged(
        `M ${n(500 - t - 24)} 172 C 440 130 560 130 ${n(500 + t + 24)} 172 L ${n(500 + t + 20)} 156 C 560 116 440 116 ${n(500 - t - 20)} 156 Z`,
        '#2a272d',
        '#0d0c0f',
        1.6,
      ),
    cast: `M ${n(500 - t - 10)} 340 L ${n(500 - t - 10)} 150 L ${n(500 + t + 10)} 150 L ${n(500 + t + 10)} 340 L ${n(500 + t - 2)} 340 C ${n(500 + t - 4)} 262 574 206 500 202 C 426 206 ${n(500 - t + 4)} 262 ${n(500 - t + 2)} 340 Z`,
    hair: 'none',
    ears: false,
  };
};

const round =
  (height: number, brow: number): HeadwearMaker =>
  (face, c, accent) => {
    const t = face.temple + 5;
    const d = `M ${n(500 - t)} ${brow + 34} L ${n(500 - t + 8)} ${brow - height + 26} Q ${n(500 - t + 14)} ${brow - height} 500 ${brow - height - 8} Q ${n(500 + t - 14)} ${brow - height} ${n(500 + t - 8)} ${brow - height + 26} L ${n(500 + t)} ${brow + 34} Q 500 ${brow - 16} ${n(500 - t)} ${brow + 34} Z`;
    let trim = '';
    for (let i = 0; i < 11; i += 1) {
      const u = (i - 5) / 5;
      const [x, y] = [500 + u * (t - 14), brow - 4 + 26 * u * u - height * 0.24];
      trim += fill(
        `M ${n(x)} ${n(y - 12)} L ${n(x + 7)} ${n(y)} L ${n(x)} ${n(y + 12)} L ${n(x - 7)} ${n(y)} Z`,
        accent.base,
        0.9,
      );
    }
    return {
      back: '',
      front:
        defs(c) +
        clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 }) +
        (accent.base === c.base ? '' : trim) +
        line(`M ${n(500 - t)} ${brow + 32} Q 500 ${brow - 18} ${n(500 + t)} ${brow + 32}`, c.deep, 4, 0.5),
      cast: d,
      hair: 'all',
      ears: true,
    };
  };
/** An embroidered round cap: kufi, doppa. */
export const kufi = round(62, 206);
/** A songkok or peci: taller, of plain velvet. */
export const songkok = round(86, 206);

export const toque: HeadwearMaker = (face, c) => {
  const t = face.temple + 4;
  const puff = `M ${n(500 - t + 6)} 176 C ${n(500 - t - 60)} 150 ${n(500 - t - 40)} 40 440 56 C 460 6 560 6 572 50 C ${n(500 + t + 46)} 36 ${n(500 + t + 56)} 150 ${n(500 + t - 6)} 176 Z`;
  const band = `M ${n(500 - t)} 236 L ${n(500 - t + 4)} 160 Q 500 134 ${n(500 + t - 4)} 160 L ${n(500 + t)} 236 Q 500 188 ${n(500 - t)} 236 Z`;
  return {
    back: '',
    front:
      defs(c) +
      clothForm(puff, c.base, { paint: 'url(#cloth)', size: 13 }) +
      softLine(
        'M 430 150 C 420 110 430 80 446 62 M 486 148 C 480 100 490 60 500 40 M 545 148 C 552 100 560 70 570 56',
        clothShade(c.base),
        5,
        2.4,
        0.5,
      ) +
      `<path d="${band}" fill="${c.base}" stroke="${c.deep}" stroke-width="2"/>` +
      line([0, 1, 2, 3, 4, 5, 6].map((i) => `M ${n(430 + i * 24)} 156 v 46`).join(' '), c.shade, 2, 0.6),
    cast: band,
    hair: 'all',
    ears: true,
  };
};

export const beret: HeadwearMaker = (face, c) => {
  const t = face.temple;
  const d = `M ${n(500 - t + 2)} 234 C ${n(500 - t - 30)} 190 420 96 520 100 C 620 96 ${n(500 + t + 56)} 150 ${n(500 + t + 40)} 216 C ${n(500 + t + 30)} 246 ${n(500 + t - 10)} 236 ${n(500 + t - 6)} 226 C 560 192 440 200 ${n(500 - t + 2)} 234 Z`;
  return {
    back: '',
    front:
      defs(c) +
      clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 }) +
      line('M 520 100 l 4 -12', c.deep, 6) +
      softLine(`M 430 200 C 470 140 540 130 600 150`, clothLight(c.base), 5, 2.4, 0.24) +
      line(`M ${n(500 - t + 2)} 234 C 440 200 560 192 ${n(500 + t - 6)} 228`, c.deep, 7, 0.6),
    cast: d,
    hair: 'all',
    ears: true,
  };
};

export const cap: HeadwearMaker = (face, c, accent) => {
  const t = face.temple + 4;
  const crown = `M ${n(500 - t)} 240 C ${n(500 - t - 6)} 130 440 102 500 102 C 560 102 ${n(500 + t + 6)} 130 ${n(500 + t)} 240 Q 500 190 ${n(500 - t)} 240 Z`;
  const brim = `M ${n(500 - t + 6)} 226 Q 500 178 ${n(500 + t - 6)} 226 C ${n(500 + t - 4)} 254 560 236 500 236 C 440 236 ${n(500 - t + 4)} 254 ${n(500 - t + 6)} 226 Z`;
  return {
    back: '',
    front:
      defs(c) +
      clothForm(crown, c.base, { paint: 'url(#cloth)', size: 13 }) +
      line(`M 500 104 V 190 M 446 112 Q 430 150 436 204 M 554 112 Q 570 150 564 204`, c.deep, 2.4, 0.5) +
      dot(500, 103, 6, c.deep) +
      edged(brim, accent.base, accent.deep, 2.2),
    cast: `${crown} ${brim}`,
    hair: 'all',
    ears: true,
  };
};

export const beanie: HeadwearMaker = (face, c) => {
  const t = face.temple + 8;
  const d = `M ${n(500 - t)} 250 C ${n(500 - t - 8)} 120 450 92 500 92 C 550 92 ${n(500 + t + 8)} 120 ${n(500 + t)} 250 Q 500 206 ${n(500 - t)} 250 Z`;
  const band = `M ${n(500 - t - 2)} 254 L ${n(500 - t)} 208 Q 500 162 ${n(500 + t)} 208 L ${n(500 + t + 2)} 254 Q 500 212 ${n(500 - t - 2)} 254 Z`;
  let ribs = '';
  for (let i = -5; i <= 5; i += 1) ribs += `M ${n(500 + i * 20)} ${n(190 + i * i * 1.5)} v 42 `;
  return {
    back: '',
    front:
      defs(c) +
      clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 }) +
      edged(band, c.light, c.deep, 2.2) +
      line(ribs, c.shade, 3, 0.7),
    cast: band,
    hair: 'all',
    ears: true,
  };
};

export const headband: HeadwearMaker = (face, c) => {
  const t = face.temple + 12;
  const d = `M ${n(500 - t)} 262 C ${n(500 - t)} 170 440 134 500 134 C 560 134 ${n(500 + t)} 170 ${n(500 + t)} 262 L ${n(500 + t - 16)} 246 C ${n(500 + t - 22)} 190 560 162 500 162 C 440 162 ${n(500 - t + 22)} 190 ${n(500 - t + 16)} 246 Z`;
  return {
    back: '',
    front: defs(c) + clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 }),
    cast: '',
    hair: 'all',
    ears: true,
  };
};

export const flower: HeadwearMaker = (face, c, accent) => {
  const [x, y] = [500 - face.temple - 2, 226];
  let petals = '';
  for (let i = 0; i < 6; i += 1) {
    const a = (i * Math.PI) / 3;
    petals += `<ellipse cx="${n(x + 17 * Math.cos(a))}" cy="${n(y + 17 * Math.sin(a))}" rx="17" ry="12" transform="rotate(${n((a * 180) / Math.PI)} ${n(x + 17 * Math.cos(a))} ${n(y + 17 * Math.sin(a))})" fill="${i % 2 === 0 ? c.base : c.light}" stroke="${c.shade}" stroke-width="1.4"/>`;
  }
  return {
    back: '',
    front:
      fill(
        `M ${n(x)} ${y + 20} q -30 10 -34 36 q 30 -4 34 -36 Z M ${n(x + 10)} ${y + 20} q 14 20 4 42 q -22 -16 -4 -42 Z`,
        accent.base,
      ) +
      petals +
      dot(x, y, 9, '#f4cf62') +
      dot(x - 2, y - 2, 3, '#fff2bb'),
    cast: '',
    hair: 'all',
    ears: true,
  };
};

/** A bindi, and a tikka on its chain along the parting. */
export const tikka: HeadwearMaker = (_, c) => ({
  back: '',
  front:
    line('M 500 150 V 214', '#d8a640', 2.4) +
    dot(500, 222, 9, '#d8a640') +
    dot(500, 222, 5.4, c.base) +
    dot(500, 236, 4, '#f3ead9') +
    dot(500, 282, 5, c.base),
  cast: '',
  hair: 'all',
  ears: true,
});
