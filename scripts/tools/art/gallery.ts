/**
 * Renders a frame of each template, as a viewer sees it. Portraits go to docs/templates and into the contact sheet
 * docs/templates.jpg, and one template's three shots into docs/shots.jpg; of landscapes only the sheet
 * docs/templates-landscape.jpg is kept, at night. With names, or with `--out`, it renders these frames and writes no
 * sheet; `--sheet` writes only the sheet, of the frames in `--out`.
 *
 *     npm run tool -- gallery [-- --orientation landscape --language LANG --light night --shot close-up --second 4.6 --out DIR template…]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ORIENTATIONS, type Orientation } from '../../../src/config/templates/template.js';
import { packageRoot } from '../../../src/core/files/paths.js';
import { templateNames } from '../../../src/templates/load-template.js';
import { newFromTemplate } from '../../../src/templates/new-from-template.js';
import { loadSharp } from '../../../src/scene/sharp.js';
import { oneFrame } from './templates/one-frame.js';

/** The product is named and the hand points at it. */
const SECOND = '4.6';
const MAX_BYTES = 46_000;
const GAP = 8;
const SHEETS = {
  portrait: { file: 'templates.jpg', columns: 8, width: 200, height: 356, light: 'day' },
  landscape: { file: 'templates-landscape.jpg', columns: 4, width: 400, height: 225, light: 'night' },
} as const;

/** Its shots differ most: a mirror, a row of goods, a detail picture. */
const SHOTS_OF = 'beauty';
const OTHER_SHOTS = ['side-by-side', 'close-up'];
const SHOT = { width: 360, height: 640 };

const DOCS = join(packageRoot(), 'docs');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orientation: { type: 'string', default: 'portrait' },
    language: { type: 'string', default: 'en' },
    light: { type: 'string' },
    shot: { type: 'string', default: 'hero' },
    second: { type: 'string', default: SECOND },
    out: { type: 'string' },
    sheet: { type: 'boolean', default: false },
  },
});
const found = ORIENTATIONS.find((one) => one === values.orientation);
if (found === undefined) throw new Error(`--orientation: expected ${ORIENTATIONS.join(' or ')}`);
const orientation: Orientation = found;
const { file, columns, width, height, light } = SHEETS[orientation];
const sharp = await loadSharp();
const work = mkdtempSync(join(tmpdir(), 'gallery-'));
const out = values.out ?? (orientation === 'portrait' ? join(DOCS, 'templates') : work);
const pictureOf = (name: string): string =>
  join(
    out,
    `${name}${orientation === 'landscape' ? '-landscape' : ''}${values.shot === 'hero' ? '' : `-${values.shot}`}.jpg`,
  );

async function draw(name: string, picture = pictureOf(name), shot = values.shot): Promise<void> {
  const { language } = values;
  const room = await newFromTemplate(join(work, shot, name), { template: name, language, orientation });
  const fields = JSON.parse(readFileSync(room, 'utf8')) as Record<string, unknown>;
  writeFileSync(
    room,
    JSON.stringify({
      ...fields,
      daylight: { light: values.light ?? light },
      shots: { opening: shot, cuts: false },
    }),
  );
  await oneFrame(room, Number(values.second), async (png) => {
    for (let quality = 86; quality >= 50; quality -= 6) {
      const { size } = await sharp(png).jpeg({ quality, mozjpeg: true }).toFile(picture);
      if (size <= MAX_BYTES || values.out !== undefined) break;
    }
  });
}

/** Pictures in rows, on white. */
async function tile(pictures: readonly string[], tileSize: typeof SHOT, perRow: number, to: string): Promise<void> {
  const tiles = await Promise.all(
    pictures.map(async (picture, i) => ({
      input: await sharp(picture).resize(tileSize.width, tileSize.height).toBuffer(),
      left: (i % perRow) * (tileSize.width + GAP) + GAP,
      top: Math.floor(i / perRow) * (tileSize.height + GAP) + GAP,
    })),
  );
  const size = {
    width: perRow * (tileSize.width + GAP) + GAP,
    height: Math.ceil(pictures.length / perRow) * (tileSize.height + GAP) + GAP,
  };
  await sharp({ create: { ...size, channels: 3, background: '#ffffff' } })
    .composite(tiles)
    .jpeg({ quality: 80, mozjpeg: true })
    .toFile(join(DOCS, to));
}

async function shots(): Promise<void> {
  const pictures = [pictureOf(SHOTS_OF)];
  for (const shot of OTHER_SHOTS) {
    const picture = join(work, `${shot}.jpg`);
    await draw(SHOTS_OF, picture, shot);
    pictures.push(picture);
  }
  await tile(pictures, SHOT, pictures.length, 'shots.jpg');
}

try {
  mkdirSync(out, { recursive: true });
  const names = positionals.length > 0 ? positionals : templateNames();
  for (const name of values.sheet ? [] : names) {
    await draw(name);
    console.log(pictureOf(name));
  }
  const isWhole = positionals.length === 0 && values.out === undefined;
  if (values.sheet || isWhole)
    await tile(
      names.map((name) => pictureOf(name)),
      { width, height },
      columns,
      file,
    );
  if (isWhole && orientation === 'portrait') await shots();
} finally {
  rmSync(work, { recursive: true, force: true });
}
