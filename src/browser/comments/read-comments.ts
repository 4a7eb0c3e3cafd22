import type { CommentPlaces } from './comment-places.js';
import type { ShownComment } from './new-comments.js';

/** Maximum comments of a page that are read: more are history. */
const MAX_ITEMS = 300;
const MAX_CHARS = 500;

const words = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_CHARS);

/** The comments that a page shows now, in their order there. */
export function readComments(root: ParentNode, places: CommentPlaces): ShownComment[] {
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
