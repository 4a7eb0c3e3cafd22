import sharp from 'sharp';
import { readPresenterPack, type PresenterPack } from '../../../../src/avatar/presenter-pack.js';
import { stillSvg } from '../../../../src/avatar/presenter-still.js';

/**
 * How different two presenters look at the size of a thumbnail.
 *
 * Problem: viewers tell presenters apart by hair, face and headwear, at a glance and on a phone; clothes do not count,
 * because the wardrobe changes them.
 * Rule: only the head is compared, 88 × 128 pixels in Lab. The distance is the sum of three parts in units of ΔE:
 * 0.45 × mean colour difference over both heads in blocks of 4 pixels (hair, headwear and skin as masses),
 * 0.35 × the same inside the face in blocks of 2 (eyes, brows, nose, mouth, glasses, beard),
 * 0.2 × 80 × (1 − overlap of the two outlines).
 * `MIN_DISTANCE` is four times the distance that one person has to himself with another name, eye colour and mole
 * (0.6–1.2), and a sixth of the median between two presenters (29).
 */
export const MIN_DISTANCE = 5;

const WIDTH = 88;
const HEIGHT = 128;
/** Units of the drawing from x 300, y 20, at this scale. */
const FIT = { scale: 0.22, offsetX: -300 * 0.22, offsetY: -20 * 0.22 };
/** The face inside the picture. */
const FACE = { left: 22, top: 52, right: 66, bottom: 106 };

export interface HeadPicture {
  readonly name: string;
  /** L, a, b a pixel; the ground is mid-grey. */
  readonly lab: Float32Array;
  readonly mask: Uint8Array;
}

export async function headPicture(dir: string): Promise<HeadPicture> {
  return headOf(await readPresenterPack(dir));
}

export async function headOf(pack: PresenterPack): Promise<HeadPicture> {
  const svg = stillSvg(pack, FIT, { width: WIDTH, height: HEIGHT }, { headOnly: true });
  const rgba = await sharp(svg).ensureAlpha().raw().toBuffer();
  const lab = new Float32Array(WIDTH * HEIGHT * 3);
  const mask = new Uint8Array(WIDTH * HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i += 1) {
    const alpha = rgba[i * 4 + 3]! / 255;
    mask[i] = alpha > 0.5 ? 1 : 0;
    const over = (c: number): number => rgba[i * 4 + c]! * alpha + 186 * (1 - alpha);
    lab.set(toLab(over(0), over(1), over(2)), i * 3);
  }
  return { name: pack.manifest.name, lab, mask };
}

export function headDistance(a: HeadPicture, b: HeadPicture): number {
  const colour = blockDifference(a, b, 4, { left: 0, top: 0, right: WIDTH, bottom: HEIGHT });
  const face = blockDifference(a, b, 2, FACE);
  let [both, either] = [0, 0];
  for (let i = 0; i < a.mask.length; i += 1) {
    both += a.mask[i]! & b.mask[i]!;
    either += a.mask[i]! | b.mask[i]!;
  }
  return 0.45 * colour + 0.35 * face + 0.2 * 80 * (1 - both / Math.max(1, either));
}

interface Pair {
  readonly a: string;
  readonly b: string;
  readonly distance: number;
}

/** All pairs, nearest first. */
export function nearestPairs(heads: readonly HeadPicture[]): Pair[] {
  const pairs: Pair[] = [];
  for (const [i, a] of heads.entries())
    for (const b of heads.slice(i + 1)) pairs.push({ a: a.name, b: b.name, distance: headDistance(a, b) });
  return pairs.sort((p, q) => p.distance - q.distance);
}

/** Mean ΔE of block averages, over blocks that hold a part of either head. */
function blockDifference(a: HeadPicture, b: HeadPicture, size: number, box: typeof FACE): number {
  let [sum, count] = [0, 0];
  for (let y = box.top; y + size <= box.bottom; y += size)
    for (let x = box.left; x + size <= box.right; x += size) {
      const d = [0, 0, 0];
      let inside = 0;
      for (let v = 0; v < size; v += 1)
        for (let u = 0; u < size; u += 1) {
          const at = (y + v) * WIDTH + x + u;
          inside += a.mask[at]! | b.mask[at]!;
          for (let c = 0; c < 3; c += 1) d[c] = d[c]! + a.lab[at * 3 + c]! - b.lab[at * 3 + c]!;
        }
      if (inside * 2 < size * size) continue;
      sum += Math.hypot(d[0]!, d[1]!, d[2]!) / (size * size);
      count += 1;
    }
  return sum / Math.max(1, count);
}

/** CIE Lab, D65, from sRGB 0–255. */
function toLab(red: number, green: number, blue: number): [number, number, number] {
  const linear = (v: number): number => (v <= 10.31 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
