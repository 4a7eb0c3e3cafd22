import { EngineError } from '../../core/errors.js';
import { SvgCost, type SvgSize } from './svg-cost.js';
import { decodeEntities } from './svg-entities.js';
import { withoutComments } from './svg-rules.js';

/*
 * Problem: a seller's SVG is drawn by a library inside the engine. It must not access files or the network, carry
 * browser-only content, or keep the library busy for minutes (`svg-cost`).
 *
 * Rule: only plain, self-contained drawings pass, checked by a small reader that is stricter than the renderer: no
 * document type but the W3C's own for SVG, which drawing programs write and the renderer does not load, no entities or
 * processing instructions besides the XML declaration, no scripts, no foreign content, and every reference is `#inside`
 * or a data: URL of a raster picture.
 */
const FORBIDDEN = new Set([
  'script',
  'foreignobject',
  'iframe',
  'object',
  'embed',
  'audio',
  'video',
  'canvas',
  'link',
  'meta',
  'base',
  'handler',
  'listener',
  'color-profile',
]);
const RASTER_DATA = /^data:image\/(png|jpe?g|webp|gif);base64,[a-z0-9+/=\s]*$/i;
/** Without an internal subset, which could declare entities. */
const SVG_DOCTYPE =
  /^<!DOCTYPE\s+svg(\s+PUBLIC\s+"-\/\/W3C\/\/DTD SVG [\w. ]+\/\/EN"\s+"https?:\/\/www\.w3\.org\/[\w./-]+\.dtd")?\s*>/;

/** A 1080p frame: the default maximum size of a layer. */
const FRAME: SvgSize = { width: 1920, height: 1080 };

/**
 * Throws E_SVG_UNSAFE naming the element when an SVG references anything outside itself, and E_ASSET_TOO_COMPLEX naming
 * the limit when it costs too much to draw. `where` names layer and file, `size` the maximum drawn size.
 */
export function assertSafeSvg(bytes: Uint8Array, where: string, size: SvgSize = FRAME): void {
  const refuse = (element: string, found: string): never => {
    throw new EngineError('E_SVG_UNSAFE', {
      where: `${where}: ${element}`,
      expected: 'a self-contained SVG (references to "#id" or embedded PNG, JPEG, WebP or GIF only)',
      found,
      todo: 'remove it, or export the drawing with everything embedded',
      details: { element },
    });
  };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    refuse('file', 'UTF-16 text');
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (text.includes('\u0000')) refuse('file', 'NUL characters');
  const cost = new SvgCost(where, size);
  let at = 0;
  for (;;) {
    const tag = text.indexOf('<', at);
    cost.characters((tag < 0 ? text.length : tag) - at);
    if (tag < 0) break;
    at = tag;
    if (text.startsWith('<!--', at)) {
      at = closing(text, '-->', at + 4);
    } else if (text.startsWith('<![CDATA[', at)) {
      const end = closing(text, ']]>', at + 9);
      cost.characters(end - at);
      at = end;
    } else if (text.startsWith('<!', at)) {
      const doctype = SVG_DOCTYPE.exec(text.slice(at, at + 200));
      if (doctype !== null) {
        at += doctype[0].length;
        continue;
      }
      refuse(/^<!\s*\w*/.exec(text.slice(at, at + 40))![0].slice(1), 'a document type or entity declaration');
    } else if (text.startsWith('<?', at)) {
      const declaration = /^<\?xml\s[^?]*\?>/.exec(text.slice(at, at + 200));
      if (declaration === null) refuse(text.slice(at, at + 20), 'a processing instruction');
      if (/encoding\s*=\s*["'](?!utf-?8|us-ascii)/i.test(declaration![0]))
        refuse('<?xml', 'an encoding other than UTF-8');
      at += declaration![0].length;
    } else {
      at = readTag(text, at, refuse, cost);
    }
  }
  cost.check(bytes.length);
}

const STYLE_END = /<\/[^>]{0,100}style/gi;

function closing(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + mark.length;
}

function readTag(text: string, at: number, refuse: (element: string, found: string) => never, cost: SvgCost): number {
  const name = /^<\/?([^\s/>]*)/.exec(text.slice(at, at + 100))![1]!;
  const local = name.replace(/^.*:/, '').toLowerCase();
  if (FORBIDDEN.has(local)) refuse(`<${name}>`, `element <${name}>`);
  const closes = text.startsWith('</', at);
  const attributes = new Map<string, string>();
  let i = at + 1 + name.length + Number(closes);
  const attribute = /\s*([^\s=/>"']+)\s*(?:=\s*("[^"]*"|'[^']*'))?|\s*\//y;
  for (;;) {
    attribute.lastIndex = i;
    const m = attribute.exec(text);
    if (m === null || m[0] === '') break;
    i = attribute.lastIndex;
    if (m[1] === undefined || m[2] === undefined) continue;
    const value = decodeEntities(m[2].slice(1, -1));
    checkAttribute(name, m[1], value, refuse);
    const plain = m[1].replace(/^.*:/, '').toLowerCase();
    // An href and an xlink:href both count.
    attributes.set(attributes.has(plain) ? m[1] : plain, value);
  }
  const end = text.indexOf('>', i);
  const after = end < 0 ? text.length : end + 1;
  const isEmpty = text[end - 1] === '/';
  if (closes) cost.closed();
  else cost.element(local, attributes, isEmpty);
  if (local === 'style' && !closes && !isEmpty) {
    STYLE_END.lastIndex = after;
    const css = withoutComments(decodeEntities(text.slice(after, STYLE_END.exec(text)?.index ?? text.length)));
    cost.styleSheet(css);
    checkCss(`<${name}>`, css, refuse);
  }
  return after;
}

function checkAttribute(
  element: string,
  attribute: string,
  value: string,
  refuse: (element: string, found: string) => never,
): void {
  const local = attribute.replace(/^.*:/, '').toLowerCase();
  const shown = `${attribute}="${value.slice(0, 60)}"`;
  if (/^xmlns(:|$)/i.test(attribute)) return;
  if (/^on[a-z]+$/.test(local)) refuse(`<${element}>`, shown);
  if (attribute.toLowerCase() === 'xml:base') refuse(`<${element}>`, shown);
  if (local === 'href' || local === 'src' || local === 'data') {
    const reference = value.trim();
    if (reference !== '' && !reference.startsWith('#') && !RASTER_DATA.test(reference)) refuse(`<${element}>`, shown);
    return;
  }
  // Animation could set a reference later.
  if (local === 'attributename' && /href|src/i.test(value)) refuse(`<${element}>`, shown);
  if (local === 'style' || value.includes('(')) checkCss(`<${element}>`, value, refuse);
}

function checkCss(element: string, css: string, refuse: (element: string, found: string) => never): void {
  const plain = withoutComments(css);
  if (/\\/.test(plain)) refuse(element, 'an escape in CSS');
  if (/@import|@font-face|@namespace/i.test(plain)) refuse(element, /@[a-z-]+/i.exec(plain)![0]);
  if (/(image|image-set|src|expression)\s*\(/i.test(plain)) refuse(element, 'an image reference in CSS');
  for (const m of plain.matchAll(/url\s*\(\s*(["']?)([^)]*)/gi)) {
    const reference = m[2]!.trim().replace(/["']$/, '');
    if (!reference.startsWith('#') && !RASTER_DATA.test(reference)) {
      refuse(element, `url(${reference.slice(0, 60)})`);
    }
  }
}
