/** Where a page shows its comments: selectors that a person chose by clicking. */
export interface CommentPlaces {
  /** All comments of the page. */
  readonly item: string;
  /** The sender's name within a comment; empty where the page shows none. */
  readonly user: string;
  /** The words within a comment; ':scope' for the comment itself. */
  readonly text: string;
}

const MAX_CLASSES = 3;
const MAX_CLIMB = 12;
const MAX_PATH = 6;
/** Comments against which a selector is validated. */
const MAX_COMPARED = 30;

/** The nearest element around `from` that stands beside others of its kind: one comment of a list. */
export function itemAround(from: Element): Element | undefined {
  let element: Element | null = from;
  for (let i = 0; element !== null && i < MAX_CLIMB && element !== document.body; i += 1) {
    if (alike(element).length >= 2) return element;
    element = element.parentElement;
  }
  return undefined;
}

/** A selector of an item and all items beside it. */
export function itemSelector(item: Element): string {
  const parent = item.parentElement!;
  return `${pathTo(parent)} > ${kindOf(item)}`;
}

/**
 * A selector of `inner` that also works in the other items: of all that find it in its own item, the one that finds
 * something in most of the others. Badges shift places, and states add classes, so neither alone is enough.
 */
export function selectorWithin(item: Element, inner: Element): string {
  if (inner === item || !item.contains(inner)) return ':scope';
  const others = alike(item).slice(-MAX_COMPARED);
  const found = (selector: string): number => others.filter((one) => one.querySelector(selector) !== null).length;
  const place = placeWithin(item, inner);
  // With as many found, classes say more than places.
  let best = { selector: place, count: found(place) - 0.5 };
  for (const selector of candidates(item, inner)) {
    if (item.querySelector(selector) !== inner) continue;
    const count = found(selector);
    if (count > best.count) best = { selector, count };
  }
  return best.selector;
}

/** The element, or one around it, by each of its classes; then the way down by tags. The nearest first. */
function candidates(item: Element, inner: Element): string[] {
  const list: string[] = [];
  let down = '';
  for (let one = inner; one !== item; one = one.parentElement!) {
    const tag = CSS.escape(one.localName);
    for (const name of one.classList) list.push(`${tag}.${CSS.escape(name)}${down}`);
    down = ` > ${tag}${down}`;
  }
  return [...list, CSS.escape(inner.localName)];
}

function placeWithin(item: Element, inner: Element): string {
  const steps: string[] = [];
  for (let one: Element = inner; one !== item; one = one.parentElement!) {
    steps.unshift(`${CSS.escape(one.localName)}:nth-child(${indexOf(one)})`);
  }
  return `:scope > ${steps.join(' > ')}`;
}

const indexOf = (element: Element): number => [...element.parentElement!.children].indexOf(element) + 1;

const sameKind = (a: Element, b: Element): boolean => a.localName === b.localName;

/** Siblings with the same tag and at least one shared class, where the element has classes at all. */
function alike(element: Element): Element[] {
  const siblings = [...(element.parentElement?.children ?? [])].filter((one) => sameKind(one, element));
  if (element.classList.length === 0) return siblings.filter((one) => one.classList.length === 0);
  return siblings.filter((one) => [...element.classList].some((name) => one.classList.contains(name)));
}

/** Tag with the classes that at least half of its kind share: states such as "hover" and "last" are left out. */
function kindOf(element: Element): string {
  const others = alike(element);
  const shared = [...element.classList].filter(
    (name) => others.filter((one) => one.classList.contains(name)).length * 2 >= others.length,
  );
  return [CSS.escape(element.localName), ...shared.slice(0, MAX_CLASSES).map((name) => `.${CSS.escape(name)}`)].join(
    '',
  );
}

/** A path that starts at an id or at the body. */
function pathTo(element: Element): string {
  const steps: string[] = [];
  let one: Element | null = element;
  for (let i = 0; one !== null && i < MAX_PATH; i += 1) {
    if (one.id !== '' && document.querySelectorAll(`#${CSS.escape(one.id)}`).length === 1) {
      steps.unshift(`#${CSS.escape(one.id)}`);
      break;
    }
    const classes = [...one.classList].slice(0, MAX_CLASSES).map((name) => `.${CSS.escape(name)}`);
    const step = CSS.escape(one.localName) + classes.join('');
    steps.unshift(step);
    if (document.querySelectorAll(steps.join(' > ')).length === 1) break;
    one = one.parentElement;
  }
  return steps.join(' > ');
}
