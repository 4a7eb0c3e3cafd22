import { type Html, html } from './html.js';

export interface Bar {
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
