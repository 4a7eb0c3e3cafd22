import type { Rgb } from '../footage/open-footage.js';

/** A screen of one colour behind the person. */
export interface ScreenColour {
  readonly channel: 1 | 2;
  readonly rgb: readonly [number, number, number];
}

const BORDER_SHARE = 0.6;
const DOMINANCE = 1.35;
const MIN_LEVEL = 60;
/** Shares of the screen's own colour between which a pixel turns transparent. */
const SOLID = 0.12;
const CLEAR = 0.62;
/** Breadth of the edge on which the screen's light is taken out. */
const EDGE_PX = 5;

/** The green or blue screen around the person, or undefined. */
export function screenColour({ data, width, height }: Rgb): ScreenColour | undefined {
  const seen: [number, number, number][] = [];
  const add = (x: number, y: number): void => {
    const at = (y * width + x) * 3;
    seen.push([data[at]!, data[at + 1]!, data[at + 2]!]);
  };
  for (let y = 0; y < height * 0.5; y += 4) {
    for (let k = 0; k < 6; k += 1) {
      add(k, y);
      add(width - 1 - k, y);
    }
  }
  for (let x = 0; x < width; x += 4) for (let k = 0; k < 6; k += 1) add(x, k);
  for (const channel of [1, 2] as const) {
    const of = seen.filter((p) => {
      const others = Math.max(p[0], p[channel === 1 ? 2 : 1]);
      return p[channel] > MIN_LEVEL && p[channel] > DOMINANCE * others;
    });
    if (of.length < BORDER_SHARE * seen.length) continue;
    const median = (k: 0 | 1 | 2): number => of.map((p) => p[k]).sort((a, b) => a - b)[of.length >> 1]!;
    return { channel, rgb: [median(0), median(1), median(2)] };
  }
  return undefined;
}

/** Takes the screen away: alpha by how much of its colour a pixel has; what shines onto the person is taken out. In place. */
export function keyOut({ data, width, height }: Rgb, { channel, rgb }: ScreenColour): Uint8Array {
  const other = channel === 1 ? 2 : 1;
  const full = rgb[channel] - Math.max(rgb[0], rgb[other]);
  const alpha = new Uint8Array(width * height);
  for (let i = 0; i < alpha.length; i += 1) {
    const at = i * 3;
    const others = Math.max(data[at]!, data[at + other]!);
    const excess = (data[at + channel]! - others) / full;
    const t = Math.min(1, Math.max(0, (excess - SOLID) / (CLEAR - SOLID)));
    const a = 1 - t * t * (3 - 2 * t);
    alpha[i] = Math.round(255 * a);
    if (excess <= 0) continue;
    // Nothing of the screen is left in a pixel that is kept.
    if (a > 0.02 && a < 1) {
      for (let k = 0; k < 3; k += 1) data[at + k] = Math.min(255, Math.max(0, (data[at + k]! - (1 - a) * rgb[k]!) / a));
    }
    const now = Math.max(data[at]!, data[at + other]!);
    if (data[at + channel]! > now) data[at + channel] = now;
  }
  despillEdge(data, alpha, width, height, channel);
  const edge = erode(keepLargest(alpha, width, height), width, height);
  clearRim(data, edge, width, height);
  return edge;
}

/** Side of the squares in which parts of the picture are joined. */
const BLOCK = 8;

/** Clears specks that do not touch the person: dirt on the screen, and what the coder leaves in corners. In place. */
function keepLargest(alpha: Uint8Array, width: number, height: number): Uint8Array {
  const across = Math.ceil(width / BLOCK);
  const down = Math.ceil(height / BLOCK);
  const part = new Int32Array(across * down).fill(-1);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (alpha[y * width + x]! > 40) part[Math.floor(y / BLOCK) * across + Math.floor(x / BLOCK)] = 0;
  const sizes = [0];
  for (let from = 0; from < part.length; from += 1) {
    if (part[from] !== 0) continue;
    const own = sizes.length;
    const open = [from];
    part[from] = own;
    let size = 0;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      size += 1;
      const x = i % across;
      for (const next of [x > 0 ? i - 1 : -1, x + 1 < across ? i + 1 : -1, i - across, i + across]) {
        if (next < 0 || next >= part.length || part[next] !== 0) continue;
        part[next] = own;
        open.push(next);
      }
    }
    sizes.push(size);
  }
  const largest = sizes.indexOf(Math.max(...sizes));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (part[Math.floor(y / BLOCK) * across + Math.floor(x / BLOCK)] !== largest) alpha[y * width + x] = 0;
  return alpha;
}

/** Near the edge light of the screen shines on skin and hair: there it may not exceed the mean of the two others. */
function despillEdge(data: Uint8Array, alpha: Uint8Array, width: number, height: number, channel: 1 | 2): void {
  const other = channel === 1 ? 2 : 1;
  for (let y = EDGE_PX; y < height - EDGE_PX; y += 1) {
    for (let x = EDGE_PX; x < width - EDGE_PX; x += 1) {
      const i = y * width + x;
      if (alpha[i] === 0) continue;
      const near = EDGE_PX;
      const least = Math.min(alpha[i - near]!, alpha[i + near]!, alpha[i - near * width]!, alpha[i + near * width]!);
      if (least > 128 && alpha[i] === 255) continue;
      const limit = (data[i * 3]! + data[i * 3 + other]!) / 2;
      if (data[i * 3 + channel]! > limit) data[i * 3 + channel] = limit;
    }
  }
}

/** Draws the edge in by a pixel: the outermost ring is mostly screen. */
function erode(alpha: Uint8Array, width: number, height: number): Uint8Array {
  const out = Uint8Array.from(alpha);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      if (alpha[i] === 0) continue;
      out[i] = Math.min(alpha[i]!, alpha[i - 1]!, alpha[i + 1]!, alpha[i - width]!, alpha[i + width]!);
    }
  }
  return out;
}

/** How far the colour of an edge is fetched from inside of the person. */
const RIM_PX = 4;
/** Share of that colour on the edge's outermost ring. */
const RIM_SHARE = 0.8;

/** Takes the dark or bright rim off the edge: there a pixel gets the colour of the nearest solid ones. In place. */
export function clearRim(data: Uint8Array, alpha: Uint8Array, width: number, height: number): void {
  const source = Uint8Array.from(data);
  // Solid where no neighbour at the rim's distance is transparent.
  const solid = (x: number, y: number): boolean => {
    if (x < 2 || y < 2 || x >= width - 2 || y >= height - 2) return false;
    const i = y * width + x;
    return Math.min(alpha[i]!, alpha[i - 2]!, alpha[i + 2]!, alpha[i - 2 * width]!, alpha[i + 2 * width]!) >= 250;
  };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const i = y * width + x;
      if (alpha[i] === 0 || solid(x, y)) continue;
      let [r, g, b, weight] = [0, 0, 0, 0];
      for (let dy = -RIM_PX; dy <= RIM_PX; dy += 1) {
        for (let dx = -RIM_PX; dx <= RIM_PX; dx += 1) {
          if (!solid(x + dx, y + dy)) continue;
          const w = 1 / (dx * dx + dy * dy);
          const at = (i + dy * width + dx) * 3;
          r += source[at]! * w;
          g += source[at + 1]! * w;
          b += source[at + 2]! * w;
          weight += w;
        }
      }
      if (weight === 0) continue;
      const inside = [r / weight, g / weight, b / weight];
      for (let k = 0; k < 3; k += 1)
        data[i * 3 + k] = Math.round(source[i * 3 + k]! * (1 - RIM_SHARE) + inside[k]! * RIM_SHARE);
    }
  }
}
