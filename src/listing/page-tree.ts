import { is, selectAll } from 'css-select';
import { DomUtils, parseDocument } from 'htmlparser2';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Text of a piece of HTML: without tags, scripts and styles, entities resolved, blanks joined. */
export function plainText(html: string | undefined): string {
  return (html ?? '')
    .replace(/<(script|style)\b[^]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, name: string) => entity(name) ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** A picture's address in its largest variant: shops append the size of a thumbnail to the name of the file. */
export function largestPicture(url: string): string {
  const absolute = url.startsWith('//') ? `https:${url}` : url;
  return absolute
    .replace(/(\.(?:jpe?g|png|webp))_(?:\d+x\d+[\w.-]*|sum[\w.-]*|b[\w.-]*|q\d+[\w.-]*|\.webp)$/i, '$1')
    .replace(/_\d{2,4}x\d{2,4}(?:q\d+)?(\.(?:jpe?g|png|webp))(?=$|[?#])/i, '$1')
    .replace(/\.(?:search|summ|220x220|310x310|400x400)(\.(?:jpe?g|png|webp))(?=$|[?#])/i, '$1');
}

type Node = ReturnType<typeof parseDocument>['children'][number];
type Parent = ReturnType<typeof parseDocument> | Extract<Node, { children: unknown }>;
type Element = Extract<Node, { attribs: unknown }>;

/** A saved page, or an element of it, read by CSS selectors. */
export class PageTree {
  private constructor(private readonly node: Parent) {}

  static read(html: string): PageTree {
    return new PageTree(parseDocument(html));
  }

  /** Descendants in the order of the page. */
  all(selector: string): PageTree[] {
    return selectAll<Node, Element>(selector, this.node.children as Node[]).map((one) => new PageTree(one));
  }

  first(selector: string): PageTree | undefined {
    return this.all(selector)[0];
  }

  /** Text of the first descendant; empty without one. */
  textOf(selector: string): string {
    return this.first(selector)?.text ?? '';
  }

  /** An attribute of the first descendant that the selector names. */
  attrOf(selector: string, name: string): string | undefined {
    return this.first(selector)?.attr(name);
  }

  attr(name: string): string | undefined {
    return 'attribs' in this.node ? this.node.attribs[name] : undefined;
  }

  /** Itself or the nearest ancestor. */
  closest(selector: string): PageTree | undefined {
    for (let at: Parent | null = this.node; at !== null && 'attribs' in at; at = at.parent as Parent | null)
      if (is<Node, Element>(at, selector)) return new PageTree(at);
    return undefined;
  }

  /** The nearest later sibling. */
  next(selector: string): PageTree | undefined {
    let at = DomUtils.nextElementSibling(this.node as Element);
    while (at !== null && !is<Node, Element>(at, selector)) at = DomUtils.nextElementSibling(at);
    return at === null ? undefined : new PageTree(at);
  }

  get text(): string {
    return DomUtils.textContent(this.node as Node);
  }

  get html(): string {
    return DomUtils.getOuterHTML(this.node as Node);
  }
}
