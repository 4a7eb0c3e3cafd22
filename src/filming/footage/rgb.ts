/** Interleaved RGB, rows without padding. */
export interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A square turned by `angle` (radians, clockwise on the screen) around its centre. */
export interface TurnedSquare {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly angle: number;
}

/** A turned square as planar floats `size` × `size`: sample / 255 × gain + offset; black outside the picture. */
export function sampleSquare(
  { data, width, height }: Rgb,
  square: TurnedSquare,
  size: number,
  gain: number,
  offset: number,
): Float32Array {
  const out = new Float32Array(3 * size * size).fill(offset);
  const step = square.side / size;
  // Several samples a pixel where the picture is larger than the input.
  const sub = Math.max(1, Math.min(4, Math.round(step)));
  const cos = Math.cos(square.angle) * step;
  const sin = Math.sin(square.angle) * step;
  const plane = size * size;
  const k = gain / 255 / (sub * sub);
  for (let v = 0; v < size; v += 1) {
    for (let u = 0; u < size; u += 1) {
      let [r, g, b, seen] = [0, 0, 0, 0];
      for (let s = 0; s < sub * sub; s += 1) {
        const du = u + ((s % sub) + 0.5) / sub - size / 2;
        const dv = v + (Math.floor(s / sub) + 0.5) / sub - size / 2;
        const x = square.x + du * cos - dv * sin - 0.5;
        const y = square.y + du * sin + dv * cos - 0.5;
        const xi = Math.floor(x);
        const yi = Math.floor(y);
        if (xi < 0 || yi < 0 || xi + 1 >= width || yi + 1 >= height) continue;
        seen += 1;
        const fx = x - xi;
        const fy = y - yi;
        const at = (yi * width + xi) * 3;
        const below = at + width * 3;
        const w00 = (1 - fx) * (1 - fy);
        const w10 = fx * (1 - fy);
        const w01 = (1 - fx) * fy;
        const w11 = fx * fy;
        r += data[at]! * w00 + data[at + 3]! * w10 + data[below]! * w01 + data[below + 3]! * w11;
        g += data[at + 1]! * w00 + data[at + 4]! * w10 + data[below + 1]! * w01 + data[below + 4]! * w11;
        b += data[at + 2]! * w00 + data[at + 5]! * w10 + data[below + 2]! * w01 + data[below + 5]! * w11;
      }
      if (seen === 0) continue;
      const at = v * size + u;
      out[at] = r * k + offset;
      out[plane + at] = g * k + offset;
      out[2 * plane + at] = b * k + offset;
    }
  }
  return out;
}
