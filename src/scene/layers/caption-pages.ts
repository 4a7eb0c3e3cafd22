import type { LayerOf } from '../../config/sections/layer.js';
import { millisecondsToFrames } from '../../core/time.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { crop, drawSvg, inkBox, type Raster, type SharpLoader } from '../raster.js';
import { layoutText, runDirection, type TextBlock, type TextFace, type TextLine } from '../text/text-layout.js';
import { escapeXml } from '../text/escape-xml.js';
import { outlineWidth, paint, splitColour, svgDocument, svgLine, type LineStyle } from '../text/text-svg.js';
import { faceOf, type BuildContext, type BuiltLayer, type BuiltSprite } from './build-context.js';

/** Punctuation that fills half of its square: a line ending with it looks off-centre when the squares are centred. */
const HALF_EMPTY = /^[（［｛「『【《〈〔“‘]|[、。，．：；！？）］｝」』】》〉〕”’]$/u;

/**
 * Pixels to shift a centred line right so its visible part is centred at `width / 2`. 0 for lines whose squares are
 * filled at both ends, which needs no drawing.
 */
async function shiftToMiddle(
  text: string,
  style: LineStyle,
  width: number,
  block: Pick<TextBlock, 'lineHeight' | 'baseline'>,
  sharp: SharpLoader,
): Promise<number> {
  if (!HALF_EMPTY.test(text)) return 0;
  // Twice as wide, so nothing is cut off.
  const line = svgLine(escapeXml(text), 0, 2 * width, block.baseline, style);
  const drawn = await drawSvg(sharp, svgDocument(2 * width, block.lineHeight, line), 2 * width, block.lineHeight);
  const ink = inkBox(drawn);
  return ink === undefined ? 0 : Math.round(width - (ink.x + ink.width / 2));
}

/** The text, and the start of each word. All frames are absolute. */
export interface CaptionCue {
  readonly text: string;
  /** BCP-47. */
  readonly language: string;
  readonly startFrame: number;
  /** First frame without it. */
  readonly endFrame: number;
  readonly words: readonly { readonly startChar: number; readonly endChar: number; readonly frame: number }[];
}

export interface CaptionPage extends BuiltLayer {
  readonly startFrame: number;
  readonly endFrame: number;
}

/*
 * Problem: the spoken word is highlighted, two or three times a second, and the encoder pays for every changed pixel.
 *
 * Rule: the panel is one bitmap; each word is a small bitmap in both colours, cut from the whole line to keep its
 * shaping and order. A change of word damages two words. A text longer than `maxLines` becomes pages; a page appears
 * when its first word is spoken. A last line of few words, or a last page that would stand for less than `MIN_PAGE_MS`,
 * gets more of the text by narrower lines.
 */
/** Subtitles stand for a second at least: one word alone is seen and not read. */
const MIN_PAGE_MS = 1000;
/** A last line below this share of the widest one is a word left over: the lines share the text evenly instead. */
const SHORT_LINE = 0.5;
/** Step of widths tried for even lines. */
const EVEN_PX = 8;

/**
 * Pixels that a drawn line needs beyond the measured width of its ink: the bearing of the first letter, and letters that
 * SVG places at fractions where the measure rounds them to whole pixels (0.6 % at 32 px).
 */
const drawnBeyond = (face: TextFace, width: number): number => Math.ceil(face.sizePx * 0.1 + width * 0.01);

interface Piece {
  readonly text: string;
  /** Index of the cue's word it belongs to, −1 before the first. */
  readonly word: number;
}

/** The pages of a cue, in order. */
export async function buildCaption(
  layer: LayerOf<'caption'>,
  cue: CaptionCue,
  c: BuildContext,
): Promise<CaptionPage[]> {
  const face = faceOf(layer, cue.language, c.canvas);
  const padding = alongShortest(layer.padding, c.canvas);
  const sizes = sizesOf(layer, c.canvas);
  const most = sizes.width ?? Math.round(c.canvas.width * 0.92);
  const maxWidth = most - 2 * padding - drawnBeyond(face, most);
  const lay = (width: number): Promise<TextBlock> =>
    layoutText(cue.text, c.measure, { face, language: cue.language, maxWidth: width });
  const words = cue.words.filter((w) => w.endChar > w.startChar).toSorted((a, b) => a.startChar - b.startChar);
  let block = await lay(maxWidth);
  const shortest = millisecondsToFrames(MIN_PAGE_MS, c.room.rate);
  const lastWidth = block.lines.at(-1)?.width ?? 0;
  if (
    (block.lines.length > 1 && lastWidth < block.width * SHORT_LINE) ||
    lastPageFrames(block, layer.maxLines, words, cue) < shortest
  )
    block = await evenLines(block, maxWidth, lay);
  const pages: CaptionPage[] = [];
  const { count, perPage } = pagesOf(block, layer.maxLines);
  let start = cue.startFrame;
  for (let p = 0; p < count; p += 1) {
    const lines = block.lines.slice(p * perPage, (p + 1) * perPage);
    if (lines.length === 0) break;
    const following = block.lines[(p + 1) * perPage];
    const end = following === undefined ? cue.endFrame : pageStart(following.start, words, cue, start);
    pages.push(await buildPage(layer, cue, c, { ...block, lines }, face, words, padding, most, start, end));
    start = end;
  }
  return pages.filter((page) => page.endFrame > page.startFrame);
}

/** Lines are distributed evenly: five lines on pages of two are 2 + 2 + 1, four on pages of three 2 + 2. */
function pagesOf({ lines }: TextBlock, maxLines: number): { count: number; perPage: number } {
  const count = Math.ceil(lines.length / maxLines);
  return { count, perPage: Math.ceil(lines.length / Math.max(1, count)) };
}

/** How long the last of several pages stands; infinite for a single one. */
function lastPageFrames(block: TextBlock, maxLines: number, words: CaptionCue['words'], cue: CaptionCue): number {
  const { perPage } = pagesOf(block, maxLines);
  const first = block.lines[Math.floor((block.lines.length - 1) / perPage) * perPage];
  if (first === undefined || first === block.lines[0]) return Infinity;
  return cue.endFrame - pageStart(first.start, words, cue, cue.startFrame);
}

/** The same number of lines, as even as they get. */
async function evenLines(
  block: TextBlock,
  maxWidth: number,
  lay: (width: number) => Promise<TextBlock>,
): Promise<TextBlock> {
  let even = block;
  let [tooNarrow, wide] = [maxWidth / block.lines.length, maxWidth];
  while (wide - tooNarrow > EVEN_PX) {
    const width = (tooNarrow + wide) / 2;
    const tried = await lay(width);
    if (tried.lines.length > block.lines.length || tried.width > width) tooNarrow = width;
    else [even, wide] = [tried, width];
  }
  return even;
}

/** The frame at which the text at an offset is spoken; by its share of the text when no word has a time. */
function pageStart(offset: number, words: CaptionCue['words'], cue: CaptionCue, after: number): number {
  const word = words.find((w) => w.endChar > offset);
  const shared = cue.startFrame + Math.round(((cue.endFrame - cue.startFrame) * offset) / Math.max(1, cue.text.length));
  return Math.max(after, Math.min(cue.endFrame, word?.frame ?? shared));
}

async function buildPage(
  layer: LayerOf<'caption'>,
  cue: CaptionCue,
  c: BuildContext,
  block: TextBlock,
  face: TextFace,
  words: CaptionCue['words'],
  padding: number,
  most: number,
  startFrame: number,
  endFrame: number,
): Promise<CaptionPage> {
  const textWidth = block.lines.reduce((w, l) => Math.max(w, l.width), 0);
  const width = Math.min(most, textWidth + 2 * padding + drawnBeyond(face, most));
  const padY = Math.round(padding * 0.6);
  const height = block.lines.length * block.lineHeight + 2 * padY;
  const radius = Math.min(alongShortest(layer.radius, c.canvas), width / 2, height / 2);
  const style = { face, colour: '#ffffff', align: layer.align, rightToLeft: block.rightToLeft };
  const lineY = (i: number): number => padY + i * block.lineHeight + block.baseline;
  const shifts: number[] = [];
  for (const line of block.lines) {
    shifts.push(layer.align === 'center' ? await shiftToMiddle(line.text, style, width, block, c.sharp) : 0);
  }
  const outlines =
    layer.outline === undefined
      ? ''
      : block.lines
          .map((line, i) => {
            const content = piecesOf(line, words, block.rightToLeft)
              .map((p) => tspan(p.text, true))
              .join('');
            return svgLine(content, padding + shifts[i]!, width - padding + shifts[i]!, lineY(i), {
              ...style,
              colour: layer.outline!,
              outline: layer.outline,
            });
          })
          .join('');
  const panel = await drawSvg(
    c.sharp,
    svgDocument(
      width,
      height,
      `<rect width="${width}" height="${height}" rx="${radius}" ${paint('fill', layer.fill)}/>${outlines}`,
    ),
    width,
    height,
  );
  const sprites: BuiltSprite[] = [{ raster: panel, dx: 0, dy: 0 }];
  for (const [i, line] of block.lines.entries()) {
    const pieces = piecesOf(line, words, block.rightToLeft);
    const top = padY + i * block.lineHeight;
    for (const [k, piece] of pieces.entries()) {
      if (piece.text.trim() === '') continue;
      const content = pieces.map((p, at) => tspan(p.text, at === k)).join('');
      const room = outlineWidth(face);
      const [left, right] = [room + padding + shifts[i]!, room + width - padding + shifts[i]!];
      const strip = svgLine(content, left, right, block.baseline + room, style);
      const [stripWidth, stripHeight] = [width + 2 * room, block.lineHeight + 2 * room];
      const mask = await drawSvg(c.sharp, svgDocument(stripWidth, stripHeight, strip), stripWidth, stripHeight);
      const ink = inkBox(mask);
      if (ink === undefined) continue;
      const letters = crop(mask, ink.x, ink.y, ink.width, ink.height);
      const place = { dx: ink.x - room, dy: top - room + ink.y };
      const from = piece.word < 0 ? endFrame : Math.max(startFrame, words[piece.word]!.frame);
      const to = piece.word < 0 ? endFrame : (words[piece.word + 1]?.frame ?? cue.endFrame);
      const plain = tint(letters, layer.colour);
      if (from > startFrame)
        sprites.push({ raster: plain, ...place, fromFrame: startFrame, toFrame: Math.min(from, endFrame) });
      if (to > from && from < endFrame) {
        sprites.push({
          raster: tint(letters, layer.highlight),
          ...place,
          fromFrame: from,
          toFrame: Math.min(to, endFrame),
        });
      }
      if (to < endFrame && to >= from) {
        sprites.push({ raster: plain, ...place, fromFrame: Math.max(to, startFrame), toFrame: endFrame });
      }
    }
  }
  return {
    box: placeBox({ ...layer, width: undefined, height: undefined }, width, height, c.canvas),
    sprites,
    text: block.lines.map((l) => l.text).join(' '),
    startFrame,
    endFrame,
  };
}

const tspan = (text: string, visible: boolean): string =>
  visible ? `<tspan>${escapeXml(text)}</tspan>` : `<tspan fill="none">${escapeXml(text)}</tspan>`;

/** Cuts a line at its words. Runs against the line's direction stay whole: their word order is the run's. */
function piecesOf(line: TextLine, words: CaptionCue['words'], rightToLeft: boolean): Piece[] {
  const pieces: { text: string; word: number }[] = [];
  const wordAt = (offset: number): number => {
    let found = -1;
    for (let i = 0; i < words.length && words[i]!.startChar <= offset; i += 1) found = i;
    return found;
  };
  const against = rightToLeft ? 'ltr' : 'rtl';
  let run: 'ltr' | 'rtl' | undefined;
  for (const unit of splitAtWords(line, words)) {
    const last = pieces.at(-1);
    const word = wordAt(unit.start);
    const direction = runDirection(unit.text) ?? run;
    if (last !== undefined && (last.word === word || (direction === against && run === against)))
      last.text += unit.text;
    else pieces.push({ text: unit.text, word });
    run = direction;
  }
  const tail = pieces.at(-1);
  if (tail !== undefined) tail.text = tail.text.trimEnd();
  return pieces;
}

/** The line's text at word starts; a cut inside a ligature or cluster would change the letters. */
function splitAtWords(line: TextLine, words: CaptionCue['words']): { text: string; start: number }[] {
  const end = line.start + line.text.length;
  const cuts = [line.start, ...words.map((w) => w.startChar).filter((s) => s > line.start && s < end), end];
  const parts = [];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const text = line.text.slice(cuts[i]! - line.start, cuts[i + 1]! - line.start);
    if (text !== '') parts.push({ text, start: cuts[i]! });
  }
  return parts;
}

/** A mask of letters, filled with a colour. */
function tint(mask: Raster, colour: string): Raster {
  const { rgb, alpha } = splitColour(colour);
  const value = Number.parseInt(rgb.slice(1), 16);
  const rgba = new Uint8Array(mask.rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    rgba[i] = value >> 16;
    rgba[i + 1] = (value >> 8) & 255;
    rgba[i + 2] = value & 255;
    rgba[i + 3] = Math.round(mask.rgba[i + 3]! * alpha);
  }
  return { rgba, width: mask.width, height: mask.height };
}
