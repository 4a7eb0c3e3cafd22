import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSharp } from '../../../../src/scene/sharp.js';
import type { LanguageReport } from './language-checker.js';

const COLUMNS = 2;
const ROWS = 9;
const CELL = { width: 780, height: 180, left: 120 };

/** Sheets of captions beside their tags, for people who look at them; returns their file names. */
export async function writeSheets(reports: readonly LanguageReport[], folder: string): Promise<string[]> {
  const sharp = await loadSharp();
  const drawn = reports.flatMap(({ row, caption }) => (caption === undefined ? [] : [{ tag: row.tag, caption }]));
  const files: string[] = [];
  for (let from = 0; from < drawn.length; from += COLUMNS * ROWS) {
    const page = drawn.slice(from, from + COLUMNS * ROWS);
    const parts = await Promise.all(
      page.map(async ({ tag, caption }, i) => {
        const left = (i % COLUMNS) * CELL.width;
        const top = Math.floor(i / COLUMNS) * CELL.height;
        const { rgba, width, height } = caption;
        const raw = { width, height, channels: 4 } as const;
        const shown = sharp(rgba, { raw }).extract({ left: 0, top: 0, width, height: Math.min(height, CELL.height) });
        const name = Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="${CELL.left}" height="40"><text x="8" y="28" font-family="Noto Sans" font-size="20" fill="#8ab4ff">${tag}</text></svg>`,
        );
        return [
          { input: name, left, top: top + 16 },
          { input: await shown.png().toBuffer(), left: left + CELL.left, top },
        ];
      }),
    );
    const file = `captions-${files.length + 1}.png`;
    const size = { width: COLUMNS * CELL.width, height: ROWS * CELL.height };
    const sheet = sharp({ create: { ...size, channels: 4, background: '#20242e' } }).composite(parts.flat());
    await writeFile(join(folder, file), await sheet.png().toBuffer());
    files.push(file);
  }
  return files;
}
