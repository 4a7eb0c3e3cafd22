import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatePath } from '../../../src/core/files/paths.js';
import { seededRandom } from '../../../src/core/random.js';
import { loadSharp } from '../../../src/scene/sharp.js';
import type { Frame } from './paint-symbol.js';

const ROOMS = templatePath();
const WORDS = [
  '厂家直销 支持定制',
  'Free sample available',
  '点击下方小黄车下单',
  'MOQ 500 pcs · 15 days',
  '今日特价 $12.80',
  'OEM / ODM welcome',
  '回头客专享 国货品质',
  'Ships in 72 hours',
  '品质保证 七天无理由',
  'Hotel lamp, 3000 K',
  '田园风格 圆形吊灯',
  '20V cordless drill',
];
const LABEL = 'AI生成 数字人';

const hsl = (h: number, s: number, l: number): string => `hsl(${Math.round(h)},${Math.round(s)}%,${Math.round(l)}%)`;

/** The art of our rooms: backgrounds, products and the parts of the presenters. */
function art(): Buffer[] {
  const files: string[] = [];
  for (const room of ['demo-landscape', 'demo-portrait']) {
    const dir = join(ROOMS, 'rooms', room, 'assets');
    for (const name of readdirSync(dir)) if (name.endsWith('.svg')) files.push(join(dir, name));
  }
  for (const who of ['mei', 'leo', 'amara']) {
    for (const part of ['body', 'head', 'hair-back', 'eyes', 'hands']) {
      files.push(join(ROOMS, 'presenters', who, 'parts', `${part}.svg`));
    }
  }
  return files.map((f) => readFileSync(f));
}

/**
 * Scenes composed like a live room: a photo-like or drawn background, products, presenter art, cards, captions, label.
 */
export class Scenes {
  private constructor(
    private readonly sharp: Awaited<ReturnType<typeof loadSharp>>,
    private readonly pieces: readonly { data: Buffer; width: number; height: number }[],
    private readonly grounds: Map<string, Buffer[]>,
  ) {}

  static async open(seed: number): Promise<Scenes> {
    const sharp = await loadSharp();
    const pieces = [];
    for (const svg of art()) {
      const { data, info } = await sharp(svg)
        .resize(340, 420, { fit: 'inside' })
        .png()
        .toBuffer({ resolveWithObject: true });
      pieces.push({ data, width: info.width, height: info.height });
    }
    const scenes = new Scenes(sharp, pieces, new Map());
    for (const [w, h] of [
      [1280, 720],
      [720, 1280],
    ] as const) {
      const list: Buffer[] = [];
      for (let i = 0; i < 10; i += 1) list.push(await scenes.ground(seededRandom(seed * 31 + i * 7 + w), w, h));
      scenes.grounds.set(`${w}`, list);
    }
    return scenes;
  }

  /** The scene of one seed; landscape and portrait alternate. */
  async draw(seed: number, overlay = ''): Promise<Frame> {
    const random = seededRandom(seed);
    const [width, height] = seed % 2 === 0 ? [1280, 720] : [720, 1280];
    const grounds = this.grounds.get(`${width}`)!;
    const layers = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const piece = this.pieces[Math.floor(random() * this.pieces.length)]!;
      return {
        input: piece.data,
        left: Math.floor(random() * (width - piece.width)),
        top: Math.floor(random() * (height - piece.height)),
      };
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${cards(random, width, height)}${overlay}</svg>`;
    const { data } = await this.sharp(grounds[Math.floor(random() * grounds.length)]!)
      .composite([...layers, { input: Buffer.from(svg), left: 0, top: 0 }])
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width, height, rgba: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  }

  /** Gradients, soft bodies of light and colour, and for half of them the grain and clouds of a photo. */
  private async ground(random: () => number, width: number, height: number): Promise<Buffer> {
    const hue = random() * 360;
    const bodies = Array.from({ length: 14 }, () => {
      const [x, y, r] = [random() * width, random() * height, 40 + random() * 260];
      const fill = hsl(hue + random() * 120, 20 + random() * 50, 15 + random() * 75);
      return random() < 0.5
        ? `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" opacity="${0.3 + random() * 0.6}"/>`
        : `<rect x="${x}" y="${y}" width="${r}" height="${r * (0.3 + random())}" fill="${fill}" opacity="${0.3 + random() * 0.7}"/>`;
    });
    const photo = random() < 0.6;
    const frequency = 0.004 + random() * 0.03;
    const grain = photo
      ? `<filter id="g" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="${Math.floor(random() * 1000)}"/></filter><rect width="100%" height="100%" filter="url(#g)" opacity="${0.3 + random() * 0.5}"/>`
      : '';
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="b" x2="1" y2="1"><stop stop-color="${hsl(hue, 40, 20 + random() * 60)}"/><stop offset="1" stop-color="${hsl(hue + 60, 40, 20 + random() * 60)}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#b)"/>${bodies.join('')}${grain}</svg>`;
    const soft = this.sharp(Buffer.from(svg));
    return (photo ? soft.blur(0.6 + random() * 3) : soft).removeAlpha().png({ compressionLevel: 1 }).toBuffer();
  }
}

function cards(random: () => number, width: number, height: number): string {
  const parts: string[] = [];
  for (let i = 0; i < 2 + Math.floor(random() * 4); i += 1) {
    const w = 160 + random() * 260;
    const h = 70 + random() * 150;
    const x = random() * (width - w);
    const y = random() * (height - h);
    const size = 18 + random() * 22;
    const dark = random() < 0.4;
    const word = (): string => WORDS[Math.floor(random() * WORDS.length)]!;
    parts.push(
      `<g transform="translate(${x},${y})"><rect width="${w}" height="${h}" rx="${random() * 24}" fill="${dark ? hsl(random() * 360, 50, 18) : hsl(random() * 360, 60, 92)}" opacity="${0.7 + random() * 0.3}"/>` +
        `<text x="14" y="${size * 1.4}" font-family="Noto Sans SC" font-weight="700" font-size="${size}" fill="${dark ? '#fff' : '#222'}">${word()}</text>` +
        `<text x="14" y="${size * 2.9}" font-family="Noto Sans SC" font-size="${size * 0.8}" fill="${dark ? '#ffd84a' : '#c22'}">${word()}</text></g>`,
    );
  }
  const caption = WORDS[Math.floor(random() * WORDS.length)]!;
  parts.push(
    `<text x="${width / 2}" y="${height - 60}" text-anchor="middle" font-family="Noto Sans SC" font-weight="700" font-size="40" fill="#fff" stroke="#000" stroke-width="5" paint-order="stroke">${caption}</text>`,
    `<rect x="16" y="16" width="230" height="52" rx="10" fill="#000" opacity="0.6"/><text x="30" y="52" font-family="Noto Sans SC" font-size="32" fill="#fff">${LABEL}</text>`,
  );
  return parts.join('');
}
