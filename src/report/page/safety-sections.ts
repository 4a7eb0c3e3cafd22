import { dataTable } from './data-table.js';
import { type Html, html } from './html.js';
import type { PageContext } from './page-context.js';
import { nothing } from './show-sections.js';

export function ruleSection(context: PageContext): Html {
  const { report, say, value, words, language } = context;
  const { byRule } = report.violations;
  return html`<section class="long">
    <h2>${say('rules')}</h2>
    <p class="help">${say('rulesHelp')}</p>
    ${
      byRule.length === 0
        ? nothing(context)
        : dataTable(byRule, [
            { head: say('rule'), text: true, cell: ({ rule, title }) => html`<b>${rule}</b> ${title[language]}` },
            { head: say('count'), number: true, cell: ({ count }) => words.number(count) },
            {
              head: say('actions'),
              text: true,
              cell: ({ byAction }) =>
                html`<span class="id"
                  >${Object.entries(byAction)
                    .map(([action, count]) => `${value(action)} ${words.number(count)}`)
                    .join(' · ')}</span
                >`,
            },
          ])
    }
  </section>`;
}

/** From this share of the show on, the slate is named beside the uptime. */
const MIN_SLATE_SHARE = 0.01;

export function outputSection(context: PageContext): Html {
  const { report, say, words } = context;
  const share = report.onAirMs === 0 ? 0 : Math.min(1, report.slate.totalMs / report.onAirMs);
  return html`<section class="long">
    <h2>${say('outputs')}</h2>
    ${
      share < MIN_SLATE_SHARE || report.outputs.length === 0
        ? ''
        : html`<p class="help">
            ${say('underSlate', { time: words.duration(report.slate.totalMs), share: words.share(share) })}
          </p>`
    }${
      report.outputs.length === 0
        ? nothing(context)
        : dataTable(report.outputs, [
            {
              head: say('destination'),
              text: true,
              cell: ({ output, kind, target }) => html`${output} <span class="id">${kind} · ${target}</span>`,
            },
            { head: say('uptime'), number: true, cell: ({ uptime }) => words.share(uptime) },
            { head: say('live'), number: true, cell: ({ liveMs }) => words.duration(liveMs) },
            { head: say('interruptions'), number: true, cell: ({ interruptions }) => words.number(interruptions) },
            { head: say('lastError'), text: true, cell: ({ lastError }) => html`<span class="id">${lastError}</span>` },
          ])
    }
  </section>`;
}

/** Times under the slate and in silence by their causes. */
export function periodSection(context: PageContext): Html {
  const { report, say, value, words } = context;
  const rows = (['slate', 'mute'] as const).flatMap((kind) =>
    Object.entries(report[kind].byCause).map(([cause, ms]) => ({
      kind: say(kind === 'slate' ? 'slateLane' : 'muteLane'),
      cause,
      ms,
      times: report[kind].spans.filter((span) => span.cause === cause).length,
    })),
  );
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>${say('interruptionsLane')}</h2>
    ${dataTable(rows, [
      { head: say('kindOfPause'), cell: ({ kind }) => kind },
      { head: say('cause'), cell: ({ cause }) => value(cause) },
      { head: say('shownTimes'), number: true, cell: ({ times }) => words.number(times) },
      { head: say('duration'), number: true, cell: ({ ms }) => words.duration(ms) },
    ])}
  </section>`;
}
