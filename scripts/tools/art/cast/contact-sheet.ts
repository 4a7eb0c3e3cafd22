import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { fitInto } from '../../../../src/avatar/load-presenter.js';
import type { CastCard } from '../../../../src/avatar/list-cast.js';
import { readPresenterPack } from '../../../../src/avatar/presenter-pack.js';
import { stillSvg } from '../../../../src/avatar/presenter-still.js';

const COLUMNS = 12;
const TILE = { width: 132, height: 150 };
const NAME_HEIGHT = 20;
/** The bust fills a tile at this width of the whole figure. */
const FIGURE_WIDTH = 230;

/** Head and shoulders of a presenter as RGB pixels on the sheet's ground. */
async function bust(dir: string, tile = TILE, figureWidth = FIGURE_WIDTH, background = '#dbe6ea'): Promise<Sharp> {
  const pack = await readPresenterPack(dir);
  const size = { width: figureWidth, height: Math.round(figureWidth * 1.19) };
  const fit = fitInto(pack.manifest, { x: 0, y: 0, ...size });
  const left = Math.round((size.width - tile.width) / 2);
  return sharp(
    await sharp(stillSvg(pack, fit, size))
      .flatten({ background })
      .extract({ left, top: 0, ...tile })
      .png()
      .toBuffer(),
  );
}

/** All presenters in rows, each with its name. */
export async function contactSheet(people: readonly CastCard[], file: string): Promise<void> {
  const rows = Math.ceil(people.length / COLUMNS);
  const cell = TILE.height + NAME_HEIGHT;
  const pieces: OverlayOptions[] = [];
  for (const [i, { dir, name }] of people.entries()) {
    const left = (i % COLUMNS) * TILE.width;
    const top = Math.floor(i / COLUMNS) * cell;
    pieces.push({ input: await (await bust(dir)).toBuffer(), left, top });
    const label = `<svg xmlns="http://www.w3.org/2000/svg" width="${TILE.width}" height="${NAME_HEIGHT}"><text x="50%" y="14" text-anchor="middle" font-family="Noto Sans, DejaVu Sans, sans-serif" font-size="12" fill="#33444d">${name}</text></svg>`;
    pieces.push({ input: Buffer.from(label), left, top: top + TILE.height });
  }
  await sharp({ create: { width: COLUMNS * TILE.width, height: rows * cell, channels: 3, background: '#f4f7f8' } })
    .composite(pieces)
    .png({ palette: true, quality: 90, colours: 256, effort: 7 })
    .toFile(file);
}
