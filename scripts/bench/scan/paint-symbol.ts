import { hash01 } from '../../../src/core/random.js';
import type { Shape } from './symbol-shapes.js';

export type Rgb = readonly [r: number, g: number, b: number];

/** A frame as straight RGBA. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export interface Placing {
  /** Centre, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Longer side without quiet zone, in pixels. */
  readonly size: number;
  readonly degrees: number;
  /** Rotation about an axis in the picture's plane, in degrees, and the direction of that axis. */
  readonly tilt: number;
  readonly tiltAxis: number;
  /** Distance of the camera, in sizes; 4 by default. */
  readonly distance?: number;
  /** Angle of a half width on a cylinder, in degrees; 0 for flat. */
  readonly curve: number;
  readonly mirror: boolean;
  readonly dark: Rgb;
  readonly light: Rgb;
  readonly opacity: number;
  /** Standard deviation of the position blur, in modules. */
  readonly blurModules: number;
  /** The light modules are transparent. */
  readonly clearLight?: boolean;
  /** Loss of light from one side of the symbol to the other, 0–1. */
  readonly shade?: number;
  /** Half the range of the noise of a camera, in steps. */
  readonly noise?: number;
  /** A second dark colour at the opposite corner. */
  readonly dark2?: Rgb;
}

const SUB = 3;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Draws a symbol, seen by a camera, with 3×3 samples per pixel. */
export function paintSymbol(frame: Frame, shape: Shape, p: Placing): void {
  const w = shape.aspect >= 1 ? p.size : p.size * shape.aspect;
  const h = shape.aspect >= 1 ? p.size / shape.aspect : p.size;
  const back = unproject(p, w, h);
  const reach = Math.ceil(Math.hypot(w, h) * 0.85 + 6 * shape.module * p.size);
  const x0 = Math.max(0, Math.floor(p.x - reach));
  const y0 = Math.max(0, Math.floor(p.y - reach));
  const x1 = Math.min(frame.width, Math.ceil(p.x + reach));
  const y1 = Math.min(frame.height, Math.ceil(p.y + reach));
  for (let y = y0; y < y1; y += 1) {
    for (let x = x0; x < x1; x += 1) {
      let dark = 0;
      let seen = 0;
      for (let k = 0; k < SUB * SUB; k += 1) {
        const [u, v] = back(x + ((k % SUB) + 0.5) / SUB - p.x, y + (Math.floor(k / SUB) + 0.5) / SUB - p.y);
        const ink = Number.isNaN(u) ? undefined : shape.ink(u, v);
        if (ink === undefined) continue;
        seen += 1;
        dark += ink;
      }
      if (seen === 0) continue;
      const share = dark / seen;
      const alpha = (p.opacity * (p.clearLight === true ? dark : seen)) / (SUB * SUB);
      const at = 4 * (y * frame.width + x);
      const across = Math.min(1, Math.max(0, (x - p.x + y - p.y) / (1.6 * p.size) + 0.5));
      const light = 1 - (p.shade ?? 0) * across;
      const noise = p.noise === undefined ? 0 : (hash01(x, y) + hash01(y, x) - 1) * p.noise;
      for (let c = 0; c < 3; c += 1) {
        const ink = p.dark[c]! + ((p.dark2 ?? p.dark)[c]! - p.dark[c]!) * across;
        const colour = p.clearLight === true ? ink : p.light[c]! + (ink - p.light[c]!) * share;
        const mixed = frame.rgba[at + c]! * (1 - alpha) + colour * alpha;
        frame.rgba[at + c] = Math.min(255, Math.max(0, Math.round(mixed * light + noise)));
      }
    }
  }
  if (p.blurModules > 0) blur(frame, x0, y0, x1, y1, p.blurModules * shape.module * p.size);
}

/** From offsets in the picture to the symbol's unit square; NaN behind the camera or off the cylinder. */
function unproject(p: Placing, w: number, h: number): (dx: number, dy: number) => [number, number] {
  const turn = rad(p.degrees);
  const axis = rad(p.tiltAxis);
  const tilt = rad(p.tilt);
  const distance = (p.distance ?? 4) * p.size;
  const curve = rad(p.curve);
  return (dx, dy) => {
    // Into the frame of the tilt's axis: along `along` only the distance changes.
    const along = dx * Math.cos(axis) + dy * Math.sin(axis);
    const across = -dx * Math.sin(axis) + dy * Math.cos(axis);
    const depth = distance * Math.cos(tilt) - across * Math.sin(tilt);
    if (depth <= 0) return [Number.NaN, 0];
    const flat = (across * distance) / depth;
    const scaled = (along * (distance + flat * Math.sin(tilt))) / distance;
    const px = scaled * Math.cos(axis) - flat * Math.sin(axis);
    const py = scaled * Math.sin(axis) + flat * Math.cos(axis);
    let sx = (px * Math.cos(turn) + py * Math.sin(turn)) / w;
    const sy = (-px * Math.sin(turn) + py * Math.cos(turn)) / h;
    if (curve > 0) {
      const s = 2 * sx * Math.sin(curve);
      if (Math.abs(s) > 1) return [Number.NaN, 0];
      sx = Math.asin(s) / curve / 2;
    }
    return [p.mirror ? 0.5 - sx : sx + 0.5, sy + 0.5];
  };
}

function blur(frame: Frame, x0: number, y0: number, x1: number, y1: number, sigma: number): void {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = kernel.reduce((a, b) => a + b, 0);
  const w = x1 - x0;
  const h = y1 - y0;
  const patch = new Float32Array(w * h);
  for (let c = 0; c < 3; c += 1) {
    const at = (x: number, y: number): number => 4 * ((y0 + y) * frame.width + x0 + x) + c;
    for (let y = 0; y < h; y += 1) {
      for (let x = 0; x < w; x += 1) {
        let s = 0;
        for (let k = -radius; k <= radius; k += 1) {
          s += kernel[k + radius]! * frame.rgba[at(Math.min(w - 1, Math.max(0, x + k)), y)]!;
        }
        patch[y * w + x] = s / sum;
      }
    }
    for (let y = 0; y < h; y += 1) {
      for (let x = 0; x < w; x += 1) {
        let s = 0;
        for (let k = -radius; k <= radius; k += 1) {
          s += kernel[k + radius]! * patch[Math.min(h - 1, Math.max(0, y + k)) * w + x]!;
        }
        frame.rgba[at(x, y)] = Math.round(s / sum);
      }
    }
  }
}
