import { escapeXml } from './escape-xml.js';
import type { TextBlock, TextFace } from './text-layout.js';

/** `fill="…" fill-opacity="…"` of a "#rgb", "#rrggbb" or "#rrggbbaa" colour; `name` may be `stroke`. */
export function paint(name: 'fill' | 'stroke' | 'stop' | 'flood', colour: string): string {
  const { rgb, alpha } = splitColour(colour);
  const attribute = name === 'stop' || name === 'flood' ? `${name}-color` : name;
  return `${attribute}="${rgb}" ${name}-opacity="${alpha}"`;
}

/** A colour of the room file as "#rrggbb" and alpha 0–1. */
export function splitColour(colour: string): { rgb: string; alpha: number } {
  const hex = colour.slice(1);
  const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const alpha = full.length === 8 ? Number.parseInt(full.slice(6), 16) / 255 : 1;
  return { rgb: `#${full.slice(0, 6)}`, alpha: Math.round(alpha * 1000) / 1000 };
}

const faceAttributes = (face: TextFace): string =>
  `font-family="${escapeXml(face.families)}" font-size="${face.sizePx}" font-weight="${face.bold ? 700 : 400}"`;

export interface LineStyle {
  face: TextFace;
  colour: string;
  outline?: string | undefined;
  /** `left` means the side where reading starts, so it is right in right-to-left text. */
  align: 'left' | 'center' | 'right';
  rightToLeft: boolean;
}

/** One line of text between `x0` and `x1` with its baseline at `y`. `content` is escaped XML. */
export function svgLine(content: string, x0: number, x1: number, y: number, style: LineStyle): string {
  const start = style.rightToLeft ? x1 : x0;
  const end = style.rightToLeft ? x0 : x1;
  const x = style.align === 'center' ? (x0 + x1) / 2 : style.align === 'left' ? start : end;
  const anchor = style.align === 'center' ? 'middle' : style.align === 'left' ? 'start' : 'end';
  const outline =
    style.outline === undefined
      ? ''
      : ` ${paint('stroke', style.outline)} stroke-width="${outlineWidth(style.face)}" stroke-linejoin="round" paint-order="stroke"`;
  return (
    `<text xml:space="preserve" x="${x}" y="${y}" text-anchor="${anchor}" direction="${style.rightToLeft ? 'rtl' : 'ltr'}" ` +
    `${faceAttributes(style.face)} ${paint('fill', style.colour)}${outline}>${content}</text>`
  );
}

/** Stroke width of the outline; half of it lies outside the letters. */
export const outlineWidth = (face: TextFace): number => Math.max(2, Math.round(face.sizePx * 0.16));

/** All lines of a block, the first line's top at `y`. */
export function svgBlock(
  block: TextBlock,
  x0: number,
  x1: number,
  y: number,
  style: Omit<LineStyle, 'rightToLeft'>,
): string {
  return block.lines
    .map((line, i) =>
      svgLine(escapeXml(line.text), x0, x1, y + i * block.lineHeight + block.baseline, {
        ...style,
        rightToLeft: block.rightToLeft,
      }),
    )
    .join('');
}

export const svgDocument = (width: number, height: number, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;
