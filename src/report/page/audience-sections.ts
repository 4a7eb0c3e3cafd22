import { barList, legend, type Html, html, columnPlot, dataTable } from './html.js';
import type { PageContext } from './page-context.js';
import { reasonIn } from './report-words.js';
import { nothing } from './show-sections.js';

const MAX_INTENTS = 16;
/** Of what viewers bring, such as names of platforms. */
const MAX_BARS = 32;

export function commentSection(context: PageContext): Html {
  const { report, say, value, words } = context;
  const { comments, audience } = report;
  const bars = (counts: Readonly<Record<string, number>>, look: string): Html =>
    barList(
      Object.entries(counts)
        .slice(0, MAX_BARS)
        .map(([name, count]) => ({
          name: value(name),
          values: [count],
          text: words.number(count),
        })),
      [look],
    );
  const others = Object.keys(audience).length > 0;
  if (comments.total === 0 && !others)
    return html`<section>
      <h2>${say('audience')}</h2>
      ${nothing(context)}
    </section>`;
  return html`<section>
    <h2>${say('audience')}</h2>
    <div class="two">
      <div>
        <h3>${say('byIntent')}</h3>
        ${barList(
          comments.byIntent.slice(0, MAX_INTENTS).map(({ intent, comments: all, answered, unanswered }) => ({
            name: intent === '' ? say('unknown') : value(intent),
            values: [answered, unanswered],
            text: `${words.number(answered)} / ${words.number(all)}`,
          })),
          ['a', 'c'],
        )}${legend([
          ['a', say('answered')],
          ['c', say('unanswered')],
        ])}
      </div>
      <div>
        <h3>${say('byOutcome')}</h3>
        ${bars(comments.byOutcome, 'p6')}
        <h3>${say('byPlatform')}</h3>
        ${bars({ ...comments.byPlatform }, 'p2')}${
          others
            ? html`<h3>${say('otherEvents')}</h3>
                ${bars(audience, 'b')}`
            : ''
        }
      </div>
    </div>
  </section>`;
}

export function questionSection(context: PageContext): Html {
  const { report, say, words, language } = context;
  const { unanswered, unansweredMore } = report.comments;
  if (unanswered.length === 0) return html``;
  const titles = new Map(report.products.map(({ product, title }) => [product, title === '' ? product : title]));
  return html`<section class="long">
    <h2>${say('topUnanswered')}</h2>
    <p class="help">${withCode(say('topHelp'))}</p>
    ${dataTable(unanswered, [
      { head: say('question'), text: true, cell: ({ text }) => text },
      {
        head: say('product'),
        text: true,
        cell: ({ product }) =>
          product === null ? '' : html`<span class="id">${titles.get(product) ?? product}</span>`,
      },
      { head: say('why'), text: true, cell: ({ reason }) => reasonIn(language)(reason) },
      { head: say('asked'), number: true, cell: ({ times }) => words.number(times) },
      { head: say('last'), number: true, cell: ({ lastMs }) => words.at(lastMs) },
    ])}
    ${unansweredMore === 0 ? '' : html`<p class="help">${say('moreQuestions', { n: words.number(unansweredMore) })}</p>`}
  </section>`;
}

/** Names of settings stand between backquotes. */
const withCode = (text: string): Html[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

export function replySection(context: PageContext): Html {
  const { report, say, value, words } = context;
  const { replies } = report;
  if (replies.count === 0)
    return html`<section>
      <h2>${say('replies')}</h2>
      ${nothing(context)}
    </section>`;
  const range = (fromMs: number, toMs: number | null): string =>
    toMs === null ? `> ${words.duration(fromMs)}` : `${words.duration(fromMs)} – ${words.duration(toMs)}`;
  return html`<section>
    <h2>${say('replies')}</h2>
    <p class="help">${say('repliesHelp')}</p>
    <div class="two">
      <div class="histogram">
        ${columnPlot(
          replies.histogram.map(({ fromMs, toMs, count }) => ({
            values: [count],
            title: `${range(fromMs, toMs)}: ${words.number(count)}`,
          })),
          { looks: ['a'], label: say('replies'), scale: (n) => words.number(n) },
        )}
        <div class="labels">
          ${replies.histogram.map(({ fromMs, toMs }) => html`<span>${toMs === null ? `> ${fromMs / 1000}` : `${toMs / 1000}`}</span>`)}
        </div>
      </div>
      <div>
        ${dataTable(replies.byPath, [
          { head: say('path'), cell: ({ path }) => (path === '' ? say('unknown') : value(path)) },
          { head: say('count'), number: true, cell: ({ count }) => words.number(count) },
          { head: 'p50', number: true, cell: ({ p50Ms }) => words.duration(p50Ms) },
          { head: 'p95', number: true, cell: ({ p95Ms }) => words.duration(p95Ms) },
        ])}
      </div>
    </div>
  </section>`;
}
