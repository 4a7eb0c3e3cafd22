import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../fill-template.js';
import { sizesOf } from '../place-box.js';
import { isRightToLeft } from '../text/direction.js';
import { paint } from '../text/text-svg.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { PanelSheet } from './panel-sheet.js';

/** Outlines on a 24 × 24 grid; own work. */
const ICONS: Readonly<Record<Exclude<LayerOf<'announcement'>['icon'], 'none'>, string>> = {
  megaphone: 'M4 10v4h3l7 4V6L7 10zM17 9a4 4 0 0 1 0 6M8 14.5l1.2 4.5h2.2l-1-3.6',
  truck: 'M3 7h10v9H3zM13 10h4l3 3v3h-7zM7 18.5a1.6 1.6 0 1 0 .01 0M16.5 18.5a1.6 1.6 0 1 0 .01 0',
  gift: 'M4 9h16v4H4zM5.5 13v7h13v-7M12 9v11M12 9C9 9 7 7.500 8 5.500S11.500 5 12 9c.5-4 3-5.500 4-3.500S15 9 12 9',
  star: 'M12 4l2.4 5.200 5.600.700-4.100 3.900 1.050 5.600L12 16.700l-4.950 2.700 1.050-5.600L4 9.900l5.600-.700z',
  clock: 'M12 4a8 8 0 1 0 .01 0M12 8v4.500l3 2',
  check: 'M12 4a8 8 0 1 0 .01 0M8.500 12.300l2.500 2.500 4.700-5',
  info: 'M12 4a8 8 0 1 0 .01 0M12 11v5M12 8v.3',
  heart:
    'M12 19C5.500 14.500 4 11.500 4 9.200 4 6.800 5.900 5 8 5c1.700 0 3.200 1 4 2.500C12.800 6 14.300 5 16 5c2.100 0 4 1.800 4 4.200 0 2.300-1.500 5.300-8 9.800z',
};

/** One line of news with a sign before it; as wide as its words unless a width is set. */
export async function buildAnnouncement(
  layer: LayerOf<'announcement'>,
  c: BuildContext,
): Promise<BuiltLayer | undefined> {
  const text = fillTemplate(layer.text, c.room, c.product).trim();
  if (text === '') return undefined;
  const rightToLeft = isRightToLeft(text);
  const full = sizesOf(layer, c.canvas).width ?? Math.round(Math.min(c.canvas.width * 0.92, c.canvas.shortest * 1.3));
  const probe = new PanelSheet({ ...layer, width: full }, c, 1, rightToLeft);
  const face0 = probe.face((0.043 * c.canvas.shortest) / full, true);
  const icon = layer.icon === 'none' ? 0 : Math.round(face0.sizePx * 1.35);
  const pad = Math.round(face0.sizePx * 0.8);
  const gap = icon === 0 ? 0 : Math.round(face0.sizePx * 0.5);
  const around = 2 * pad + icon + gap;
  const face = await probe.fitted(text, face0, full - around);
  const { width: ink } = await c.measure.ink(text, face);
  const width = layer.width === undefined ? Math.min(full, Math.ceil(ink) + around + 2) : full;
  const sheet = new PanelSheet({ ...layer, width }, c, 1, rightToLeft);
  const { theme } = sheet;
  const height = Math.round(face0.sizePx * 2.1);
  const block = await sheet.layout(text, face, width - around + 2, 1);
  sheet.draw(block, pad + icon + gap, width - pad + 2, Math.round((height - block.lineHeight) / 2), {
    face,
    colour: theme.title,
  });
  if (layer.icon !== 'none') {
    const x = sheet.left(pad, icon);
    const y = Math.round((height - icon) / 2);
    const scale = icon / 24;
    const colour = layer.theme === 'brand' ? '#ffffff' : theme.price;
    sheet.raw(
      `<path transform="translate(${x} ${y}) scale(${scale})" d="${ICONS[layer.icon]}" fill="none" ${paint('stroke', colour)} stroke-width="2.1" stroke-linecap="round" stroke-linejoin="round"/>`,
    );
  }
  // Round ends, and no more room below than above.
  sheet.y = height - sheet.part(0.05);
  const made = await sheet.finish(0, (h, fill) => `<rect width="${width}" height="${h}" rx="${h / 2}" ${fill}/>`);
  return { ...made, text };
}
