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

interface Bar {
  readonly name: string;
  /** Parts in the order of the looks. */
  readonly values: readonly number[];
  readonly text: string;
}

/** Horizontal bars with their names and figures. */
export function barList(bars: readonly Bar[], looks: readonly string[]): Html {
  const most = Math.max(1, ...bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  return html`<ul class="bars">
    ${bars.map(
      ({ name, values, text }) =>
        html`<li>
          <span class="name">${name}</span
          ><span class="track"
            >${values.map((value, i) =>
              value === 0
                ? html``
                : html`<i class="${looks[i] ?? 'a'}" style="width:${((value / most) * 100).toFixed(2)}%"></i>`,
            )}</span
          ><span class="figure">${text}</span>
        </li>`,
    )}
  </ul>`;
}

/** Small coloured squares that name the looks of a plot. */
export const legend = (entries: readonly (readonly [look: string, name: string])[]): Html =>
  html`<p class="legend">${entries.map(([look, name]) => html`<span><i class="${look}"></i>${name}</span>`)}</p>`;

interface Column {
  /** Heights from the bottom up, in the order of the looks. */
  readonly values: readonly number[];
  /** Shown when the pointer rests on the column. */
  readonly title: string;
}

interface ColumnOptions {
  readonly looks: readonly string[];
  readonly label: string;
  /** Writes a value of the scale. */
  readonly scale: (value: number) => string;
  /** Places of vertical lines, 0 to 1. */
  readonly lines?: readonly number[];
}

const WIDTH = 600;
const HEIGHT = 100;
/** Share of a column's place that stays empty. */
const GAP = 0.18;

/** Stacked columns with a scale. The plot stretches with the page; its letters do not, as they lie beside it. */
export function columnPlot(columns: readonly Column[], { looks, label, scale, lines = [] }: ColumnOptions): Html {
  const top = niceTop(Math.max(1, ...columns.map(({ values }) => values.reduce((sum, value) => sum + value, 0))));
  const place = WIDTH / columns.length;
  const bars = columns.map(({ values }, i) => {
    let height = 0;
    return values
      .map((value, n) => {
        const part = (value / top) * HEIGHT;
        height += part;
        const x = (i + GAP / 2) * place;
        return part === 0
          ? ''
          : `<rect class="${looks[n]}" x="${x.toFixed(2)}" y="${(HEIGHT - height).toFixed(2)}" width="${(place * (1 - GAP)).toFixed(2)}" height="${part.toFixed(2)}"/>`;
      })
      .join('');
  });
  const titles = columns.map(
    ({ title }, i) =>
      html`<rect class="touch" x="${(i * place).toFixed(2)}" width="${place.toFixed(2)}" height="${HEIGHT}"
        ><title>${title}</title></rect
      >`,
  );
  const grid = `M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`;
  const marks = lines.map((at) => `M${(at * WIDTH).toFixed(1)} 0V${HEIGHT}`).join('');
  return html`<div class="plot">
    <div class="scale" aria-hidden="true">
      <span>${scale(top)}</span><span>${top % 2 === 0 || top > 10 ? scale(top / 2) : ''}</span><span>0</span>
    </div>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
      ${raw(`<path class="grid" d="${grid}${marks}"/>${bars.join('')}`)}${titles}
    </svg>
  </div>`;
}

/** The next of 1, 2, 3, 4, 5, 6, 8, 10, 20, 30… that is not below the value. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Html | string;
  /** Numbers are set to the right. */
  readonly number?: boolean;
  /** A long text that may be broken anywhere. */
  readonly text?: boolean;
}

/** Columns without long texts that a phone has room for. */
const MAX_NARROW = 4;

/** A table that becomes a list of named values on a narrow page. */
export function dataTable<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): Html {
  const look = ({ number, text }: TableColumn<Row>): string => (number === true ? 'n' : text === true ? 'text' : '');
  const fold = columns.length > MAX_NARROW || columns.some(({ text }) => text === true) ? 'fold' : '';
  return html`<div class="scroll">
    <table class="${fold}">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${look(column)}">${column.head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => {
                const { head, cell, text } = column;
                const named = text === true ? '' : html` data-name="${head}"`;
                return html`<td class="${look(column)}" ${named}>${cell(row)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
