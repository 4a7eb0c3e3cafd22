import { formatPrice, localeOf } from '../../config/languages/language-formats.js';
import type { LayerOf } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { fillTemplate } from '../fill-template.js';
import { saleWords } from '../sale/sale-words.js';
import { isRightToLeft } from '../text/direction.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { fillPanel } from './fill-panel.js';
import { PanelSheet } from './panel-sheet.js';

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
  for (const [i, { from, to, price }] of steps.entries()) {
    const { y } = sheet;
    if (i % 2 === 0) sheet.rect(pad - cell, y, inner + 2 * cell, rowHeight, rowHeight * 0.22, theme.badge);
    const range = to === undefined ? `≥ ${count.format(from)}` : `${count.format(from)} – ${count.format(to)}`;
    const priceText = formatPrice(price, currency, language);
    const last = i === steps.length - 1;
    const priceFace = await sheet.fitted(priceText, sheet.face(last ? 0.072 : 0.064, true), inner * 0.5);
    const priced = await sheet.layout(priceText, priceFace, inner * 0.5, 1);
    const unitText = unit === '' ? '' : `/ ${unit}`;
    // A short range leaves its part of the row to the unit.
    const ranging = (await c.measure.ink(range, sheet.face(0.056, false))).width;
    const rest = Math.max(inner * 0.5, inner - ranging - cell) - priced.width - cell;
    const unitFace = await sheet.fitted(unitText, sheet.face(0.046, false), rest);
    const unitBlock = await c.measure.ink(unitText, unitFace);
    const unitShown = unitBlock.width > 0 && unitBlock.width <= rest;
    sheet.crowded ||= unitText !== '' && !unitShown;
    const unitWide = unitShown ? unitBlock.width + cell : 0;
    const left = inner - priced.width - unitWide - cell;
    const rangeFace = await sheet.fitted(range, sheet.face(0.056, false), left);
    const ranged = await sheet.layout(range, rangeFace, left, 1);
    const middle = (lineHeight: number): number => Math.round(y + (rowHeight - lineHeight) / 2);
    sheet.draw(ranged, pad, pad + left, middle(ranged.lineHeight), { face: rangeFace, colour: theme.title });
    const to1 = width - pad - unitWide;
    sheet.draw(priced, to1 - priced.width - 4, to1, middle(priced.lineHeight), {
      face: priceFace,
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
