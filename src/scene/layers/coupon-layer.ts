import type { LayerOf } from '../../config/sections/layer.js';
import { couponTexts } from '../sale/sale-texts.js';
import { isRightToLeft } from '../text/text-layout.js';
import { paint } from '../text/text-svg.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { PanelSheet } from './panel-sheet.js';

/** A coupon of the platform as a ticket: its value on the stub, how to get it beside. */
export async function buildCoupon(layer: LayerOf<'coupon'>, c: BuildContext): Promise<BuiltLayer> {
  const texts = couponTexts(layer, c.room, c.product);
  const rightToLeft = isRightToLeft(texts.title);
  const sheet = new PanelSheet(layer, c, 0.54, rightToLeft);
  const { width, theme } = sheet;
  const stub = sheet.part(0.36);
  const margin = sheet.part(0.035);
  const gap = sheet.part(0.045);
  const onBrand = layer.theme === 'brand';

  const valueFace = await sheet.fitted(texts.value, sheet.face(0.135, true), stub - 2 * margin, 0.4);
  const value = await sheet.layout(texts.value, valueFace, stub - 2 * margin, 1);
  const offFace = await sheet.fitted(texts.off, sheet.face(0.05, true), stub - 2 * margin);
  const off = await sheet.layout(texts.off, offFace, stub - 2 * margin, 1);

  const indent = stub + gap - sheet.pad;
  sheet.y = sheet.part(0.042);
  const small = (text: string, bold: boolean) =>
    sheet.within(text, sheet.face(0.047, bold), width - stub - gap - sheet.pad, 2);
  const titleFace = await sheet.fitted(texts.title, sheet.face(0.066, true), width - stub - gap - sheet.pad);
  await sheet.text(texts.title, { face: titleFace, colour: theme.title, maxLines: 1, indent });
  if (texts.condition !== '')
    await sheet.text(texts.condition, {
      face: await small(texts.condition, false),
      colour: theme.soft,
      maxLines: 2,
      indent,
    });
  await sheet.text(texts.how, { face: await small(texts.how, true), colour: theme.price, maxLines: 2, indent });
  const height = Math.max(sheet.y + sheet.part(0.042), sheet.part(0.27));

  const stubHeight = value.lineHeight + off.lineHeight * 0.9;
  const top = Math.round((height - stubHeight) / 2);
  const ink = '#ffffff';
  const notch = sheet.part(0.028);
  const radius = width * 0.04;
  const cut = sheet.left(stub, 0);
  const x = sheet.left(0, stub);
  // The stub is drawn first, then its letters; the perforation lies on the cut.
  const stubFill = onBrand ? '#00000026' : theme.price;
  const stubShape = ticketHalf(x, stub, height, radius, notch, rightToLeft);
  const dash = sheet.part(0.02);
  sheet.raw(
    `<path d="${stubShape}" ${paint('fill', stubFill)}/>` +
      `<path d="M${cut} ${notch * 2}V${height - notch * 2}" fill="none" stroke="#ffffff" stroke-opacity="0.55" stroke-width="${Math.max(2, width * 0.006)}" stroke-dasharray="${dash} ${dash}"/>`,
  );
  sheet.draw(value, margin, stub - margin, top, { face: valueFace, colour: ink, align: 'center' });
  sheet.draw(off, margin, stub - margin, Math.round(top + value.lineHeight * 0.94), {
    face: offFace,
    colour: ink,
    align: 'center',
  });
  sheet.y = height - sheet.part(0.05);
  return sheet.finish(0, (h, fill) => `<path d="${ticket(width, h, radius, notch, cut)}" ${fill}/>`);
}

/** A rounded rectangle with a half circle cut out of its upper and lower edge at `cut`. */
function ticket(width: number, height: number, r: number, notch: number, cut: number): string {
  return (
    `M${r} 0H${cut - notch}A${notch} ${notch} 0 0 0 ${cut + notch} 0H${width - r}A${r} ${r} 0 0 1 ${width} ${r}` +
    `V${height - r}A${r} ${r} 0 0 1 ${width - r} ${height}H${cut + notch}A${notch} ${notch} 0 0 0 ${cut - notch} ${height}` +
    `H${r}A${r} ${r} 0 0 1 0 ${height - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`
  );
}

/** The stub: the part of the ticket on one side of the cut. */
function ticketHalf(x: number, width: number, height: number, r: number, notch: number, atRight: boolean): string {
  const x1 = x + width;
  if (atRight) {
    return (
      `M${x + notch} 0H${x1 - r}A${r} ${r} 0 0 1 ${x1} ${r}V${height - r}A${r} ${r} 0 0 1 ${x1 - r} ${height}` +
      `H${x + notch}A${notch} ${notch} 0 0 0 ${x} ${height - notch}V${notch}A${notch} ${notch} 0 0 0 ${x + notch} 0Z`
    );
  }
  return (
    `M${r} 0H${x1 - notch}A${notch} ${notch} 0 0 0 ${x1} ${notch}V${height - notch}A${notch} ${notch} 0 0 0 ${x1 - notch} ${height}` +
    `H${r}A${r} ${r} 0 0 1 0 ${height - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`
  );
}
