import sharp from 'sharp';
import { makeCode } from '../../../test/kit/draw-code.js';

export const FORMATS = ['QRCode', 'MicroQRCode', 'RMQRCode', 'DataMatrix', 'Aztec', 'PDF417'] as const;
export type Format = (typeof FORMATS)[number];

export type Colour = readonly [r: number, g: number, b: number];
/** Equiluminant red and green (BT.709): a chroma-only code. */
export const EQUAL_LUMA: readonly [Colour, Colour] = [
  [220, 40, 40],
  [0, 109, 0],
];

export interface CodeLook {
  readonly text: string;
  readonly format: Format;
  /** Pixels per module. */
  readonly module: number;
  readonly light: Colour;
  readonly dark: Colour;
}

export interface Piece {
  readonly src: string;
  readonly pixels: Buffer;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

export interface Raster {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

const QUIET_MODULES = 4;

export async function rasterise({ text, format, module, light, dark }: CodeLook): Promise<Raster> {
  const code = await makeCode(format === 'MicroQRCode' ? text.replace(/\D/g, '').slice(0, 8) : text, format);
  const width = (code.width + 2 * QUIET_MODULES) * module;
  const height = (code.height + 2 * QUIET_MODULES) * module;
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const mx = Math.floor(x / module) - QUIET_MODULES;
      const my = Math.floor(y / module) - QUIET_MODULES;
      const inside = mx >= 0 && my >= 0 && mx < code.width && my < code.height;
      pixels.set(inside && code.dark[my * code.width + mx] === 1 ? dark : light, (y * width + x) * 3);
    }
  }
  return { pixels, width, height };
}

const dataUrl = (png: Buffer): string => `data:image/png;base64,${png.toString('base64')}`;
const open = ({ pixels, width, height }: Raster) => sharp(pixels, { raw: { width, height, channels: 3 } });

/** A whole code as a picture, turned by an angle in degrees. */
export async function wholeCode(look: CodeLook, angle = 0): Promise<string> {
  const [r, g, b] = look.light;
  const whole = open(await rasterise(look));
  const turned = angle === 0 ? whole : whole.rotate(angle, { background: { r, g, b } });
  return dataUrl(await turned.png().toBuffer());
}

/**
 * A code cut into `count` strips that are codes only side by side. The strip with two of a QR code's three finders
 * would be refused by itself, so it is cut once more.
 */
export async function cutCode(look: CodeLook, count: number, across: boolean): Promise<Piece[]> {
  const raster = await rasterise(look);
  const length = across ? raster.height : raster.width;
  const edges = Array.from({ length: count + 1 }, (_, i) => Math.round((length * i) / count));
  const boxes: { left: number; top: number; width: number; height: number }[] = [];
  for (let i = 0; i < count; i += 1) {
    const from = edges[i]!;
    const size = edges[i + 1]! - from;
    const { width, height } = raster;
    const cuts = i === 0 && look.format === 'QRCode' ? 2 : 1;
    for (let c = 0; c < cuts; c += 1) {
      const [left, right] = [Math.round((width * c) / cuts), Math.round((width * (c + 1)) / cuts)];
      const [top, bottom] = [Math.round((height * c) / cuts), Math.round((height * (c + 1)) / cuts)];
      if (across) boxes.push({ left, top: from, width: right - left, height: size });
      else boxes.push({ left: from, top, width: size, height: bottom - top });
    }
  }
  const pieces: Piece[] = [];
  for (const box of boxes) {
    const { left: dx, top: dy, width, height } = box;
    const pixels = await open(raster).extract(box).raw().toBuffer();
    const png = await open({ pixels, width, height }).png().toBuffer();
    pieces.push({ src: dataUrl(png), pixels, dx, dy, width, height });
  }
  return pieces;
}

/** Text as a picture, like a contact pasted into an image. */
export async function writtenPicture(text: string): Promise<string> {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="120"><rect width="420" height="120" fill="#fff"/>` +
    `<text x="20" y="74" font-family="sans-serif" font-size="40" fill="#111">${text}</text></svg>`;
  return dataUrl(await sharp(Buffer.from(svg)).png().toBuffer());
}

export async function plainPicture(): Promise<string> {
  const size = { width: 64, height: 64, channels: 3 as const };
  return dataUrl(
    await sharp({ create: { ...size, background: '#f4efe6' } })
      .png()
      .toBuffer(),
  );
}
