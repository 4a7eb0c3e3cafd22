import { formatPrice, localeOf } from '../../config/languages/language-table.js';
import type { LayerOf } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { fillTemplate } from '../words.js';
import { saleWords } from '../sale/sale-texts.js';
import { isRightToLeft } from '../text/text-layout.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { fillPanel, PanelSheet } from './panel-sheet.js';

/** The current product's prices by quantity, the smallest quantity first. */
export async function buildLadder(layer: LayerOf<'ladder'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const { product, room } = c;
  if (product === null || product.priceLadder.length === 0) return undefined;
  const { language } = room;
  const title = fillTemplate(layer.title ?? saleWords(language).byQuantity, room, product).trim();
  const steps = product.priceLadder.slice(0, layer.maxRows);
  // Every price stays, in smaller letters if need be.
  const sheet = await fillPanel(steps.length, steps.length, layer.height !== undefined, (rows, scale) =>
    drawLadder({ layer, c, product, title, scale, steps: steps.slice(0, rows) }),
  );
  return sheet.finish();
}

interface LadderParts {
  readonly layer: LayerOf<'ladder'>;
  readonly c: BuildContext;
  readonly product: Product;
  readonly title: string;
  readonly steps: Product['priceLadder'];
  readonly scale: number;
}

async function drawLadder({ layer, c, product, title, steps, scale }: LadderParts): Promise<PanelSheet> {
  const { language } = c.room;
  const sheet = new PanelSheet(layer, c, 0.48, isRightToLeft(title), scale);
  const { theme, inner, pad, width } = sheet;
  const titleFace = await sheet.fitted(title, sheet.face(0.07, true), inner);
  await sheet.text(title, { face: titleFace, colour: theme.title, maxLines: 1 });
  sheet.y += sheet.part(0.02);

  const soldOut = product.stock === 'sold-out';
  const { currency, unit } = product.price;
  const cell = sheet.part(0.025);
  const rowHeight = sheet.part(0.115 * scale);
  const count = new Intl.NumberFormat(localeOf(language));
  const prices = await Promise.all(
    steps.map(async ({ from, to, price }, i) => {
      const range = to === undefined ? `≥ ${count.format(from)}` : `${count.format(from)} – ${count.format(to)}`;
      const text = formatPrice(price, currency, language);
      const share = i === steps.length - 1 ? 0.072 : 0.064;
      const face = await sheet.fitted(text, sheet.face(share, true), inner * 0.5);
      const block = await sheet.layout(text, face, inner * 0.5, 1);
      // A short range leaves its part of the row to the unit.
      const ranging = (await c.measure.ink(range, sheet.face(0.056, false))).width;
      return { range, face, block, rest: Math.max(inner * 0.5, inner - ranging - cell) - block.width - cell };
    }),
  );
  // Of one size in all rows, or in none.
  const rest = Math.min(...prices.map((one) => one.rest));
  const unitText = unit === '' ? '' : `/ ${unit}`;
  const unitFace = await sheet.fitted(unitText, sheet.face(0.046, false), rest);
  const unitInk = (await c.measure.ink(unitText, unitFace)).width;
  const unitShown = unitInk > 0 && unitInk <= rest;
  sheet.crowded = unitText !== '' && !unitShown;
  const unitWide = unitShown ? unitInk + cell : 0;
  for (const [i, { range, face, block: priced }] of prices.entries()) {
    const { y } = sheet;
    if (i % 2 === 0) sheet.rect(pad - cell, y, inner + 2 * cell, rowHeight, rowHeight * 0.22, theme.badge);
    const left = inner - priced.width - unitWide - cell;
    const rangeFace = await sheet.fitted(range, sheet.face(0.056, false), left);
    const ranged = await sheet.layout(range, rangeFace, left, 1);
    const middle = (lineHeight: number): number => Math.round(y + (rowHeight - lineHeight) / 2);
    sheet.draw(ranged, pad, pad + left, middle(ranged.lineHeight), { face: rangeFace, colour: theme.title });
    const to1 = width - pad - unitWide;
    sheet.draw(priced, to1 - priced.width - 4, to1, middle(priced.lineHeight), {
      face,
      colour: soldOut ? theme.soft : theme.price,
      align: 'right',
    });
    if (unitShown) {
      const block = await sheet.layout(unitText, unitFace, rest + 4, 1);
      sheet.draw(block, to1 + cell, width - pad, middle(block.lineHeight), {
        face: unitFace,
        colour: theme.soft,
        align: 'left',
      });
    }
    sheet.y += rowHeight;
  }
  return sheet;
}
