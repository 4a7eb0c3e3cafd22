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

/** Encodes text as a code of any format; `options` are Zint's (`ecLevel=H`, `version=3`). */
export async function makeCode(
  text: string,
  format: WriteInputBarcodeFormat = 'QRCode',
  options = '',
): Promise<Modules> {
  const bytes = readFileSync(file);
  ready ??= prepareZXingModule({
    overrides: { wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    fireImmediately: true,
  });
  await ready;
  const { symbol, error } = await writeBarcode(text, { format, scale: 1, addQuietZones: false, options });
  if (error !== '') throw new Error(error);
  return { width: symbol.width, height: symbol.height, dark: Uint8Array.from(symbol.data, (v) => (v < 128 ? 1 : 0)) };
}
