import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode, type WriteInputBarcodeFormat } from 'zxing-wasm/writer';

/** A code's modules, 1 for dark, without quiet zone. */
export interface Modules {
  width: number;
  height: number;
  dark: Uint8Array;
}

const file = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
let ready: Promise<unknown> | undefined;

/** Encodes text as a code of any form. */
export async function makeCode(text: string, format: WriteInputBarcodeFormat = 'QRCode'): Promise<Modules> {
  const bytes = readFileSync(file);
  ready ??= prepareZXingModule({
    overrides: { wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    fireImmediately: true,
  });
  await ready;
  const { symbol, error } = await writeBarcode(text, { format, scale: 1, addQuietZones: false });
  if (error !== '') throw new Error(error);
  return { width: symbol.width, height: symbol.height, dark: Uint8Array.from(symbol.data, (v) => (v < 128 ? 1 : 0)) };
}

export type Yuv = readonly [y: number, u: number, v: number];
export const WHITE: Yuv = [235, 128, 128];
export const BLACK: Yuv = [16, 128, 128];

/** An I420 frame of one colour. */
export function plainFrame(width: number, height: number, [y, u, v]: Yuv): Uint8Array {
  const frame = new Uint8Array((width * height * 3) / 2);
  const n = width * height;
  frame
    .fill(y, 0, n)
    .fill(u, n, (n * 5) / 4)
    .fill(v, (n * 5) / 4);
  return frame;
}

export interface Placing {
  x: number;
  y: number;
  /** Pixels a module, even. */
  module: number;
  light?: Yuv;
  dark?: Yuv;
  /** Modules of light around it; default 4. */
  quiet?: number;
  /** 0–1; default 1. */
  opacity?: number;
}

/** Draws a code with its quiet zone on an I420 frame and returns the rectangle it covers. */
export function drawCode(
  frame: Uint8Array,
  width: number,
  height: number,
  code: Modules,
  { x, y, module, light = WHITE, dark = BLACK, quiet = 4, opacity = 1 }: Placing,
): [x: number, y: number, w: number, h: number] {
  const w = (code.width + 2 * quiet) * module;
  const h = (code.height + 2 * quiet) * module;
  const colour = (px: number, py: number): Yuv => {
    const mx = Math.floor(px / module) - quiet;
    const my = Math.floor(py / module) - quiet;
    const inside = mx >= 0 && my >= 0 && mx < code.width && my < code.height;
    return inside && code.dark[my * code.width + mx] === 1 ? dark : light;
  };
  const blend = (at: number, v: number): void => {
    frame[at] = Math.round(frame[at]! * (1 - opacity) + v * opacity);
  };
  const n = width * height;
  for (let py = 0; py < h; py += 1) {
    for (let px = 0; px < w; px += 1) {
      const fx = x + px;
      const fy = y + py;
      if (fx < 0 || fy < 0 || fx >= width || fy >= height) continue;
      const c = colour(px, py);
      blend(fy * width + fx, c[0]);
      if (fx % 2 === 0 && fy % 2 === 0) {
        const at = n + (fy / 2) * (width / 2) + fx / 2;
        blend(at, c[1]);
        blend(at + n / 4, c[2]);
      }
    }
  }
  return [x, y, w, h];
}
