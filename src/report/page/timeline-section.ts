import type { ReportSpan } from '../../config/api/report-handle.js';
import { legend, type Html, html, raw } from './html.js';
import type { PageContext } from './page-context.js';
import { axisLabels, type Tick } from './time-axis.js';

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
export const productLook = ({ report }: PageContext, product: string): string => {
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
