/** A comment as the page shows it. */
export interface ShownComment {
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
