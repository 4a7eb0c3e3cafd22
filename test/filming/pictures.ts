import { IDENTITY, type MouthSpace } from '../../src/filming/face/mouth-space.js';
import type { Rgb } from '../../src/filming/footage/open-footage.js';

export const SPACE: MouthSpace = {
  unit: 120,
  left: -72,
  top: -34,
  width: 144,
  height: 120,
  noseY: -28,
  chinY: 54,
  halfWidth: new Float32Array(120).fill(60),
  toTemplate: { ...IDENTITY, tx: 160, ty: 160 },
  template: new Float32Array(468 * 3),
};

/** Skin with soft spots, a dark line where the lips meet, and a redder mouth, around a place. */
export function facePicture(cx = 160, cy = 160, width = 320, height = 320): Rgb {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = x + 0.5 - cx;
      const v = y + 0.5 - cy;
      const spots = 14 * Math.sin(u / 5.1 + 0.7) * Math.cos(v / 6.3) + 9 * Math.sin((u + 2 * v) / 9.7);
      const isLip = (u / 34) ** 2 + (v / 11) ** 2 < 1;
      const line = Math.abs(v) < 1.2 && Math.abs(u) < 33 ? 70 : 0;
      const at = (y * width + x) * 3;
      data[at] = 190 + spots - line;
      data[at + 1] = (isLip ? 100 : 150) + spots - line;
      data[at + 2] = (isLip ? 95 : 130) + spots - line;
    }
  }
  return { data, width, height };
}
