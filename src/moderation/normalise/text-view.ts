/** A rewritten form of a text that keeps the origin of every code unit. */
export interface TextView {
  readonly text: string;
  /** For unit i: start of its source in the original text. */
  readonly start: readonly number[];
  /** For unit i: end of its source in the original text. */
  readonly end: readonly number[];
}

/** Builds a view piece by piece. */
export class ViewBuilder {
  #text = '';
  readonly #start: number[] = [];
  readonly #end: number[] = [];

  get length(): number {
    return this.#start.length;
  }

  /** Appends `piece`, which stands for the original range [start, end). */
  push(piece: string, start: number, end: number): void {
    this.#text += piece;
    for (let i = 0; i < piece.length; i += 1) {
      this.#start.push(start);
      this.#end.push(end);
    }
  }

  build(): TextView {
    return { text: this.#text, start: this.#start, end: this.#end };
  }
}

/** The original range of the view's range [start, end). */
export function originalRange(view: TextView, start: number, end: number): { start: number; end: number } {
  return { start: view.start[start]!, end: view.end[end - 1]! };
}

/**
 * A view with every match of `pattern` replaced. Each unit of a replacement stands for the whole match. `pattern` has
 * the flag g and bounded repetition.
 */
export function rewrite(
  view: TextView,
  pattern: RegExp,
  replace: (match: RegExpExecArray) => string | undefined,
): TextView {
  pattern.lastIndex = 0;
  let match = pattern.exec(view.text);
  if (match === null) return view;
  const out = new ViewBuilder();
  let from = 0;
  const copy = (to: number): void => {
    for (; from < to; from += 1) out.push(view.text[from]!, view.start[from]!, view.end[from]!);
  };
  while (match !== null) {
    const piece = match[0] === '' ? undefined : replace(match);
    if (piece !== undefined) {
      copy(match.index);
      from = match.index + match[0].length;
      out.push(piece, view.start[match.index]!, view.end[from - 1]!);
    }
    if (match[0] === '') pattern.lastIndex += 1;
    match = pattern.exec(view.text);
  }
  copy(view.text.length);
  return out.build();
}
