import type { LayerOf } from '../../config/sections/layer.js';
import { isRightToLeft } from '../text/direction.js';
import { paint } from '../text/text-svg.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { PanelSheet } from './panel-sheet.js';

const MAX_LINES = 3;

/** A viewer's comment: a figure, the viewer's name, the words. */
export async function buildQuestion(layer: LayerOf<'question'>, c: BuildContext): Promise<BuiltLayer> {
  const user = layer.user.trim();
  const sheet = new PanelSheet(layer, c, 0.72, isRightToLeft(layer.text));
  const { theme, pad } = sheet;
  const figure = sheet.part(0.105);
  const gap = sheet.part(0.035);
  const indent = figure + gap;
  sheet.y = sheet.part(0.038);
  const top = sheet.y;
  if (user !== '') await sheet.text(user, { face: sheet.face(0.046, true), colour: theme.price, maxLines: 1, indent });
  const face = await sheet.within(layer.text, sheet.face(0.054, true), sheet.inner - indent, MAX_LINES);
  await sheet.text(layer.text, { face, colour: theme.title, maxLines: MAX_LINES, indent });
  const height = Math.max(sheet.y, top + figure) + sheet.part(0.042);
  sheet.y = height - sheet.part(0.05);
  const x = sheet.left(pad, figure);
  const y = top + sheet.part(0.012);
  const onBrand = layer.theme === 'brand';
  const r = figure / 2;
  sheet.raw(
    `<clipPath id="f"><circle cx="${x + r}" cy="${y + r}" r="${r}"/></clipPath>` +
      `<circle cx="${x + r}" cy="${y + r}" r="${r}" ${paint('fill', theme.badge)}/>` +
      `<g clip-path="url(#f)" ${paint('fill', onBrand ? '#ffffff' : theme.price)}>` +
      `<circle cx="${x + r}" cy="${y + r * 0.8}" r="${r * 0.36}"/>` +
      `<ellipse cx="${x + r}" cy="${y + r * 1.86}" rx="${r * 0.68}" ry="${r * 0.62}"/></g>`,
  );
  return sheet.finish();
}
