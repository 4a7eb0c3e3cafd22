import type { Modules } from '../kit/draw-code.js';

export interface PaintedModules {
  /** Its middle. */
  x: number;
  y: number;
  /** Pixels per module. */
  module: number;
  degrees?: number;
  /** Radius of dot modules, in modules; 0: squares. */
  dot?: number;
  dark: number;
}

/** Draws dark modules on a luma plane, each pixel from 16 points, and returns the box around the symbol. */
export function paintModules(
  plane: Uint8Array,
  width: number,
  height: number,
  code: Modules,
  { x, y, module, degrees = 0, dot = 0, dark }: PaintedModules,
): { x: number; y: number; width: number; height: number } {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const isInk = (px: number, py: number): boolean => {
    const u = ((px - x) * cos + (py - y) * sin) / module + code.width / 2;
    const v = ((py - y) * cos - (px - x) * sin) / module + code.height / 2;
    const [column, row] = [Math.floor(u), Math.floor(v)];
    if (column < 0 || row < 0 || column >= code.width || row >= code.height) return false;
    if (code.dark[row * code.width + column] !== 1) return false;
    return dot === 0 || Math.hypot(u - column - 0.5, v - row - 0.5) <= dot;
  };
  const [w, h] = [code.width * module, code.height * module];
  const halfWidth = Math.ceil((w * Math.abs(cos) + h * Math.abs(sin)) / 2);
  const halfHeight = Math.ceil((w * Math.abs(sin) + h * Math.abs(cos)) / 2);
  for (let py = Math.max(0, y - halfHeight); py < Math.min(height, y + halfHeight); py += 1) {
    for (let px = Math.max(0, x - halfWidth); px < Math.min(width, x + halfWidth); px += 1) {
      let ink = 0;
      for (let s = 0; s < 16; s += 1) if (isInk(px + ((s & 3) + 0.5) / 4, py + ((s >> 2) + 0.5) / 4)) ink += 1;
      const at = py * width + px;
      plane[at] = Math.round(plane[at]! + ((dark - plane[at]!) * ink) / 16);
    }
  }
  return { x: x - halfWidth, y: y - halfHeight, width: 2 * halfWidth, height: 2 * halfHeight };
}
