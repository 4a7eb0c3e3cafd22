import { join } from 'node:path';
import { writeFilm } from '../kit/clip-films.js';
import { templateRoom } from '../kit/on-air.js';

/** Size of the picture. */
export const WIDTH = 360;
export const HEIGHT = 640;
const BOX = { x: 20, y: 100, width: 256, height: 128 };
/** Length of the clip. */
export const FRAMES = 40;
const BITS = 6;
const CELL = 32;

/** A frame that shows its number in the cells of its second row; a light runs through the first. */
const painted = (n: number, x: number, y: number): number => {
  const cell = Math.floor(x / CELL);
  if (y < CELL) return Math.floor((x + n * 8) / 16) % 2 === 0 ? 70 : 110;
  if (y >= 2 * CELL) return 60 + Math.floor((x + y) / 8);
  return cell < BITS && ((n >> cell) & 1) === 1 ? 210 : 30;
};
const lumaOf = (grey: number): number => 16 + (grey * 219) / 255;

/** Writes such a clip into a folder; returns its layer. */
export async function numberedClip(dir: string): Promise<Record<string, unknown>> {
  const film = join(dir, 'film.mp4');
  await writeFilm(film, {
    ...{ width: BOX.width, height: BOX.height, frames: FRAMES },
    paint(n, rgb) {
      for (let i = 0; i < BOX.width * BOX.height; i += 1) {
        rgb.fill(painted(n, i % BOX.width, Math.floor(i / BOX.width)), i * 3, i * 3 + 3);
      }
    },
  });
  return { id: 'film', type: 'media', items: [film], fit: 'fill', z: 5, ...BOX };
}

/** The clip room with further layers. */
export function clipRoom(layers: object[]): Record<string, any> {
  const base = templateRoom('minimal');
  return { ...base, video: { width: WIDTH, height: HEIGHT }, layers: [...base['layers'], ...layers] };
}

/** The clip's frame in a picture, and the mean distance of its luma. */
export function look(luma: Uint8Array): { n: number; distance: number } {
  const at = (x: number, y: number): number => luma[(BOX.y + y) * WIDTH + BOX.x + x]!;
  let n = 0;
  for (let bit = 0; bit < BITS; bit += 1) if (at(bit * CELL + CELL / 2, CELL * 1.5) > 120) n |= 1 << bit;
  let sum = 0;
  for (let y = 0; y < BOX.height; y += 1) {
    for (let x = 0; x < BOX.width; x += 1) sum += Math.abs(at(x, y) - lumaOf(painted(n, x, y)));
  }
  return { n, distance: sum / (BOX.width * BOX.height) };
}
