import { loadSharp } from '../../../src/scene/sharp.js';

export interface DrawnText {
  readonly text: string;
  /** Font size in pixels. */
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly ink: string;
  /** Degrees, clockwise, around (x, y). */
  readonly turn?: number;
}

export interface DrawnPicture {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Straight RGBA with lines of text in our own fonts; ground `none` leaves it transparent. */
export async function drawText(
  items: readonly DrawnText[],
  ground: string,
  width = 640,
  height = 480,
): Promise<DrawnPicture> {
  const sharp = await loadSharp();
  const lines = items.map(
    ({ text, size, x, y, ink, turn = 0 }) =>
      `<text x="${x}" y="${y}" font-size="${size}" font-family="Noto Sans SC" fill="${ink}" transform="rotate(${turn} ${x} ${y})">${text}</text>`,
  );
  const back = ground === 'none' ? '' : `<rect width="100%" height="100%" fill="${ground}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${back}${lines.join('')}</svg>`;
  const pixels = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  return { rgba: new Uint8Array(pixels), width, height };
}
