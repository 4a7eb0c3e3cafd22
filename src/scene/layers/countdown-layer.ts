import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../words.js';
import { drawSvg, type Raster } from '../raster.js';
import { saleWords } from '../sale/sale-texts.js';
import { isRightToLeft, type TextFace } from '../text/text-layout.js';
import { escapeXml } from '../text/escape-xml.js';
import { svgDocument, svgLine } from '../text/text-svg.js';
import type { BuildContext, BuiltCountdown, BuiltLayer } from './build-context.js';
import { PanelSheet } from './panel-sheet.js';

const DAY_S = 86_400;

/** A digit is `floor((secondsLeft % modulus) / divisor) % 10`. */
const CLOCK = [
  [DAY_S, 36_000],
  [DAY_S, 3600],
  [3600, 600],
  [600, 60],
  [60, 10],
  [10, 1],
] as const;
/** Without days, the hours count to 99. */
const HOURS_ALONE = [
  [360_000, 36_000],
  [36_000, 3600],
] as const;
const DAYS = [
  [100 * DAY_S, 10 * DAY_S],
  [10 * DAY_S, DAY_S],
] as const;

/**
 * The time left of an offer. Everything but the digits is one picture; the ten digits are drawn once, and the frame
 * loop chooses among them.
 */
export async function buildCountdown(layer: LayerOf<'countdown'>, c: BuildContext): Promise<BuiltLayer> {
  const { room, product } = c;
  const words = saleWords(room.language);
  const fill = (text: string): string => fillTemplate(text, room, product).trim();
  const title = fill(layer.title ?? words.flashSale);
  const offer = fill(layer.offer);
  const rightToLeft = isRightToLeft(title);
  const sheet = new PanelSheet(layer, c, 0.56, rightToLeft);
  const { theme, inner, width } = sheet;
  const leftS = (layer.durationMs ?? c.millisecondsUntil(Date.parse(layer.endsAt ?? ''))) / 1000;
  const hasDays = leftS >= DAY_S;

  const clock = sheet.part(0.062);
  drawClock(sheet, clock, theme.price);
  const titleFace = await sheet.fitted(title, sheet.face(0.062, true), inner - clock * 1.45);
  await sheet.text(title, { face: titleFace, colour: theme.price, maxLines: 1, indent: Math.round(clock * 1.45) });
  const offerFace = await sheet.within(offer, sheet.face(0.056, true), inner, 2);
  await sheet.text(offer, { face: offerFace, colour: theme.title, maxLines: 2 });
  sheet.y += sheet.part(0.02);

  const dayFace = sheet.face(0.05, true);
  const dayWidth = hasDays ? Math.ceil((await c.measure.ink(words.days, dayFace)).width) : 0;
  const groups = hasDays ? 4 : 3;
  const between = even(sheet.part(0.05));
  const dayGap = hasDays ? dayWidth + sheet.part(0.02) : 0;
  // Two cells a group; even sizes let one bitmap of a digit serve in every place.
  const cell = even((inner - between * (groups - 1) - dayGap) / (groups * 2));
  const tall = even(Math.min(cell * 1.5, sheet.part(0.19)));
  const face: TextFace = { ...sheet.face(0.1, true), sizePx: Math.round(Math.min(tall * 0.72, cell * 1.28)) };
  const row = groups * 2 * cell + between * (groups - 1) + dayGap;
  let x = even((width - row) / 2);
  const y = even(sheet.y);
  const cells: [number, number, number][] = [];
  const figures = hasDays ? [...DAYS, ...CLOCK] : [...HOURS_ALONE, ...CLOCK.slice(2)];
  for (let g = 0; g < groups; g += 1) {
    const boxes = cell * 2;
    const from = rightToLeft ? width - x - boxes : x;
    sheet.rect(from, y, boxes, tall, Math.round(tall * 0.16), theme.badge);
    for (let k = 0; k < 2; k += 1) {
      const [modulus, divisor] = figures[g * 2 + k]!;
      cells.push([x + k * cell, modulus, divisor]);
    }
    x += boxes;
    const isDays = hasDays && g === 0;
    const sign = isDays ? words.days : ':';
    if (isDays) {
      const at = x + sheet.part(0.012);
      sheet.raw(runOf(sign, at, at + dayWidth + 2, y + tall - Math.round(tall * 0.2), dayFace, theme.soft));
      x += even(dayGap);
    } else if (g < groups - 1)
      sheet.raw(
        runOf(
          sign,
          x,
          x + between,
          y + Math.round(tall * 0.66),
          { ...face, sizePx: Math.round(tall * 0.5) },
          theme.soft,
        ),
      );
    if (g < groups - 1) x += between;
  }
  sheet.y = y + tall + sheet.part(0.01);
  const running = await sheet.finish();
  const digits = await drawDigits(c, room.language, cell, tall, face, theme.badgeText);

  const ended = layer.ended === undefined ? '' : fill(layer.ended);
  const over = ended === '' ? undefined : await drawEnded(layer, c, ended, running.height);
  const overflow = running.overflow ?? over?.overflow;
  const countdown: BuiltCountdown = {
    digits: digits.map((raster) => ({ raster, dx: 0, dy: y })),
    cells,
    running: 1,
    ...(layer.durationMs === undefined ? { endsAtMs: Date.parse(layer.endsAt!) } : { durationMs: layer.durationMs }),
  };
  return {
    box: running.box,
    sprites: [...running.sprites, ...(over?.sprites ?? [])],
    countdown,
    text: `${running.text ?? ''} ${ended}`.trim(),
    ...(overflow === undefined ? {} : { overflow }),
  };
}

const even = (v: number): number => Math.floor(v / 2) * 2;

const runOf = (text: string, x0: number, x1: number, y: number, face: TextFace, colour: string): string =>
  svgLine(escapeXml(text), x0, x1, y, { face, colour, align: 'center', rightToLeft: false });

/** The digits of the language, each in the middle of its cell. */
async function drawDigits(
  c: BuildContext,
  language: string,
  width: number,
  height: number,
  face: TextFace,
  colour: string,
): Promise<Raster[]> {
  const made: Raster[] = [];
  for (let digit = 0; digit < 10; digit += 1) {
    const text = digitOf(digit, language);
    const line = runOf(text, 0, width, Math.round(height / 2 + face.sizePx * 0.36), face, colour);
    made.push(await drawSvg(c.sharp, svgDocument(width, height, line), width, height));
  }
  return made;
}

function digitOf(digit: number, language: string): string {
  try {
    return new Intl.NumberFormat(language).format(digit);
  } catch {
    return String(digit);
  }
}

async function drawEnded(
  layer: LayerOf<'countdown'>,
  c: BuildContext,
  text: string,
  height: number,
): Promise<BuiltLayer> {
  const sheet = new PanelSheet(layer, c, 0.56, isRightToLeft(text));
  const face = await sheet.fitted(text, sheet.face(0.07, true), sheet.inner);
  const block = await sheet.layout(text, face, sheet.inner, 2);
  const tall = block.lines.length * block.lineHeight;
  sheet.draw(block, sheet.pad, sheet.width - sheet.pad, Math.round((height - tall) / 2), {
    face,
    colour: sheet.theme.title,
    align: 'center',
  });
  sheet.y = 0;
  return sheet.finish(height);
}

/** A small clock before the title. */
function drawClock(sheet: PanelSheet, size: number, colour: string): void {
  const x = sheet.left(sheet.pad, size);
  const y = sheet.y + Math.round(size * 0.2);
  sheet.raw(
    `<g transform="translate(${x} ${y}) scale(${size / 24})" fill="none" stroke="${colour}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">` +
      `<circle cx="12" cy="13" r="9"/><path d="M12 8v5l3.500 2.200M9.500 1.500h5"/></g>`,
  );
}
