import { type Html, html, raw } from './html.js';

export interface Column {
  /** Heights from the bottom up, in the order of the looks. */
  readonly values: readonly number[];
  /** Shown when the pointer rests on the column. */
  readonly title: string;
}

export interface ColumnOptions {
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
