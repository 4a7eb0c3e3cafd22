import { EngineError } from '../../core/errors.js';
import { decodeEntities } from './svg-texts.js';

interface StyleRule {
  /** Simple selectors a renderer compares with each element. */
  readonly selectors: number;
  /** Names that match an element: `.class`, `#id`, `tag`, or `*` for any. */
  readonly names: readonly string[];
  readonly body: string;
}

/** The rules of a style sheet without comments, parsed loosely: nested blocks count as rules, too. */
function* splitRules(css: string): Generator<StyleRule> {
  const parts = css.split('{');
  for (let i = 0; i + 1 < parts.length; i += 1) {
    const prelude = parts[i]!.slice(parts[i]!.lastIndexOf('}') + 1);
    const body = parts[i + 1]!;
    const end = body.indexOf('}');
    const selectors = prelude.split(/[\s>+~,]+/).filter((one) => one !== '');
    const names = /[*[:]/.test(prelude) ? ['*'] : [...prelude.matchAll(/[.#]?[\w-]+/g)].map(([name]) => name);
    yield { selectors: Math.max(1, selectors.length), names, body: end < 0 ? body : body.slice(0, end) };
  }
}

/** Removes comments; an unterminated one takes the rest. */
function withoutComments(css: string): string {
  let plain = '';
  let at = 0;
  for (;;) {
    const begin = css.indexOf('/*', at);
    if (begin < 0) return plain + css.slice(at);
    plain += css.slice(at, begin);
    const end = css.indexOf('*/', begin + 2);
    if (end < 0) return plain;
    at = end + 2;
  }
}

/**
 * Estimates the cost of drawing an SVG before it is drawn.
 *
 * Problem: a few kilobytes can ask librsvg for minutes of work.
 * Rule: the tag reader reports tags here; each figure has a limit, and the error names both. References count each time
 * they are used: ten levels of ten <use> are ten thousand million elements. The estimate is coarse and errs high; a
 * drawing that passes and is slow all the same ends with the drawing process.
 * Numbers: each limit is 1 to 2 s of one core at 2 GHz; a shop's drawings reach a twentieth of them.
 */

/** Measured cost of a primitive in passes over its pixels; others take one pass. */
const PASSES: Readonly<Record<string, number>> = {
  fegaussianblur: 3,
  feturbulence: 2,
  fediffuselighting: 3,
  fespecularlighting: 3,
  fedisplacementmap: 14,
  fedropshadow: 6,
  fecomponenttransfer: 2,
  feimage: 2,
};
/** librsvg caps the octaves of its noise there. */
const MAX_OCTAVES = 9;
/** Convolution matrix cells that cost one pass. */
const CELLS_A_PASS = 3;

/**
 * Passes of a filter primitive over the picture; 0 for other elements.
 *
 * @param scale pixels per unit of the drawing
 */
function filterPasses(name: string, attributes: ReadonlyMap<string, string>, scale: number): number {
  // A primitive's children (feFuncA, feMergeNode, lights) share its pass.
  if (!name.startsWith('fe') || name.startsWith('fefunc') || name.endsWith('light') || name === 'femergenode') return 0;
  const numbers = (attribute: string): number[] =>
    (attributes.get(attribute)?.match(/[\d.]+(?:e\d+)?/gi) ?? []).map(Number).filter(Number.isFinite);
  switch (name) {
    case 'femorphology':
      return 1 + Math.max(0, ...numbers('radius')) * scale;
    case 'feconvolvematrix': {
      const [columns = 3, rows = columns] = numbers('order');
      return 1 + (columns * rows) / CELLS_A_PASS;
    }
    case 'feturbulence':
      return PASSES['feturbulence']! * Math.min(MAX_OCTAVES, Math.max(1, numbers('numoctaves')[0] ?? 1));
    default:
      return PASSES[name] ?? 1;
  }
}

const SVG_LIMITS = {
  /** Without embedded pictures. */
  markupBytes: 4 * 1024 * 1024,
  styleBytes: 512 * 1024,
  /** As drawn: an element counts once per reference. */
  elements: 100_000,
  depth: 128,
  /** Nested references. */
  referenceDepth: 16,
  /** Selectors of all style sheets times elements. */
  selectorsTimesElements: 500_000,
  /** Letters of its texts, as drawn. */
  letters: 4000,
  /** Passes of all filters over the whole picture, in millions of pixels. */
  filterMegapixels: 100,
} as const;

type Limit = keyof typeof SVG_LIMITS;

const NAMES: Readonly<Record<Limit, string>> = {
  markupBytes: 'bytes of markup',
  styleBytes: 'bytes of style sheets',
  elements: 'elements as drawn',
  depth: 'elements inside each other',
  referenceDepth: 'references inside each other',
  selectorsTimesElements: 'style selectors × elements',
  letters: 'letters in texts',
  filterMegapixels: 'megapixels of filter passes',
};
const SIMPLIFY_HINT = 'simplify the SVG: flatten it, turn texts into paths, or save it as PNG';

interface SvgSize {
  readonly width: number;
  readonly height: number;
}

interface Work {
  readonly elements: number;
  readonly letters: number;
  readonly passes: number;
}

interface Node {
  readonly keys: readonly string[];
  readonly refs: string[];
  readonly children: Node[];
  readonly isText: boolean;
  readonly passes: number;
  letters: number;
  work: Work | undefined;
}

const NO_WORK: Work = { elements: 0, letters: 0, passes: 0 };
const REFERENCE = /url\(\s*["']?#([^"')]+)/gi;

class SvgCost {
  private readonly root: Node = newNode([], false, 0);
  private readonly open: Node[] = [this.root];
  /** Which of several elements with one id is drawn depends on the library: all count. */
  private readonly byId = new Map<string, Node[]>();
  /** References from style sheets to elements, by selector: `.class`, `#id`, `tag` or `*`. */
  private readonly styled = new Map<string, string[]>();
  private textDepth = 0;
  private elements = 0;
  private selectors = 0;
  private styleBytes = 0;
  private pictureBytes = 0;
  /** Pixels of the drawn picture per unit of the drawing. */
  private scale = 1;

  /** @param size maximum drawn size */
  constructor(
    private readonly where: string,
    private readonly size: SvgSize,
  ) {}

  element(name: string, attributes: ReadonlyMap<string, string>, isEmpty: boolean): void {
    this.elements += 1;
    if (this.elements > SVG_LIMITS.elements) this.refuse('elements', this.elements);
    if (this.elements === 1) this.scale = scaleOf(attributes, this.size);
    const keys = ['*', name];
    const id = attributes.get('id');
    if (id !== undefined) keys.push(`#${id}`);
    for (const one of attributes.get('class')?.split(/\s+/) ?? []) keys.push(`.${one}`);
    const node = newNode(keys, name === 'text', filterPasses(name, attributes, this.scale));
    for (const [attribute, value] of attributes) {
      if (/href$/i.test(attribute)) {
        if (value.startsWith('#')) node.refs.push(value.slice(1));
        else this.pictureBytes += value.length;
      } else if (value.includes('(')) {
        for (const [, ref] of value.matchAll(REFERENCE)) node.refs.push(ref!.trim());
      }
    }
    if (id !== undefined) this.named(id).push(node);
    this.open.at(-1)!.children.push(node);
    if (isEmpty) return;
    this.open.push(node);
    if (node.isText) this.textDepth += 1;
    if (this.open.length - 1 > SVG_LIMITS.depth) this.refuse('depth', this.open.length - 1);
  }

  closed(): void {
    if (this.open.length === 1) return;
    if (this.open.pop()!.isText) this.textDepth -= 1;
  }

  /** Characters between tags. */
  characters(count: number): void {
    if (this.textDepth > 0) this.open.at(-1)!.letters += count;
  }

  /** A style sheet without its comments. */
  styleSheet(css: string): void {
    this.styleBytes += css.length;
    if (this.styleBytes > SVG_LIMITS.styleBytes) this.refuse('styleBytes', this.styleBytes);
    for (const { selectors, names, body } of splitRules(css)) {
      this.selectors += selectors;
      for (const [, ref] of body.matchAll(REFERENCE)) {
        for (const name of names) this.styled.set(name, [...(this.styled.get(name) ?? []), ref!.trim()]);
      }
    }
  }

  /** Throws E_ASSET_TOO_COMPLEX for the first exceeded limit. */
  check(bytes: number): void {
    this.limit('markupBytes', bytes - this.pictureBytes);
    this.limit('selectorsTimesElements', this.selectors * this.elements);
    const { elements, letters, passes } = this.workOf(this.root, 0);
    this.limit('elements', elements - 1);
    this.limit('letters', letters);
    this.limit('filterMegapixels', Math.round((passes * this.size.width * this.size.height) / 1e6));
  }

  private named(id: string): Node[] {
    const nodes = this.byId.get(id) ?? [];
    this.byId.set(id, nodes);
    return nodes;
  }

  private workOf(node: Node, references: number): Work {
    if (node.work !== undefined) return node.work;
    if (references > SVG_LIMITS.referenceDepth) this.refuse('referenceDepth', references);
    node.work = NO_WORK; // a cycle is never drawn: it ends here
    let elements = 1;
    let { letters, passes } = node;
    const add = (work: Work): void => {
      elements += work.elements;
      letters += work.letters;
      passes += work.passes;
    };
    for (const child of node.children) add(this.workOf(child, references));
    const styled = this.styled.size === 0 ? [] : node.keys.flatMap((key) => this.styled.get(key) ?? []);
    for (const ref of [...node.refs, ...styled]) {
      for (const target of this.byId.get(ref) ?? []) add(this.workOf(target, references + 1));
    }
    node.work = { elements, letters, passes };
    return node.work;
  }

  private limit(limit: Limit, found: number): void {
    if (found > SVG_LIMITS[limit]) this.refuse(limit, found);
  }

  private refuse(limit: Limit, found: number): never {
    const figure = (n: number): string => (n < 1e15 ? n.toLocaleString('en') : n.toExponential(1));
    throw new EngineError('E_ASSET_TOO_COMPLEX', {
      where: this.where,
      expected: `at most ${figure(SVG_LIMITS[limit])} ${NAMES[limit]}`,
      found: figure(found),
      todo: SIMPLIFY_HINT,
      details: { limit, most: SVG_LIMITS[limit], found },
    });
  }
}

const newNode = (keys: readonly string[], isText: boolean, passes: number): Node => ({
  keys,
  refs: [],
  children: [],
  isText,
  passes,
  letters: 0,
  work: undefined,
});

function scaleOf(root: ReadonlyMap<string, string>, { width, height }: SvgSize): number {
  const box = root
    .get('viewbox')
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const w = box?.[2] ?? Number.parseFloat(root.get('width') ?? '');
  const h = box?.[3] ?? Number.parseFloat(root.get('height') ?? '');
  const scale = Math.max(width / w, height / h);
  return Number.isFinite(scale) && scale > 0 ? scale : 1;
}

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
