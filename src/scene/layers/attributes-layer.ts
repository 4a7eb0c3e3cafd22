import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../fill-template.js';
import { shownAttributes } from '../sale-texts.js';
import { saleWords } from '../sale-words.js';
import { isRightToLeft } from '../text/direction.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { PanelSheet } from './panel-sheet.js';

/** Share of a row for the names. */
const NAMES = 0.42;

/** The current product's key attributes: name and value, a row each. */
export async function buildAttributes(layer: LayerOf<'attributes'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const { product, room } = c;
  if (product === null) return undefined;
  const rows = shownAttributes(layer, product);
  if (rows.length === 0) return undefined;
  const title = fillTemplate(layer.title ?? saleWords(room.language).attributes, room, product).trim();
  const sheet = new PanelSheet(layer, c, 0.54, isRightToLeft(title));
  const { theme, inner, pad, width } = sheet;
  const titleFace = await sheet.fitted(title, sheet.face(0.064, true), inner);
  await sheet.text(title, { face: titleFace, colour: theme.title, maxLines: 1 });
  sheet.y += sheet.part(0.015);
  const gap = sheet.part(0.03);
  const names = Math.round(inner * NAMES);
  const line = Math.max(1, sheet.part(0.004));
  const space = sheet.part(0.018);
  for (const [i, { name, value }] of rows.entries()) {
    if (i > 0) sheet.rect(pad, sheet.y, inner, line, 0, theme.badge);
    const nameFace = await sheet.fitted(name, sheet.face(0.046, false), names);
    const valueFace = sheet.face(0.048, true);
    const named = await sheet.layout(name, nameFace, names, 2);
    const valued = await sheet.layout(value, valueFace, inner - names - gap, 2);
    const top = sheet.y + space;
    sheet.draw(named, pad, pad + names, top, { face: nameFace, colour: theme.soft });
    sheet.draw(valued, pad + names + gap, width - pad, top, { face: valueFace, colour: theme.title });
    const tall = Math.max(named.lines.length * named.lineHeight, valued.lines.length * valued.lineHeight);
    sheet.y = top + tall + space;
  }
  return sheet.finish();
}
