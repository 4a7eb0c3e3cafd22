import { makeCode, type Modules } from '../kit/draw-code.js';

/** A barcode of each format, as on goods and parcels, with its name in a verdict. */
export const RETAIL_FORMS = [
  ['EAN13', '4006381333931', 'ean13'],
  ['EAN8', '96385074', 'ean8'],
  // The same code with a first digit that is not printed.
  ['UPCA', '036000291452', 'ean13'],
  ['UPCE', '01234565', 'upc-e'],
  ['Code128', 'SHIP-2024-0815', 'code128'],
  ['Code39', 'LOT-4711', 'code39'],
  ['ITF', '00012345678905', 'itf'],
  ['Codabar', 'A123456B', 'codabar'],
  ['DataBar', '0100614141999996', 'databar'],
  ['DataBarLtd', '0100614141999996', 'databar'],
  ['DataBarExp', '[01]90012345678908', 'databar'],
] as const;

/** Its bars, from top to bottom: the first row with the maximum number of changes, and no digits. */
export async function barsOf([format, text]: (typeof RETAIL_FORMS)[number], share = 0.4): Promise<Modules> {
  const { width, height, dark } = await makeCode(text, format);
  let row = 0;
  let most = -1;
  for (let y = 0; y < height; y += 1) {
    let changes = 0;
    for (let x = 1; x < width; x += 1) if (dark[y * width + x] !== dark[y * width + x - 1]) changes += 1;
    if (changes > most) [row, most] = [y, changes];
  }
  const tall = Math.max(24, Math.round(width * share));
  const bars = new Uint8Array(width * tall);
  for (let y = 0; y < tall; y += 1) bars.set(dark.subarray(row * width, (row + 1) * width), y * width);
  return { width, height: tall, dark: bars };
}
