declare const safe: unique symbol;
/** Markup: only `html` and `raw` make it, so a text cannot become markup by mistake. */
export interface Html {
  readonly [safe]: true;
  readonly text: string;
}

type Value = Html | string | number | readonly Html[] | false;

/** Characters that would change the direction of the page's own text, and those that have no place in a page. */
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu;

export const raw = (text: string): Html => ({ text }) as Html;

/** Escapes a text for an element or a quoted attribute. */
const escaped = (text: string): string =>
  text
    .replace(UNSEEN, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const inPage = (value: Value): string => {
  if (value === false) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'text' in value ? value.text : value.map(({ text }) => text).join('');
};

/** Markup from a template; all values are escaped unless they are markup. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html =>
  raw(parts.map((part, i) => part + (i < values.length ? inPage(values[i]!) : '')).join(''));
