import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { default as jsQrModule } from 'jsqr';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { makeCode } from '../kit/draw-code.js';

// The package's types declare an ES default export, but its file is CommonJS.
const jsQR = jsQrModule as unknown as typeof jsQrModule.default;

export interface CodePart {
  readonly src: string;
  /** Its position next to the others. */
  readonly x: number;
  readonly y: number;
}

/** A QR code of 264 px in three parts, each with one finder: none is a code by itself, nor like a cut one. */
export async function codeParts(): Promise<CodePart[]> {
  const code = await makeCode('https://evil.example/pay');
  const module = 8;
  const inner = code.width * module;
  const pixels = Buffer.alloc(inner * inner, 255);
  for (let y = 0; y < inner; y += 1) {
    for (let x = 0; x < inner; x += 1) {
      if (code.dark[Math.floor(y / module) * code.width + Math.floor(x / module)]) pixels[y * inner + x] = 0;
    }
  }
  const side = inner + 64;
  const whole = await sharp(pixels, { raw: { width: inner, height: inner, channels: 1 } })
    .extend({ top: 32, bottom: 32, left: 32, right: 32, background: '#fff' })
    .png()
    .toBuffer();
  const cut = Math.floor(code.width / 2) * module + 32;
  const boxes = [
    { left: 0, top: 0, width: cut, height: cut },
    { left: 0, top: cut, width: cut, height: side - cut },
    { left: cut, top: 0, width: side - cut, height: side },
  ];
  return Promise.all(
    boxes.map(async (box) => {
      const png = await sharp(whole).extract(box).png().toBuffer();
      return { src: `data:image/png;base64,${png.toString('base64')}`, x: box.left, y: box.top };
    }),
  );
}

let ready: Promise<unknown> | undefined;

/** True when a detector at full effort reads a code in a luma plane: ZXing, or jsQR where asked, which takes longer. */
export async function holdsCode(luma: Uint8Array, width: number, height: number, withJsQr = true): Promise<boolean> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  ready ??= prepareZXingModule({
    overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer },
    fireImmediately: true,
  });
  await ready;
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    rgba[i * 4] = rgba[i * 4 + 1] = rgba[i * 4 + 2] = luma[i]!;
    rgba[i * 4 + 3] = 255;
  }
  const image = { data: rgba, width, height, colorSpace: 'srgb' as const };
  const found = await readBarcodes(image as unknown as Parameters<typeof readBarcodes>[0], {
    tryHarder: true,
    tryRotate: true,
    tryInvert: true,
    returnErrors: true,
    formats: ['QRCode'],
  });
  if (found.length > 0 || !withJsQr) return found.length > 0;
  return jsQR(rgba, width, height, { inversionAttempts: 'attemptBoth' }) !== null;
}
