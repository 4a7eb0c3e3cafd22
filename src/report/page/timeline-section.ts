import type { ReportSpan } from '../../config/api/report-handle.js';
import { barList, columnPlot, dataTable, type Html, html, legend, raw } from './html.js';
import { axisLabels, type PageContext, type Tick } from './time-axis.js';
import { reasonIn } from './report-words.js';

/** A strip has this many columns, so that a page stays small however many spans there are. */
const COLUMNS = 900;
const MIX_COLUMNS = 60;

interface StripSpan extends ReportSpan {
  /** A class of the page's style: `live`, `down`, `p3`. */
  readonly look: string;
}

interface StripOptions {
  readonly span: ReportSpan;
  readonly ticks: readonly Tick[];
  readonly label: string;
  /** Looks that win a column however short their span is, the strongest first. */
  readonly strong?: readonly string[];
}

/** One lane of a timeline: coloured spans along the time. */
function stripPlot(spans: readonly StripSpan[], { span, ticks, label, strong = [] }: StripOptions): Html {
  const runs = runsOf(columnsOf(spans, span, strong));
  const rects = runs.map(([look, from, to]) => `<rect class="${look}" x="${from}" width="${to - from}" height="10"/>`);
  return strip('strip', rects, ticks, label);
}

/** One lane whose spans are too short to be seen: the share of each look, in at most `MIX_COLUMNS` columns. */
function mixPlot(spans: readonly StripSpan[], { span, ticks, label }: StripOptions): Html {
  const looks = [...new Set(spans.map(({ look }) => look))].sort();
  const width = COLUMNS / MIX_COLUMNS;
  const rects = coversOf(spans, span, MIX_COLUMNS).flatMap((cover, i) => {
    let y = 10;
    return looks.map((look) => {
      const height = Math.min(1, cover.get(look) ?? 0) * 10;
      y -= height;
      return height === 0
        ? ''
        : `<rect class="${look}" x="${(i * width).toFixed(1)}" y="${y.toFixed(2)}" width="${width}" height="${height.toFixed(2)}"/>`;
    });
  });
  return strip('strip tall', rects, ticks, label);
}

function strip(look: string, rects: readonly string[], ticks: readonly Tick[], label: string): Html {
  const grid = ticks.map(({ place }) => `M${(place * COLUMNS).toFixed(1)} 0V10`).join('');
  const shapes = `<rect class="ground" width="${COLUMNS}" height="10"/>${rects.join('')}<path class="grid" d="${grid}"/>`;
  return html`<svg
    class="${look}"
    viewBox="0 0 ${COLUMNS} 10"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    ${raw(shapes)}
  </svg>`;
}

/** The look that covers most of each column. */
function columnsOf(spans: readonly StripSpan[], whole: ReportSpan, strong: readonly string[]): (string | undefined)[] {
  const covers = coversOf(spans, whole, COLUMNS);
  return covers.map((cover) => {
    const first = strong.find((look) => cover.has(look));
    if (first !== undefined) return first;
    const [most] = [...cover].toSorted((a, b) => b[1] - a[1]);
    return most !== undefined && most[1] >= 0.5 ? most[0] : undefined;
  });
}

/** The share of each column that each look covers. */
function coversOf(spans: readonly StripSpan[], whole: ReportSpan, columns: number): Map<string, number>[] {
  const scale = columns / Math.max(1, whole.untilMs - whole.atMs);
  const covers = Array.from({ length: columns }, () => new Map<string, number>());
  for (const { atMs, untilMs, look } of spans) {
    const [from, to] = [(atMs - whole.atMs) * scale, (untilMs - whole.atMs) * scale];
    for (let i = Math.max(0, Math.floor(from)); i < Math.min(columns, Math.ceil(to)); i += 1) {
      const part = Math.min(to, i + 1) - Math.max(from, i);
      if (part > 0) covers[i]!.set(look, (covers[i]!.get(look) ?? 0) + part);
    }
  }
  return covers;
}

function runsOf(columns: readonly (string | undefined)[]): [string, number, number][] {
  const runs: [string, number, number][] = [];
  for (const [i, look] of columns.entries()) {
    if (look === undefined) continue;
    const last = runs.at(-1);
    if (last !== undefined && last[0] === look && last[2] === i) last[2] = i + 1;
    else runs.push([look, i, i + 1]);
  }
  return runs;
}

const MAX_COLOURS = 8;
/** More spans than this are too narrow to be seen one by one: their shares are shown. */
const MAX_SPANS = 120;

/** The colour of a product, the same in all plots; products beyond the eighth share one. */
const productLook = ({ report }: PageContext, product: string): string => {
  const i = report.products.findIndex((one) => one.product === product);
  return `p${i < 0 ? MAX_COLOURS : Math.min(i, MAX_COLOURS)}`;
};

const STATE_LOOKS: Readonly<Record<string, string>> = { live: 'good', degraded: 'fair', connecting: 'fair' };
const stateLook = (state: string): string => STATE_LOOKS[state] ?? 'bad';

/** Sessions, products, destinations, slate and silence above one time axis. */
export function timelineSection(context: PageContext): Html {
  const { report, say, value, words, ticks } = context;
  const row = (name: string, plot: Html, figure: string): Html =>
    html`<div class="lane"><span class="name">${name}</span>${plot}<span class="figure">${figure}</span></div>`;
  const lane = (name: string, spans: readonly StripSpan[], figure: string, strong: readonly string[] = []): Html =>
    row(name, stripPlot(spans, { span: report, ticks, label: name, strong }), figure);
  const { sessions, productSpans, outputs, slate, mute } = report;
  return html`<section>
    <h2>${say('timeline')}</h2>
    <div class="lanes">
      ${[
        lane(
          say('lane'),
          sessions.map((one) => ({ ...one, look: one.ended === 'failed' || one.ended === 'killed' ? 'c' : 'a' })),
          words.duration(report.onAirMs),
        ),
        row(
          say('productLane'),
          (productSpans.length > MAX_SPANS ? mixPlot : stripPlot)(
            productSpans.map((one) => ({ ...one, look: productLook(context, one.product) })),
            { span: report, ticks, label: say('productLane') },
          ),
          words.number(report.products.length),
        ),
        ...outputs.map((output) =>
          lane(
            output.output,
            output.spans.map((one) => ({ ...one, look: stateLook(one.state) })),
            words.share(output.uptime),
            ['bad', 'fair'],
          ),
        ),
        lane(
          say('slateLane'),
          slate.spans.map((one) => ({ ...one, look: 'bad' })),
          words.duration(slate.totalMs),
          ['bad'],
        ),
        lane(
          say('muteLane'),
          mute.spans.map((one) => ({ ...one, look: 'c' })),
          words.duration(mute.totalMs),
          ['c'],
        ),
        axisLabels(ticks),
      ]}
    </div>
    ${legend([
      ['good', value('live')],
      ['fair', `${value('degraded')}, ${value('connecting')}`],
      ['bad', value('backoff')],
      ['c', `${say('lane')}: ${value('failed')}, ${value('killed')}`],
    ])}
  </section>`;
}

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
