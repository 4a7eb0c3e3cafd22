export interface StyleRule {
  /** Simple selectors a renderer compares with each element. */
  readonly selectors: number;
  /** Names that match an element: `.class`, `#id`, `tag`, or `*` for any. */
  readonly names: readonly string[];
  readonly body: string;
}

/** The rules of a style sheet without comments, parsed loosely: nested blocks count as rules, too. */
export function* splitRules(css: string): Generator<StyleRule> {
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
export function withoutComments(css: string): string {
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
