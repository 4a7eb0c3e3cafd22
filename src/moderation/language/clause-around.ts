/** A range of a text, in UTF-16 offsets. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Stops, commas and similar signs, except within numbers and addresses: 1,000; t.me; "t . me". */
const BREAK = /(?:[,，،;；、।؟。！？!?\n]|(?<=[\p{L}\p{M}\p{N}"'”’)\]])\.(?=\s|$))+(?!(?<=\d,)\d)/gu;
/** Maximum distances of a name from its app. */
const MAX_BEFORE = 40;
const MAX_BEHIND = 60;

/**
 * The clause or clauses around a match.
 *
 * Problem: a name can be any words, "the bottle people", so silencing only the app leaves the account next to it
 * audible.
 * Rule: words said in one clause with the app are silenced with it, up to the next comma or stop.
 */
export function clauseAround(text: string, { start, end }: Place): Place {
  let from = Math.max(0, start - MAX_BEFORE);
  let to = Math.min(text.length, end + MAX_BEHIND);
  for (const found of text.matchAll(BREAK)) {
    const behind = found.index + found[0].length;
    if (behind <= start) from = Math.max(from, behind);
    else if (found.index >= end) {
      to = Math.min(to, found.index);
      break;
    }
  }
  // The blank between two clauses belongs to neither.
  while (from < start && /\s/.test(text[from]!)) from += 1;
  return { start: from, end: Math.max(end, to) };
}
