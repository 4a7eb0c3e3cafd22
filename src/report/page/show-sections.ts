import { barList, type Html, html, dataTable } from './html.js';
import type { PageContext } from './page-context.js';
import { productLook } from './timeline-section.js';

/** Repeats that are late enough are no trouble: a few of them show how the script turns. */
const MAX_LATE_REPEATS = 5;

export function productSection(context: PageContext): Html {
  const { report, say, words } = context;
  const { products } = report;
  const total = products.reduce((sum, { shownMs }) => sum + shownMs, 0);
  return html`<section class="long">
    <h2>${say('products')}</h2>
    ${
      products.length === 0
        ? nothing(context)
        : dataTable(products, [
            {
              head: say('product'),
              text: true,
              cell: ({ product, title }) =>
                html`<span class="legend" style="margin:0;color:inherit;font-size:inherit"
                    ><span
                      ><i class="${productLook(context, product)}"></i>${title === '' ? product : title}</span
                    ></span
                  >${title === '' ? '' : html`<span class="id">${product}</span>`}`,
            },
            { head: say('shownFor'), number: true, cell: ({ shownMs }) => words.duration(shownMs) },
            { head: say('share'), number: true, cell: ({ shownMs }) => words.share(total === 0 ? 0 : shownMs / total) },
            { head: say('shownTimes'), number: true, cell: ({ times }) => words.number(times) },
            { head: say('lines'), number: true, cell: ({ lines }) => words.number(lines) },
            { head: say('questions'), number: true, cell: ({ comments }) => words.number(comments) },
          ])
    }
  </section>`;
}

export function lineSection(context: PageContext): Html {
  const { report, say, value, words } = context;
  const { lines } = report;
  const soon = lines.repeats.filter(({ shortestGapMs }) => shortestGapMs < lines.goalMs);
  const shown = soon.length > 0 ? soon : lines.repeats.slice(0, MAX_LATE_REPEATS);
  const help = say('repeatsHelp', {
    sentences: words.number(lines.sentences),
    different: words.number(lines.differentSentences),
    soon: words.number(lines.tooSoon),
    goal: words.duration(lines.goalMs),
  });
  const bars = (counts: Readonly<Record<string, number>>): Html =>
    barList(
      Object.entries(counts).map(([name, count]) => ({
        name: value(name),
        values: [count],
        text: words.number(count),
      })),
      ['p6'],
    );
  if (lines.spoken === 0)
    return html`<section>
      <h2>${say('spoken')}</h2>
      ${nothing(context)}
    </section>`;
  return html`<section class="long">
    <h2>${say('spoken')}</h2>
    <p class="help">${help}</p>
    <div class="two">
      <div>
        <h3>${say('byKind')}</h3>
        ${bars(lines.byKind)}
      </div>
      <div>
        <h3>${say('byLanguage')}</h3>
        ${bars(lines.byLanguage)}
      </div>
    </div>
    ${
      lines.repeats.length === 0
        ? ''
        : html`<h3>${say('repeatsTitle')}</h3>
            ${dataTable(shown, [
              { head: say('sentence'), text: true, cell: ({ text }) => text },
              { head: say('shownTimes'), number: true, cell: ({ times }) => words.number(times) },
              {
                head: say('gap'),
                number: true,
                cell: ({ shortestGapMs }) =>
                  html`<span class="${shortestGapMs < lines.goalMs ? 'soon' : ''}"
                    >${words.duration(shortestGapMs)}</span
                  >`,
              },
            ])}`
    }${soon.length === 0 && lines.repeats.length === 0 ? html`<p class="soft">${say('noneTooSoon')}</p>` : ''}
  </section>`;
}

export function sessionSection(context: PageContext): Html {
  const { report, say, value, words } = context;
  return html`<section class="long">
    <h2>${say('sessions')}</h2>
    ${dataTable(report.sessions, [
      { head: say('begin'), cell: ({ atMs }) => words.at(atMs) },
      { head: say('length'), number: true, cell: ({ atMs, untilMs }) => words.duration(untilMs - atMs) },
      { head: say('end'), cell: ({ ended }) => value(ended) },
      { head: say('frames'), number: true, cell: ({ frames }) => words.number(frames) },
      { head: say('replaced'), number: true, cell: ({ replaced }) => words.number(replaced) },
      { head: say('mutedFrames'), number: true, cell: ({ muted }) => words.number(muted) },
      { head: say('late'), number: true, cell: ({ late }) => words.number(late) },
    ])}
  </section>`;
}

export const nothing = ({ say }: PageContext): Html => html`<p class="soft">${say('none')}</p>`;
