import type { Layer } from '../../config/sections/layer.js';
import { sizesOf } from '../place-box.js';
import type { TextFace } from '../text/text-layout.js';
import type { BuildContext, BuiltLayer } from './build-context.js';
import { PanelSheet } from './panel-sheet.js';

/*
 * Problem: a table of three rows with letters for a telephone needs a fifth of the frame, so it hides the product that it
 * is about.
 * Rule: a panel at least four times as wide as high shows its rows side by side, each a small text over a large one. It
 * fits into the place of a caption. Cells that have no room for readable letters are left out from the end, down to the
 * given minimum.
 * Numbers: in shares of the panel's height, no letter below 24 of 720 of the frame's shortest side.
 */
const MIN_RATIO = 4;
const MIN_LETTERS = 24 / 720;
const ABOVE = 0.215;
const SMALL = 0.22;
const BELOW = { one: [0.36, 0.33, 0.3, 0.27, 0.24, 0.22], more: [0.26, 0.24, 0.22] } as const;
const PADDING = 0.14;
const GAP = 0.04;
const CORNER = 0.16;
const UNIT_GAP = 0.08;
const UNEVEN = 1.2;

export interface Cell {
  readonly above: string;
  readonly below: string;
  /** After `below` in small letters, where there is room for it in every cell. */
  readonly unit?: string;
}

export interface StripStyle {
  /** Cells that stay whatever their letters. */
  readonly minCells: number;
  /** Lines of the lower text. */
  readonly maxLines: number;
  readonly colour: 'price' | 'title' | 'soft';
  readonly rightToLeft: boolean;
}

type PanelLayer = ConstructorParameters<typeof PanelSheet>[0];

/** Whether a panel of these sizes is a strip. */
export function isStrip(layer: Layer, c: Pick<BuildContext, 'canvas'>): boolean {
  const { width, height } = sizesOf(layer, c.canvas);
  return width !== undefined && height !== undefined && width >= MIN_RATIO * height;
}

/** The cells that fit, beside each other. */
export async function buildStrip(
  layer: PanelLayer,
  c: BuildContext,
  cells: readonly Cell[],
  style: StripStyle,
): Promise<BuiltLayer> {
  const least = Math.min(cells.length, style.minCells);
  for (let count = cells.length; ; count -= 1) {
    const drawn = await drawStrip(layer, c, cells.slice(0, count), style, count <= least);
    if (drawn !== undefined) return drawn;
  }
}

/** Undefined when the cells are too narrow for their texts; `must` draws them even so. */
async function drawStrip(
  layer: PanelLayer,
  c: BuildContext,
  cells: readonly Cell[],
  { maxLines, colour, rightToLeft }: StripStyle,
  must: boolean,
): Promise<BuiltLayer | undefined> {
  const height = sizesOf(layer, c.canvas).height!;
  const sheet = new PanelSheet(layer, c, 1, rightToLeft);
  const { theme, width } = sheet;
  const smallest = Math.ceil(c.canvas.shortest * MIN_LETTERS);
  const face = (share: number, bold: boolean): TextFace => {
    const wanted = sheet.face((height * share) / width, bold);
    return { ...wanted, sizePx: Math.max(smallest, wanted.sizePx) };
  };
  const pad = Math.round(height * PADDING);
  const gap = Math.round(height * UNIT_GAP);
  const wide = async (text: string, of: TextFace): Promise<number> => (await c.measure.ink(text, of)).width;
  const aboveFace = face(ABOVE, false);
  const rooms = await roomsOf(cells, maxLines, width - 2 * pad * cells.length, aboveFace, face(SMALL, true), wide);
  if (rooms === undefined && !must) return undefined;
  const room = (i: number): number => rooms?.[i] ?? Math.floor(width / cells.length) - 2 * pad;

  const { lineHeight } = await sheet.layout('', aboveFace, width, 1);
  const maxHeight = height * (1 - GAP) - lineHeight;
  const belowFace = await lowerFace(sheet, cells, maxLines, { face, wide, room, maxHeight });
  if (belowFace === undefined && !must) return undefined;
  const lower = belowFace ?? face(SMALL, true);
  const laid = await Promise.all(
    cells.map(async ({ above, below, unit = '' }, i) => ({
      above: await sheet.layout(above, aboveFace, room(i) + 2, 1),
      below: await sheet.layout(below, lower, room(i) + 2, maxLines),
      unit,
      unitWidth: unit === '' ? 0 : gap + (await wide(unit, aboveFace)),
    })),
  );
  const withUnits = laid.every(({ below, unitWidth }, i) => below.width + unitWidth <= room(i));
  let start = 0;
  for (const [i, { above, below, unit }] of laid.entries()) {
    const from = start + pad;
    const to = from + room(i) + 2;
    const tall = above.lineHeight + below.lines.length * below.lineHeight;
    if (!must && tall + height * GAP > height) return undefined;
    const top = Math.round((height - tall) / 2);
    if (i > 0) sheet.rect(start - 1, Math.round(height * 0.2), 2, Math.round(height * 0.6), 0, theme.badge);
    sheet.draw(above, from, to, top, { face: aboveFace, colour: theme.soft });
    const lowerTop = top + above.lineHeight;
    sheet.draw(below, from, to, lowerTop, { face: lower, colour: theme[colour] });
    start = to - 2 + pad;
    if (!withUnits || unit === '') continue;
    const block = await sheet.layout(unit, aboveFace, room(i), 1);
    sheet.draw(
      block,
      from + below.width + gap,
      to,
      lowerTop + Math.round((below.lineHeight - block.lineHeight) * 0.7),
      {
        face: aboveFace,
        colour: theme.soft,
      },
    );
  }
  const corner = Math.round(height * CORNER);
  sheet.y = 0;
  return sheet.finish(height, (h, fill) => `<rect width="${width}" height="${h}" rx="${corner}" ${fill}/>`, corner);
}

/** Widths of the cells: equal where that does, else by what each needs; undefined when that is too much. */
async function roomsOf(
  cells: readonly Cell[],
  maxLines: number,
  available: number,
  aboveFace: TextFace,
  belowFace: TextFace,
  wide: (text: string, face: TextFace) => Promise<number>,
): Promise<number[] | undefined> {
  const needs = await Promise.all(
    cells.map(async ({ above, below }) => {
      const words = await Promise.all(below.split(/\s+/).map((word) => wide(word, belowFace)));
      // Lines of a text are not equally long.
      const lines = maxLines === 1 || words.length === 1 ? 1 : maxLines / UNEVEN;
      return Math.ceil(Math.max(await wide(above, aboveFace), ...words, (await wide(below, belowFace)) / lines)) + 2;
    }),
  );
  const equal = Math.floor(available / cells.length);
  if (needs.every((need) => need <= equal)) return cells.map(() => equal);
  const rest = Math.floor((available - needs.reduce((sum, need) => sum + need, 0)) / cells.length);
  return rest < 0 ? undefined : needs.map((need) => need + rest);
}

interface LowerParts {
  readonly face: (share: number, bold: boolean) => TextFace;
  readonly wide: (text: string, face: TextFace) => Promise<number>;
  readonly room: (cell: number) => number;
  readonly maxHeight: number;
}

/** The largest face at which the lower text of every cell fits, on one line if possible; undefined if no size fits. */
async function lowerFace(
  sheet: PanelSheet,
  cells: readonly Cell[],
  maxLines: number,
  { face, wide, room, maxHeight }: LowerParts,
): Promise<TextFace | undefined> {
  const all = async (fits: (text: string, room: number) => Promise<boolean>): Promise<boolean> =>
    (await Promise.all(cells.map(({ below }, i) => fits(below, room(i))))).every(Boolean);
  for (const share of BELOW.one) {
    const one = face(share, true);
    if (await all(async (text, width) => (await wide(text, one)) <= width)) return one;
  }
  if (maxLines < 2) return undefined;
  for (const share of BELOW.more) {
    const one = face(share, true);
    if (await all((text, width) => sheet.holds(text, one, { maxWidth: width, maxHeight, maxLines }))) return one;
  }
  return undefined;
}
