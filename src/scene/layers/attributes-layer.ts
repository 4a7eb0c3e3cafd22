import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../fill-template.js';
import { shownAttributes } from '../sale/sale-texts.js';
import { saleWords } from '../sale/sale-words.js';
import { isRightToLeft } from '../text/direction.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { fillPanel } from './fill-panel.js';
import { PanelSheet } from './panel-sheet.js';

const MAX_VALUE_LINES = 3;
/** Left in a panel of a given height, so that letters are of a readable size. */
const MIN_ROWS = 3;
/** Share of a row for the names: as much as they need, within these bounds. */
const NAMES = { least: 0.3, most: 0.48 };

/** The current product's key attributes: name and value, a row each. */
export async function buildAttributes(layer: LayerOf<'attributes'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const { product, room } = c;
  if (product === null) return undefined;
  const rows = shownAttributes(layer, product);
  if (rows.length === 0) return undefined;
  const title = fillTemplate(layer.title ?? saleWords(room.language).attributes, room, product).trim();
  const sheet = await fillPanel(rows.length, MIN_ROWS, layer.height !== undefined, (count, scale) =>
    drawAttributes(new PanelSheet(layer, c, 0.54, isRightToLeft(title), scale), c, title, rows.slice(0, count)),
  );
  return sheet.finish();
}

async function drawAttributes(
  sheet: PanelSheet,
  c: BuildContext,
  title: string,
  rows: readonly { readonly name: string; readonly value: string }[],
): Promise<PanelSheet> {
  const { theme, inner, pad, width } = sheet;
  const titleFace = await sheet.fitted(title, sheet.face(0.064, true), inner);
  await sheet.text(title, { face: titleFace, colour: theme.title, maxLines: 1 });
  sheet.y += sheet.part(0.015);
  const gap = sheet.part(0.04 * sheet.scale);
  const nameFace = sheet.face(0.045, false);
  const widths = await Promise.all(rows.map(async ({ name }) => (await c.measure.ink(name, nameFace)).width));
  const names = Math.round(Math.max(inner * NAMES.least, Math.min(inner * NAMES.most, Math.max(...widths) + 2)));
  const line = Math.max(1, sheet.part(0.004));
  const space = sheet.part(0.018);
  for (const [i, { name, value }] of rows.entries()) {
    if (i > 0) sheet.rect(pad, sheet.y, inner, line, 0, theme.badge);
    // A single long word gets smaller letters instead of a break inside it.
    const own = /\s/.test(name)
      ? await sheet.within(name, nameFace, names, 2)
      : await sheet.fitted(name, nameFace, names);
    const valueFace = await sheet.within(value, sheet.face(0.048, true), inner - names - gap, MAX_VALUE_LINES);
    const named = await sheet.layout(name, own, names, 2);
    const valued = await sheet.layout(value, valueFace, inner - names - gap, MAX_VALUE_LINES);
    const top = sheet.y + space;
    sheet.draw(named, pad, pad + names, top, { face: own, colour: theme.soft });
    sheet.draw(valued, pad + names + gap, width - pad, top, { face: valueFace, colour: theme.title });
    const tall = Math.max(named.lines.length * named.lineHeight, valued.lines.length * valued.lineHeight);
    sheet.y = top + tall + space;
  }
  return sheet;
}
