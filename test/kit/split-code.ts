import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { makeCode } from './draw-code.js';

/**
 * Layers that show a QR code together, each a picture with a part of it: in two halves, of which the left one holds two
 * finders, or in quarters with one finder at most.
 */
export async function splitCode(
  dir: string,
  [x, y]: readonly [number, number],
  into: 'halves' | 'quarters' = 'halves',
): Promise<Record<string, unknown>[]> {
  const code = await makeCode('https://evil.example/pay');
  const side = code.width * 8;
  const whole = await sharp(Buffer.from(code.dark.map((d) => (d ? 0 : 255))), {
    raw: { width: code.width, height: code.height, channels: 1 },
  })
    .resize(side, side, { kernel: 'nearest' })
    .extend({ top: 32, bottom: 32, left: 32, right: 32, background: '#fff' })
    .png()
    .toBuffer();
  const full = side + 64;
  const middle = Math.floor(code.width / 2) * 8 + 32;
  const across = [
    { name: 'left', at: 0, size: middle },
    { name: 'right', at: middle, size: full - middle },
  ];
  const down = into === 'halves' ? [{ name: '', at: 0, size: full }] : across;
  const layers: Record<string, unknown>[] = [];
  for (const column of across) {
    for (const row of down) {
      const id = `${column.name}${row.name}`;
      const src = join(dir, `${id}.png`);
      const part = { left: column.at, top: row.at, width: column.size, height: row.size };
      writeFileSync(src, await sharp(whole).extract(part).png().toBuffer());
      layers.push({ id, type: 'image', src, x: x + column.at, y: y + row.at });
    }
  }
  return layers;
}
