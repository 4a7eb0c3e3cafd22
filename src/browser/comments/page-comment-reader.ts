import type { PageEvent } from '../product/engine-api.js';

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

const MAX_WAITING = 400;
const MAX_BATCH = 50;
const SETTLE_MS = 250;
/** Hidden tabs run timers once a minute; the engine waits for longer than that. */
const ALIVE_MS = 30_000;
const RETRY_MS = 3000;

/** Hands a batch over; true when it was taken. */
type Deliver = (events: readonly PageEvent[]) => Promise<boolean>;

/** Maximum comments of a page that are read: more are history. */
const MAX_ITEMS = 300;
const MAX_CHARS = 500;

const words = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_CHARS);

/** A comment as the page shows it. */
interface ShownComment {
  readonly user: string;
  readonly text: string;
}

const keyOf = ({ user, text }: ShownComment): string => `${user}\n${text}`;

/**
 * The comments of `now` that were not there before, oldest first.
 *
 * Problem: pages reuse and redraw the elements of a list, and two viewers may write the same words, so neither elements
 * nor words name a comment.
 * Rule: lists grow at one end and lose comments at the other. The longest stretch that both lists share says where the new
 * ones begin: behind it in a list with the newest below, before it in a list with the newest on top. Without a shared
 * stretch all are new, except for words that were there before.
 */
export function newComments(before: readonly ShownComment[], now: readonly ShownComment[]): ShownComment[] {
  if (before.length === 0) return [...now];
  const [old, fresh] = [before.map(keyOf), now.map(keyOf)];
  const below = sharedStretch(old, fresh);
  const above = sharedStretch([...old].reverse(), [...fresh].reverse());
  // One equal comment may be chance.
  const enough = Math.min(2, old.length, fresh.length);
  if (below >= above && below >= enough) return now.slice(below);
  if (above >= enough) return now.slice(0, now.length - above).reverse();
  const known = new Set(old);
  return now.filter((comment) => !known.has(keyOf(comment)));
}

/** How many of `fresh` from its start on are the end of `old`. */
function sharedStretch(old: readonly string[], fresh: readonly string[]): number {
  for (let length = Math.min(old.length, fresh.length); length > 0; length -= 1) {
    const from = old.length - length;
    let same = true;
    for (let i = 0; same && i < length; i += 1) same = old[from + i] === fresh[i];
    if (same) return length;
  }
  return 0;
}

/** The comments that a page shows now, in their order there. */
function readComments(root: ParentNode, places: CommentPlaces): ShownComment[] {
  const items = [...root.querySelectorAll(places.item)].slice(-MAX_ITEMS);
  return items.flatMap((item) => {
    const name = places.user === '' ? null : item.querySelector(places.user);
    const body = places.text === ':scope' ? item : item.querySelector(places.text);
    const user = words(name).replace(/\s*[:：]$/, '');
    const all = words(body);
    const text = body !== null && name !== null && body.contains(name) ? behind(all, words(name)) : all;
    return text === '' ? [] : [{ user, text }];
  });
}

/** The words behind the name, where a page writes both as one. */
function behind(all: string, name: string): string {
  const at = name === '' ? -1 : all.indexOf(name);
  return (at < 0 ? all : all.slice(0, at) + all.slice(at + name.length)).replace(/^\s*[:：]?\s*/, '').trim();
}

/** Two tabs that read one page within this time give a comment the same id. */
const BUCKET_MS = 10 * 60_000;
const MAX_COUNTED = 2000;

/** Ids that stay the same when a comment is read twice: a hash of site, sender, words, how many times, and when. */
export class CommentIds {
  private readonly counts = new Map<string, number>();

  constructor(private readonly site: string) {}

  async idOf({ user, text }: ShownComment, nowMs: number): Promise<string> {
    const key = `${this.site}\n${user}\n${text}\n${Math.floor(nowMs / BUCKET_MS)}`;
    const nth = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, nth);
    if (this.counts.size > MAX_COUNTED) this.counts.delete(this.counts.keys().next().value!);
    const bytes = new TextEncoder().encode(`${key}\n${nth}`);
    // Pages without TLS have no digest; their ids are weaker, and comments are no secret.
    if (globalThis.crypto?.subtle === undefined) return `w${weakHash(`${key}\n${nth}`)}`;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** FNV-1a, twice, from both ends. */
function weakHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i += 1) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - i), 0x85ebca6b);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

/** Watches the page's list of comments and hands new ones over. Comments from before the start are history. */
export class CommentReader {
  private shown: readonly ShownComment[];
  private waiting: PageEvent[] = [];
  private readonly ids: CommentIds;
  private readonly observer: MutationObserver;
  private readonly alive: ReturnType<typeof setInterval>;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private turn: Promise<void> = Promise.resolve();
  private sending = false;
  private stopped = false;

  constructor(
    private readonly places: CommentPlaces,
    site: string,
    private readonly deliver: Deliver,
  ) {
    this.ids = new CommentIds(site);
    this.shown = this.read();
    this.observer = new MutationObserver(() => this.soon());
    this.observer.observe(document.documentElement, { childList: true, subtree: true, characterData: true });
    this.alive = setInterval(() => void this.send(true), ALIVE_MS);
    void this.send(true);
  }

  stop(): void {
    this.stopped = true;
    this.observer.disconnect();
    clearInterval(this.alive);
    clearTimeout(this.settle);
  }

  /** A page draws a comment in several steps: they are read once they have settled. */
  private soon(): void {
    this.settle ??= setTimeout(() => {
      this.settle = undefined;
      this.turn = this.turn.then(() => this.look());
    }, SETTLE_MS);
  }

  private async look(): Promise<void> {
    const now = this.read();
    // A list that is empty for a moment is being redrawn.
    if (now.length === 0) return;
    const fresh = newComments(this.shown, now);
    this.shown = now;
    const atMs = Date.now();
    for (const comment of fresh) this.waiting.push({ ...comment, id: await this.ids.idOf(comment, atMs) });
    if (this.waiting.length > MAX_WAITING) this.waiting = this.waiting.slice(-MAX_WAITING);
    if (this.waiting.length > 0) await this.send(false);
  }

  private async send(evenNone: boolean): Promise<void> {
    if (this.sending || this.stopped) return;
    this.sending = true;
    let taken = true;
    try {
      do {
        const batch = this.waiting.slice(0, MAX_BATCH);
        if (batch.length === 0 && !evenNone) break;
        taken = await this.deliver(batch).catch(() => false);
        if (taken) this.waiting.splice(0, batch.length);
      } while (taken && this.waiting.length > 0);
    } finally {
      this.sending = false;
    }
    if (!taken && this.waiting.length > 0 && !this.stopped) setTimeout(() => void this.send(false), RETRY_MS);
  }

  private read(): ShownComment[] {
    try {
      return readComments(document, this.places);
    } catch {
      // The page's markup has changed in a way that the selectors do not follow.
      return [];
    }
  }
}
