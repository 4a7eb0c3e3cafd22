import type { ReportInterval } from '../../core/handles/report-handle.js';
import { legend } from './bar-list.js';
import { columnPlot } from './column-plot.js';
import { type Html, html } from './html.js';
import type { PageContext } from './page-context.js';
import { axisLabels, timeTicks } from './time-axis.js';

interface Series {
  readonly title: string;
  readonly looks: readonly string[];
  readonly values: (bar: ReportInterval) => readonly number[];
  readonly legend?: Html;
}

/** Comments, lines, viewers and violations in bars of one length. */
export function overTimeSection({ report, say, words }: PageContext): Html {
  const { intervals, comments, violations, peakViewers, lines } = report;
  const [first, last] = [intervals[0]!, intervals.at(-1)!];
  const span = { atMs: first.atMs, untilMs: last.untilMs };
  const ticks = timeTicks(span, words);
  const series: Series[] = [];
  if (comments.total > 0)
    series.push({
      title: say('commentsOver'),
      looks: ['a', 'b'],
      values: (bar) => [bar.answered, bar.comments - bar.answered],
      legend: legend([
        ['a', say('answered')],
        ['b', say('others')],
      ]),
    });
  if (peakViewers !== null)
    series.push({ title: say('viewersOver'), looks: ['p2'], values: (bar) => [bar.viewers ?? 0] });
  if (lines.spoken > 0) series.push({ title: say('linesOver'), looks: ['p6'], values: (bar) => [bar.lines] });
  if (violations.total > 0)
    series.push({ title: say('violationsOver'), looks: ['bad'], values: (bar) => [bar.violations] });
  if (series.length === 0) return html``;
  const length = words.duration(first.untilMs - first.atMs);
  return html`<section>
    <div class="two">
      ${series.map(
        ({ title, looks, values, legend: below }) =>
          html`<div class="over">
            <h3>${title} <span class="soft">· ${say('perBar', { length })}</span></h3>
            ${columnPlot(
              intervals.map((bar) => ({
                values: values(bar),
                title: `${words.at(bar.atMs)}: ${values(bar)
                  .map((n) => words.number(n))
                  .join(' + ')}`,
              })),
              { looks, label: title, scale: (n) => words.number(n), lines: ticks.map(({ place }) => place) },
            )}${axisLabels(ticks)}${below ?? html``}
          </div>`,
      )}
    </div>
  </section>`;
}
