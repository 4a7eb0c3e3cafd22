import { legend } from './bar-list.js';
import { type Html, html } from './html.js';
import type { PageContext } from './page-context.js';
import { mixPlot, type StripSpan, stripPlot } from './strip-plot.js';
import { axisLabels } from './time-axis.js';

const MAX_COLOURS = 8;
/** More spans than this are too narrow to be seen one by one: their shares are shown. */
const MAX_SPANS = 120;

/** The colour of a product, the same in all plots; products beyond the eighth share one. */
export const productLook = ({ report }: PageContext, product: string): string => {
  const i = report.products.findIndex((one) => one.product === product);
  return `p${i < 0 ? MAX_COLOURS : Math.min(i, MAX_COLOURS)}`;
};

const STATE_LOOKS: Readonly<Record<string, string>> = { live: 'good', degraded: 'fair', connecting: 'fair' };
export const stateLook = (state: string): string => STATE_LOOKS[state] ?? 'bad';

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
