/**
 * Renders a frame of each template into docs/templates, as a viewer sees it; without names also the contact sheet
 * docs/templates.jpg from the portraits.
 *
 *     npm run gallery [-- --orientation landscape --language LANG --out DIR template…]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ORIENTATIONS } from '../src/config/templates/template-layout.js';
import { packageRoot } from '../src/core/files/paths.js';
import { templateNames } from '../src/engine/templates/load-template.js';
import { newFromTemplate } from '../src/engine/templates/new-from-template.js';
import { loadSharp } from '../src/scene/sharp.js';
import { oneFrame } from './templates/one-frame.js';

/** The product is named and the hand points at it. */
const SECOND = 4.6;
const MAX_BYTES = 60_000;
const COLUMNS = 8;
const SHEET_WIDTH = 200;
const GAP = 8;

const DOCS = join(packageRoot(), 'docs');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orientation: { type: 'string', default: 'portrait' },
    language: { type: 'string', default: 'en' },
    out: { type: 'string', default: join(DOCS, 'templates') },
  },
});
const orientation = ORIENTATIONS.find((one) => one === values.orientation);
if (orientation === undefined) throw new Error(`--orientation: expected ${ORIENTATIONS.join(' or ')}`);
const sharp = await loadSharp();
const pictureOf = (name: string): string =>
  join(values.out, `${name}${orientation === 'landscape' ? '-landscape' : ''}.jpg`);

async function draw(name: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'gallery-'));
  try {
    const { language } = values;
    const room = await newFromTemplate(join(dir, name), { template: name, language, orientation: orientation! });
    await oneFrame(room, SECOND, async (png) => {
      for (let quality = 86; quality >= 50; quality -= 6) {
        const { size } = await sharp(png).jpeg({ quality, mozjpeg: true }).toFile(pictureOf(name));
        if (size <= MAX_BYTES) break;
      }
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function sheet(names: readonly string[]): Promise<void> {
  const height = Math.round((SHEET_WIDTH * 16) / 9);
  const tiles = await Promise.all(
    names.map(async (name, i) => ({
      input: await sharp(join(DOCS, 'templates', `${name}.jpg`))
        .resize(SHEET_WIDTH, height)
        .toBuffer(),
      left: (i % COLUMNS) * (SHEET_WIDTH + GAP) + GAP,
      top: Math.floor(i / COLUMNS) * (height + GAP) + GAP,
    })),
  );
  const width = COLUMNS * (SHEET_WIDTH + GAP) + GAP;
  const rows = Math.ceil(names.length / COLUMNS);
  await sharp({ create: { width, height: rows * (height + GAP) + GAP, channels: 3, background: '#ffffff' } })
    .composite(tiles)
    .jpeg({ quality: 80, mozjpeg: true })
    .toFile(join(DOCS, 'templates.jpg'));
}

mkdirSync(values.out, { recursive: true });
for (const name of positionals.length > 0 ? positionals : templateNames()) {
  await draw(name);
  console.log(pictureOf(name));
}
if (positionals.length === 0 && orientation === 'portrait') await sheet(templateNames());
