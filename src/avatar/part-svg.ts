import { EngineError } from '../core/errors.js';

/** Forbidden content of a pack drawing: external references, scripts, and text. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/<!DOCTYPE|<!ENTITY/i, 'a document type'],
  [/<(?:[\w-]+:)?(script|foreignObject|image|iframe|style|animate\w*|set)\b/i, 'an element that is not a plain shape'],
  // Text in a drawing would not be judged; text layers are.
  [/<(?:[\w-]+:)?text(?:Path)?\b/i, 'words'],
  [/\b(?:xlink:)?href\s*=\s*["'](?!#)/i, 'a reference outside of the file'],
  [/url\(\s*["']?(?!#)/i, 'a url() outside of the file'],
  [/\son\w+\s*=/i, 'an event handler'],
];

/**
 * The content of an SVG's root element with every id and every reference prefixed, so the parts of a pack can share one
 * document.
 */
export function innerSvg(svg: string, prefix: string, where: string): string {
  for (const [pattern, what] of FORBIDDEN) {
    const hit = pattern.exec(svg);
    if (hit !== null)
      throw new EngineError('E_SVG_UNSAFE', {
        where: `${where}:${svg.slice(0, hit.index).split('\n').length}`,
        expected: 'shapes, gradients and clips only',
        found: `${what} (${hit[0].trim()})`,
      });
  }
  const root = /<svg\b[^>]*>/i.exec(svg);
  const end = svg.lastIndexOf('</svg>');
  if (root === null || end < root.index)
    throw new EngineError('E_PRESENTER_INVALID', { where, expected: 'an SVG document', found: svg.slice(0, 40) });
  return svg
    .slice(root.index + root[0].length, end)
    .replace(/\bid="([^"]+)"/g, `id="${prefix}_$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}_$1)`)
    .replace(/\bhref="#([^"]+)"/g, `href="#${prefix}_$1"`);
}

/**
 * The part without all top-level groups but one: its definitions and the group `id`. Parsing the other hands of a part
 * costs more than drawing one.
 */
export function withOneGroup(inner: string, id: string): string {
  let out = '';
  let depth = 0;
  let kept = true;
  let from = 0;
  for (const tag of inner.matchAll(/<g\b[^>]*?(\/?)>|<\/g>/g)) {
    const opens = tag[0] !== '</g>';
    if (opens && depth === 0) {
      out += inner.slice(from, tag.index);
      from = tag.index;
      const name = /\bid="([^"]+)"/.exec(tag[0])?.[1];
      kept = name === undefined || name === id;
    }
    if (tag[1] === '/') continue;
    depth += opens ? 1 : -1;
    if (!opens && depth === 0) {
      const end = tag.index + tag[0].length;
      if (kept) out += inner.slice(from, end);
      from = end;
    }
  }
  return out + inner.slice(from);
}

export const hasGroup = (inner: string, id: string): boolean => inner.includes(`id="${id}"`);
