/**
 * Estimates the cost of drawing an SVG before it is drawn.
 *
 * Problem: a few kilobytes can ask librsvg for minutes of work.
 * Rule: the tag reader reports tags here; each figure has a limit, and the error names both. References count each time
 * they are used: ten levels of ten <use> are ten thousand million elements. The estimate is coarse and errs high; a
 * drawing that passes and is slow all the same ends with the drawing process.
 * Numbers: each limit is 1 to 2 s of one core at 2 GHz; a shop's drawings reach a twentieth of them.
 */
import { EngineError } from '../../core/errors.js';
import { splitRules } from './svg-rules.js';

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
const TODO = 'simplify the SVG: flatten it, turn texts into paths, or save it as PNG';

export interface SvgSize {
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

export class SvgCost {
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
      todo: TODO,
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
