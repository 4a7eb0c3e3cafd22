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
  const sheet = await fillPanel(steps.length, steps.length, layer.height !== undefined, (rows, scale, spare) =>
    drawLadder({ layer, c, product, title, scale, spare, steps: steps.slice(0, rows) }),
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
  /** Pixels of height that the rows share. */
  readonly spare: number;
}

async function drawLadder({ layer, c, product, title, steps, scale, spare }: LadderParts): Promise<PanelSheet> {
  const { language } = c.room;
  const sheet = new PanelSheet(layer, c, 0.48, isRightToLeft(title), scale);
  const { theme, inner, pad, width } = sheet;
  const cell = sheet.part(0.025);
  const soldOut = product.stock === 'sold-out';
  const { currency, unit } = product.price;

  // The unit stands once, beside the title: rows have the width for letters that are read on a telephone.
  const unitText = unit === '' ? '' : `/ ${unit}`;
  const unitWanted = sheet.face(0.052, false);
  const least = await c.measure.ink(unitText, await sheet.fitted(unitText, unitWanted, 0));
  const titleFace = await sheet.fitted(title, sheet.face(0.07, true), inner - least.width - 2 * cell);
  const left = inner - (await c.measure.ink(title, titleFace)).width - 2 * cell;
  const unitFace = await sheet.fitted(unitText, unitWanted, left);
  const unitShown = unitText !== '' && (await c.measure.ink(unitText, unitFace)).width <= left;
  sheet.crowded = unitText !== '' && !unitShown;
  const { y: top } = sheet;
  const titled = await sheet.text(title, { face: titleFace, colour: theme.title, maxLines: 1 });
  if (unitShown) {
    const block = await sheet.layout(unitText, unitFace, left + 4, 1);
    const y = top + titled.baseline - block.baseline;
    sheet.draw(block, width - pad - left, width - pad, y, { face: unitFace, colour: theme.soft, align: 'right' });
  }
  sheet.y += sheet.part(0.02);

  const rowHeight =
    sheet.part((layer.height === undefined ? 0.115 : 0.1) * scale) + Math.floor(spare / Math.max(1, steps.length));
  const count = new Intl.NumberFormat(localeOf(language));
  for (const [i, { from, to, price }] of steps.entries()) {
    const { y } = sheet;
    const range = to === undefined ? `≥ ${count.format(from)}` : `${count.format(from)} – ${count.format(to)}`;
    const text = formatPrice(price, currency, language);
    const face = await sheet.fitted(text, sheet.face(i === steps.length - 1 ? 0.072 : 0.064, true), inner * 0.5);
    const priced = await sheet.layout(text, face, inner * 0.5, 1);
    if (i % 2 === 0) sheet.rect(pad - cell, y, inner + 2 * cell, rowHeight, sheet.part(0.025 * scale), theme.badge);
    const room = inner - priced.width - 2 * cell;
    const rangeFace = await sheet.fitted(range, sheet.face(0.056, false), room);
    const ranged = await sheet.layout(range, rangeFace, room, 1);
    const middle = (lineHeight: number): number => Math.round(y + (rowHeight - lineHeight) / 2);
    sheet.draw(ranged, pad, pad + room, middle(ranged.lineHeight), { face: rangeFace, colour: theme.title });
    sheet.draw(priced, width - pad - priced.width - 4, width - pad, middle(priced.lineHeight), {
      face,
      colour: soldOut ? theme.soft : theme.price,
      align: 'right',
    });
    sheet.y += rowHeight;
  }
  return sheet;
}
