import { is, selectAll } from 'css-select';
import { DomUtils, parseDocument } from 'htmlparser2';

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
