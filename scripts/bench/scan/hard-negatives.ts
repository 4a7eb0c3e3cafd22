import { seededRandom } from '../../../src/core/random.js';
import { makeCode } from './make-code.js';
import { MORE_NEGATIVES } from './more-negatives.js';
import { characters, grey, grid, type Painter, rect, rings } from './svg-pieces.js';

async function barcode(format: 'EAN13' | 'Code128', random: () => number, w: number): Promise<string> {
  const digits = Array.from({ length: 12 }, () => Math.floor(random() * 10)).join('');
  const code = await makeCode(digits, format);
  const step = Math.max(1, Math.floor(w / code.width));
  let out = rect(-10, -10, code.width * step + 20, 140, '#fff');
  for (let x = 0; x < code.width; x += 1) if (code.dark[x] === 1) out += rect(x * step, 0, step, 110, '#000');
  return out;
}

/** Imitations of a code's locators; each fills a box of w×h at the origin. */
export const HARD_NEGATIVES: Readonly<Record<string, Painter>> = {
  fabric: (random, w, h) => {
    const step = 3 + Math.floor(random() * 7);
    return grid(w, h, step * 2, (x, y) => {
      const tone = 60 + random() * 60;
      return (
        rect(x, y, step, step, grey(tone)) +
        rect(x + step, y, step, step, grey(tone + 90)) +
        rect(x, y + step, step, step, grey(tone + 80)) +
        rect(x + step, y + step, step, step, grey(tone - 30))
      );
    });
  },
  mosaic: (random, w, h) => {
    const step = 6 + Math.floor(random() * 12);
    return grid(w, h, step, (x, y) =>
      rect(x, y, step, step, grey(random() < 0.5 ? 20 + random() * 40 : 190 + random() * 60)),
    );
  },
  speakers: (random, w, h) => {
    const step = 70 + random() * 90;
    return (
      rect(0, 0, w, h, '#2b2b2e') +
      grid(w - step / 2, h - step / 2, step, (x, y) =>
        rings(x + step / 2, y + step / 2, step * 0.44, 5 + Math.floor(random() * 3), '#0c0c0c', '#8a8a8a'),
      )
    );
  },
  keyboard: (random, w, h) => {
    const key = 26 + random() * 26;
    return (
      rect(0, 0, w, h, '#d8d8dc') +
      grid(
        w,
        h,
        key,
        (x, y) =>
          rect(x + 2, y + 2, key - 4, key - 4, '#1d1d20', 5) +
          `<text x="${x + key * 0.35}" y="${y + key * 0.65}" font-size="${key * 0.42}" fill="#fff">${String.fromCharCode(65 + Math.floor(random() * 26))}</text>`,
      )
    );
  },
  'concentric rings': (random, w, h) =>
    Array.from({ length: 9 }, () =>
      rings(random() * w, random() * h, 14 + random() * 60, 3 + Math.floor(random() * 4), '#111', '#f2f2f2'),
    ).join(''),
  targets: (random, w, h) => {
    const r = 24 + random() * 40;
    return grid(w - r, h - r, r * 2.6, (x, y) =>
      rings(x + r, y + r, r, 5, random() < 0.5 ? '#111' : '#c21f2c', '#fff'),
    );
  },
  'ring markers': (random, w, h) => {
    // The markers of a round code, but in rows like buttons or lamps.
    const d = 14 + random() * 16;
    const step = d * (1.4 + random());
    return (
      rect(0, 0, w, h, '#fafafa') +
      grid(
        w - d,
        h - d,
        step,
        (x, y) =>
          `<circle cx="${x + d / 2}" cy="${y + d / 2}" r="${d * 0.42}" fill="none" stroke="#111" stroke-width="${d * 0.165}"/><circle cx="${x + d / 2}" cy="${y + d / 2}" r="${d * 0.087}" fill="#111"/>`,
      )
    );
  },
  'nested squares': (random, w, h) => {
    const m = 3 + random() * 5;
    return (
      rect(0, 0, w, h, '#fff') +
      grid(
        w - 7 * m,
        h - 7 * m,
        m * (9 + Math.floor(random() * 4)),
        (x, y) =>
          rect(x, y, 7 * m, 7 * m, '#000') +
          rect(x + m, y + m, 5 * m, 5 * m, '#fff') +
          rect(x + 2 * m, y + 2 * m, 3 * m, 3 * m, '#000'),
      )
    );
  },
  'dense characters': characters('回田国圆目日固团因困图圈围园品晶器噩昌品囍圖團圓國'),
  'dense latin': characters('EHBMW#8%@0OQDR§$'),
  crossword: (random, w, h) => {
    const step = 16 + random() * 20;
    return (
      rect(0, 0, w, h, '#fff') +
      grid(w, h, step, (x, y) =>
        random() < 0.3
          ? rect(x, y, step, step, '#000')
          : `<rect x="${x}" y="${y}" width="${step}" height="${step}" fill="none" stroke="#000"/>`,
      )
    );
  },
  halftone: (random, w, h) => {
    const step = 6 + random() * 8;
    return (
      rect(0, 0, w, h, '#fff') +
      grid(
        w,
        h,
        step,
        (x, y) =>
          `<circle cx="${x}" cy="${y}" r="${step * (0.15 + 0.45 * Math.abs(Math.sin(x / 60) * Math.cos(y / 50)))}" fill="#000"/>`,
      )
    );
  },
  'EAN-13': (random, w) => barcode('EAN13', random, w),
  'Code 128': (random, w) => barcode('Code128', random, w),
  ...MORE_NEGATIVES,
};

/** One hard negative as SVG, somewhere in a frame of this size. */
export async function hardNegative(kind: string, seed: number, width: number, height: number): Promise<string> {
  const random = seededRandom(seed);
  const w = 220 + Math.floor(random() * 260);
  const h = 180 + Math.floor(random() * 240);
  const inner = await HARD_NEGATIVES[kind]!(random, w, h);
  const x = random() * (width - w);
  const y = random() * (height - h);
  const turn = random() < 0.5 ? 0 : (random() - 0.5) * 60;
  return `<g transform="translate(${x},${y}) rotate(${turn} ${w / 2} ${h / 2})">${inner}</g>`;
}
