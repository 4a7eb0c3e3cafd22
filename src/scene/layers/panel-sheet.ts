import type { Layer } from '../../config/sections/layer.js';
import { fontFamilies } from '../fonts/glyph-set.js';
import { placeBox, sizesOf } from '../place-box.js';
import { assertDrawable, drawSvg, type Raster } from '../raster.js';
import { layoutText, type TextBlock, type TextFace } from '../text/text-layout.js';
import { paint, splitColour, svgBlock, svgDocument } from '../text/text-svg.js';
import { type BuildContext, type BuiltLayer, type Overflow, overflowOf } from './build-context.js';

interface PanelTheme {
  body: string;
  title: string;
  soft: string;
  price: string;
  bar: string;
  badge: string;
  badgeText: string;
}

/** The colours of a card or panel, with the room's accent. */
export const themeOf = (name: 'light' | 'dark' | 'brand', accent: string): PanelTheme => {
  const { rgb } = splitColour(accent);
  if (name === 'dark') {
    return {
      body: '#171b24',
      title: '#f6f7f9',
      soft: '#a3abba',
      price: rgb,
      bar: rgb,
      badge: `${rgb}38`,
      badgeText: '#ffffff',
    };
  }
  if (name === 'brand') {
    return {
      body: rgb,
      title: '#ffffff',
      soft: '#ffffffe6',
      price: '#ffffff',
      bar: '#ffffff',
      badge: '#0000002e',
      badgeText: '#ffffff',
    };
  }
  return {
    body: '#ffffff',
    title: '#161a22',
    soft: '#69727f',
    price: rgb,
    bar: rgb,
    badge: `${rgb}1c`,
    badgeText: rgb,
  };
};

type PanelLayer = Layer & { readonly theme: 'light' | 'dark' | 'brand'; readonly accent: string };

interface BlockStyle {
  readonly face: TextFace;
  readonly colour: string;
  readonly maxLines: number;
  /** Space taken from the reading edge and from the other edge, in pixels. */
  readonly indent?: number;
  readonly outdent?: number;
  readonly align?: 'left' | 'center' | 'right';
}

/** Letters are made smaller down to this share before a line is cut. */
const MIN_SHRINK = 0.72;

/** A panel under construction, from top to bottom. All sizes derive from its width, as those of the price card. */
export class PanelSheet {
  readonly width: number;
  readonly theme: PanelTheme;
  readonly pad: number;
  /** Top of the next part. */
  y: number;
  /** The unit was left out for want of width. */
  crowded = false;
  private readonly parts: string[] = [];
  private readonly texts: string[] = [];
  private overflow: Overflow | undefined;

  /** `share`: default width as a share of the frame's shortest side. */
  constructor(
    private readonly layer: PanelLayer,
    private readonly c: BuildContext,
    share: number,
    readonly rightToLeft: boolean,
    /** Size of letters and rows, as a multiple of the usual one. */
    readonly scale = 1,
  ) {
    this.width = sizesOf(layer, c.canvas).width ?? Math.round(c.canvas.shortest * share);
    assertDrawable(this.width, this.width); // letters grow with it
    this.theme = themeOf(layer.theme, layer.accent);
    this.pad = this.part(0.06);
    this.y = this.part(0.05);
  }

  /** A share of the width in whole pixels. */
  part(share: number): number {
    return Math.round(this.width * share);
  }

  get inner(): number {
    return this.width - 2 * this.pad;
  }

  face(share: number, bold: boolean): TextFace {
    const families = fontFamilies('sans', this.c.room.language);
    return { families, sizePx: Math.max(8, this.part(share * this.scale)), bold };
  }

  /** Whether the panel keeps to the layer's own height so far, with no text cut off for larger letters; false without a height. */
  get fits(): boolean {
    return this.spare >= 0 && (this.scale <= 1 || this.overflow === undefined);
  }

  /** Pixels of the layer's own height that are left so far; below 0 when it is too low, or has none. */
  get spare(): number {
    return (sizesOf(this.layer, this.c.canvas).height ?? -Infinity) - this.end;
  }

  private get end(): number {
    return this.y + this.part(0.05);
  }

  /** The face in a size at which the text fits one line, if a readable one does. */
  async fitted(text: string, face: TextFace, maxWidth: number, minShrink = MIN_SHRINK): Promise<TextFace> {
    const least = Math.max(8, Math.ceil(face.sizePx * minShrink));
    let one = face;
    while (one.sizePx > least && (await this.c.measure.ink(text, one)).width > maxWidth)
      one = { ...one, sizePx: one.sizePx - 1 };
    return one;
  }

  /** Lays a text out without drawing it; overflow is reported. */
  async layout(text: string, face: TextFace, maxWidth: number, maxLines: number): Promise<TextBlock> {
    const block = await layoutText(text, this.c.measure, {
      face,
      language: this.c.room.language,
      maxWidth: Math.max(1, maxWidth),
      maxLines,
    });
    this.texts.push(text);
    this.overflow ??= overflowOf(block, 0, 0).overflow;
    return block;
  }

  /** The largest face, down to a readable size, at which the text takes at most `maxLines` lines. */
  async within(text: string, face: TextFace, maxWidth: number, maxLines: number): Promise<TextFace> {
    const { language } = this.c.room;
    const least = Math.max(8, Math.ceil(face.sizePx * MIN_SHRINK));
    const step = Math.max(1, Math.round(face.sizePx * 0.07));
    let one = face;
    while (one.sizePx > least) {
      const block = await layoutText(text, this.c.measure, { face: one, language, maxWidth: Math.max(1, maxWidth) });
      if (block.lines.length <= maxLines) break;
      one = { ...one, sizePx: Math.max(least, one.sizePx - step) };
    }
    return one;
  }

  /** Draws a block with its top at `y`; `from` and `to` count from the edge where the panel's reading starts. */
  draw(
    block: TextBlock,
    from: number,
    to: number,
    y: number,
    style: Pick<BlockStyle, 'face' | 'colour' | 'align'>,
  ): void {
    const [x0, x1] = this.rightToLeft ? [this.width - to, this.width - from] : [from, to];
    const { face, colour, align = 'left' } = style;
    // A text that runs against the panel still starts at the panel's reading edge.
    const against = block.rightToLeft !== this.rightToLeft && align !== 'center';
    const side = against ? (align === 'left' ? 'right' : 'left') : align;
    this.parts.push(svgBlock(block, x0, x1, y, { face, colour, align: side }));
  }

  /** Lays out and draws a text at `y`, and moves on below it. */
  async text(text: string, style: BlockStyle): Promise<TextBlock> {
    const from = this.pad + (style.indent ?? 0);
    const to = this.width - this.pad - (style.outdent ?? 0);
    const block = await this.layout(text, style.face, to - from, style.maxLines);
    this.draw(block, from, to, this.y, style);
    this.y += block.lines.length * block.lineHeight;
    return block;
  }

  /** A rectangle; `from` counts from the reading edge. */
  rect(from: number, y: number, width: number, height: number, radius: number, colour: string): void {
    const x = this.rightToLeft ? this.width - from - width : from;
    this.parts.push(
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" ${paint('fill', colour)}/>`,
    );
  }

  raw(svg: string): void {
    this.parts.push(svg);
  }

  /** The box of the reading edge: where an element of this width starts, from the left. */
  left(from: number, width: number): number {
    return this.rightToLeft ? this.width - from - width : from;
  }

  /** The finished panel; `body` draws its shape in a colour, by default a rounded rectangle. */
  async finish(
    minimum = 0,
    body?: (height: number, fill: string) => string,
  ): Promise<BuiltLayer & { readonly height: number }> {
    const { layer, c, width, theme } = this;
    const height = Math.max(sizesOf(layer, c.canvas).height ?? 0, minimum, this.end);
    const draw = body ?? ((h, fill) => `<rect width="${width}" height="${h}" rx="${width * 0.05}" ${fill}/>`);
    const sprite = await this.shaded(height, draw, theme.body);
    return {
      height,
      box: placeBox(layer, width, height, c.canvas),
      sprites: [sprite],
      text: this.texts.join(' '),
      ...(this.overflow === undefined ? {} : { overflow: this.overflow }),
    };
  }

  private async shaded(
    height: number,
    body: (height: number, fill: string) => string,
    colour: string,
  ): Promise<{ raster: Raster; dx: number; dy: number }> {
    const { width } = this;
    const shade = Math.max(4, Math.round(width * 0.05));
    const fullW = width + 2 * shade;
    const fullH = height + 2 * shade;
    const svg =
      `<filter id="s" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${shade * 0.36}"/></filter>` +
      `<g transform="translate(${shade} ${shade})">` +
      `<g transform="translate(0 ${shade * 0.22})" filter="url(#s)">${body(height, 'fill="#000" fill-opacity="0.30"')}</g>` +
      `${body(height, paint('fill', colour))}${this.parts.join('')}</g>`;
    return {
      raster: await drawSvg(this.c.sharp, svgDocument(fullW, fullH, svg), fullW, fullH),
      dx: -shade,
      dy: -shade,
    };
  }
}

/** Letters of a panel that has room are made larger: most viewers look at a telephone. */
const SCALES = [1.5, 1.4, 1.3, 1.2, 1.1, 1];
/** Fewer rows are read more easily than small letters. */
const READABLE = 1.2;

/**
 * A table in a panel of a given height: rows and letters so that it fills the panel and does not leave it. `draw` draws that many
 * rows at a scale of letters, and gives them `spare` pixels of height between them. Down to `minRows` rows, and then the unit, are left out for letters of a readable size; fewer rows only where the smallest
 * letters do not fit either. A panel without a height grows with its rows.
 */
export async function fillPanel(
  rows: number,
  minRows: number,
  hasHeight: boolean,
  draw: (rows: number, scale: number, spare: number) => Promise<PanelSheet>,
): Promise<PanelSheet> {
  if (!hasHeight) return draw(rows, 1, 0);
  const least = Math.min(rows, minRows);
  const readable = SCALES.filter((scale) => scale >= READABLE);
  for (const [from, to, scales, crowded] of [
    [rows, least, readable, false],
    [rows, least, readable, true],
    [rows, 1, SCALES.slice(readable.length), true],
  ] as const) {
    for (let count = from; count >= to; count -= 1)
      for (const scale of scales) {
        const sheet = await draw(count, scale, 0);
        if (!sheet.fits || (!crowded && sheet.crowded)) continue;
        return sheet.spare < count ? sheet : await draw(count, scale, sheet.spare);
      }
  }
  return draw(1, 1, 0);
}
