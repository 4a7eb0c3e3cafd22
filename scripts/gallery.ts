import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/core/files/paths.js';
import { templateNames } from '../src/engine/templates/load-template.js';
import { newFromTemplate } from '../src/engine/templates/new-from-template.js';
import type { Orientation } from '../src/config/templates/template-layout.js';
import { loadSharp } from '../src/scene/sharp.js';
import { oneFrame } from './templates/one-frame.js';

/**
 * Renders a frame of each template into docs/templates: `npx tsx scripts/gallery.ts [--landscape] [--language LANG]
 * [--out DIR] [template…]`. Without names it also makes the contact sheet docs/templates.jpg.
 */
const SECOND = 4.6;
const MAX_BYTES = 60_000;
const COLUMNS = 8;
const SHEET_WIDTH = 200;

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const i = args.indexOf(name);
  return i < 0 ? undefined : args.splice(i, 2)[1];
};
const language = option('--language') ?? 'en';
const out = option('--out') ?? join(packageRoot(), 'docs', 'templates');
const landscape = args.indexOf('--landscape');
const orientation: Orientation = landscape < 0 ? 'portrait' : 'landscape';
if (landscape >= 0) args.splice(landscape, 1);
const names = args.length > 0 ? args : templateNames();
const suffix = orientation === 'landscape' ? '-landscape' : '';
const sharp = await loadSharp();
mkdirSync(out, { recursive: true });

for (const name of names) {
  const dir = mkdtempSync(join(tmpdir(), 'gallery-'));
  try {
    const room = await newFromTemplate(join(dir, name), { template: name, language, orientation });
    await oneFrame(room, SECOND, async (png) => {
      const file = join(out, `${name}${suffix}.jpg`);
      for (let quality = 86; quality >= 50; quality -= 6) {
        const { size } = await sharp(png).jpeg({ quality, mozjpeg: true }).toFile(file);
        if (size <= MAX_BYTES) break;
      }
    });
    console.log(name);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (args.length === 0 && orientation === 'portrait' && language === 'en') {
  const height = Math.round((SHEET_WIDTH * 16) / 9);
  const tiles = await Promise.all(
    names.map(async (name, i) => ({
      input: await sharp(join(out, `${name}.jpg`)).resize(SHEET_WIDTH, height).toBuffer(),
      left: (i % COLUMNS) * (SHEET_WIDTH + 8) + 8,
      top: Math.floor(i / COLUMNS) * (height + 8) + 8,
    })),
  );
  const rows = Math.ceil(names.length / COLUMNS);
  await sharp({
    create: { width: COLUMNS * (SHEET_WIDTH + 8) + 8, height: rows * (height + 8) + 8, channels: 3, background: '#ffffff' },
  })
    .composite(tiles)
    .jpeg({ quality: 80, mozjpeg: true })
    .toFile(join(packageRoot(), 'docs', 'templates.jpg'));
}
