import type { ShowReport, ReportInterval } from '../../config/api/report-handle.js';
import {
  commentSection,
  lineSection,
  nothing,
  productSection,
  questionSection,
  replySection,
  sessionSection,
  timelineSection,
} from './timeline-section.js';
import { html, raw, type Html, legend, columnPlot, dataTable } from './html.js';
import { NumberWords, type ReportLanguage, sayIn, valueIn } from './report-words.js';
import { axisLabels, type PageContext, timeTicks } from './time-axis.js';

/** The page's style: light and dark by the reader's setting, light on paper, one column on a phone. */
const REPORT_STYLE = `
:root{color-scheme:light dark;
--page:light-dark(#f6f7f9,#101317);--card:light-dark(#fff,#191d23);--line:light-dark(#e3e6eb,#2b313a);
--ink:light-dark(#161a20,#e8ebf0);--soft:light-dark(#5b6472,#98a2b1);--track:light-dark(#eef0f4,#242a32);
--a:light-dark(#2f6fde,#5b93f5);--b:light-dark(#c9d2df,#454f5d);--c:light-dark(#d9822b,#e89a4a);
--good:light-dark(#2f9e5b,#3fb36f);--fair:light-dark(#d6a318,#dcb13d);--bad:light-dark(#d1453b,#e5655c);
--p0:light-dark(#3b76dd,#5e94f2);--p1:light-dark(#e0803a,#e89558);--p2:light-dark(#2f9e86,#46b49c);--p3:light-dark(#a05bc4,#b57ad5);
--p4:light-dark(#c9507f,#dd6f98);--p5:light-dark(#8a8f2d,#aab04a);--p6:light-dark(#5a6bb0,#7f8fd0);--p7:light-dark(#7a6152,#a78b7a);--p8:light-dark(#9aa3b0,#707a88)}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Hiragino Sans GB","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:1160px;margin:0 auto;padding:28px 24px 40px}
header{margin-bottom:20px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:17px;line-height:1.3;margin:0 0 14px}
h3{font-size:13px;font-weight:600;color:var(--soft);margin:22px 0 8px}
h3:first-child{margin-top:0}
p{margin:0}
.soft,.help{color:var(--soft)}
.help{font-size:13.5px;margin:-8px 0 14px;max-width:75ch}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 22px;margin:0 0 16px}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;margin:0 0 16px}
.pair>section{margin:0}.pair>section:only-child{grid-column:1/-1}
.two>*,.pair>*{min-width:0}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;margin:0 0 16px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.tile b{display:block;font-size:25px;line-height:1.2;font-weight:650;letter-spacing:-.01em}
.tile span{display:block;font-size:13.5px}
.tile small{display:block;font-size:12.5px;color:var(--soft);margin-top:2px}
.tile.bad b{color:var(--bad)}
.tile.good b{color:var(--good)}
.lanes{display:grid;grid-template-columns:minmax(90px,max-content) minmax(0,1fr) minmax(64px,max-content);gap:8px 14px;align-items:center}
.lanes .name{font-size:13.5px;overflow-wrap:anywhere;max-width:190px}
.lanes .figure{font-size:13.5px;text-align:right;color:var(--soft)}
.lanes .axis{grid-column:2}
.lane{display:contents}
.strip.tall{height:44px}
.strip{display:block;width:100%;height:20px;border-radius:4px}
.ground{fill:var(--track)}
.grid{fill:none;stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.strip .grid{stroke:var(--card);opacity:.55}
.touch{fill:transparent}
.axis{position:relative;height:18px;font-size:12px;color:var(--soft)}
.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.plot{display:grid;grid-template-columns:38px minmax(0,1fr);gap:8px}
.plot svg{display:block;width:100%;height:130px}
.scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;font-size:12px;line-height:1;color:var(--soft);height:130px}
.over .axis{margin-left:46px;margin-top:4px}
.histogram .labels{display:flex;margin:4px 0 0 46px;font-size:12px;color:var(--soft)}
.histogram .labels span{flex:1;text-align:center;white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--soft);margin:10px 0 0}
.legend span{display:inline-flex;align-items:center;gap:6px}
.legend i,.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;flex:none}
.swatch{margin-right:8px}
.bars{list-style:none;margin:0;padding:0;display:grid;gap:7px}
.bars li{display:grid;grid-template-columns:minmax(84px,32%) minmax(0,1fr) minmax(56px,max-content);gap:10px;align-items:center;font-size:14px}
.bars .name{overflow-wrap:anywhere}
.bars .track{display:flex;height:12px;background:var(--track);border-radius:3px;overflow:hidden}
.bars .track i{display:block;height:100%;min-width:2px}
.bars .figure{text-align:right;font-size:13.5px;color:var(--soft)}
.scroll{overflow-x:auto;margin:0 -4px;padding:0 4px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{font-weight:600;font-size:12.5px;color:var(--soft);text-align:left;vertical-align:bottom;padding:0 20px 6px 0;border-bottom:1px solid var(--line)}
td{padding:7px 20px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0;padding-bottom:0}
th.n,td.n{text-align:right;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
td.text{overflow-wrap:anywhere;min-width:150px}
.id{color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}
.soon{color:var(--bad);font-weight:600}
td.name{white-space:nowrap}
code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--track);padding:1px 5px;border-radius:4px}
footer{color:var(--soft);font-size:13px;margin-top:20px}
i.a,.dot.a{background:var(--a)}rect.a{fill:var(--a)}i.b{background:var(--b)}rect.b{fill:var(--b)}i.c{background:var(--c)}rect.c{fill:var(--c)}
i.good{background:var(--good)}rect.good{fill:var(--good)}i.fair{background:var(--fair)}rect.fair{fill:var(--fair)}i.bad{background:var(--bad)}rect.bad{fill:var(--bad)}
${Array.from({ length: 9 }, (_, i) => `i.p${i}{background:var(--p${i})}rect.p${i}{fill:var(--p${i})}`).join('')}
@media (max-width:900px){.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.two,.pair{grid-template-columns:minmax(0,1fr)}}
@media (max-width:640px){main{padding:18px 12px 28px}h1{font-size:22px}section{padding:16px 14px;border-radius:10px}.tile{padding:12px}.tile b{font-size:21px}.tiles{gap:8px}
.lanes{grid-template-columns:minmax(0,1fr);gap:8px}.lane{display:grid;grid-template-columns:minmax(0,1fr) max-content;gap:2px 10px}.lane .strip{grid-column:1/-1;grid-row:2}.lanes .axis{grid-column:1}.lanes .name{max-width:none}
.axis .odd{display:none}.plot svg,.scale{height:110px}.histogram .labels span:nth-child(even){visibility:hidden}
table.fold thead{display:none}table.fold,table.fold tbody,table.fold tr,table.fold td{display:block;width:100%}
table.fold tr{padding:10px 0;border-bottom:1px solid var(--line)}table.fold tr:first-child{padding-top:0}table.fold tr:last-child{border:0;padding-bottom:0}
table.fold td{border:0;padding:1px 0;text-align:left;white-space:normal}table.fold td[data-name]{display:flex;justify-content:space-between;gap:14px}table.fold td[data-name]:empty{display:none}
table.fold td[data-name]::before{content:attr(data-name);color:var(--soft);font-size:13px;flex:none}}
@media print{:root{color-scheme:light}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{background:#fff;font-size:12px}main{max-width:none;padding:0}
section,.tile{border-color:#d5d9df;break-inside:avoid}section.long{break-inside:auto}tr,.bars li{break-inside:avoid}.tiles{grid-template-columns:repeat(4,1fr)}.pair{grid-template-columns:1fr 1fr}h2{break-after:avoid}
@page{margin:14mm}}
`;

function ruleSection(context: PageContext): Html {
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

function outputSection(context: PageContext): Html {
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
function periodSection(context: PageContext): Html {
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

function pageHeader({ report, say, words }: PageContext): Html {
  const { room, atMs, untilMs, createdMs } = report;
  return html`<header>
    <h1>${say('title')}${room === '' ? '' : ` · ${room}`}</h1>
    <p class="soft">
      ${words.at(atMs)} – ${words.at(untilMs)} · ${say('times', { zone: words.zone })}
      ${say('created', { at: words.at(createdMs) })}
    </p>
  </header>`;
}

/** Viewers who see the slate longer than this share of a show leave. */
const MAX_SLATE_SHARE = 0.01;

/** The figures that a seller asks for first. */
function keyFigures({ report, say, words }: PageContext): Html {
  const { lines, comments, replies, violations, slate, mute, sessions } = report;
  const { answered = 0, merged = 0, open = 0, unanswered = 0 } = comments.byOutcome;
  const questions = answered + merged + open + unanswered;
  const gap = lines.shortestGapMs;
  const soon = gap !== null && gap < lines.goalMs;
  const rules = violations.byRule.length;
  const count = sessions.length === 1 ? say('oneSession') : say('sessionsOf', { n: words.number(sessions.length) });
  return html`<div class="tiles">
    ${[
      tile(words.duration(report.onAirMs), say('onAir'), count),
      tile(words.number(lines.spoken), say('linesSpoken'), ''),
      tile(
        gap === null ? '–' : words.duration(gap),
        say('shortestRepeat'),
        gap === null ? say('noRepeat') : say('goal', { goal: words.duration(lines.goalMs) }),
        soon ? 'bad' : 'good',
      ),
      tile(
        words.number(comments.total),
        say('comments'),
        questions === 0 ? '' : say('answeredShare', { share: words.share((answered + merged) / questions) }),
      ),
      tile(
        replies.p50Ms === null ? '–' : words.duration(replies.p50Ms),
        say('replyTime'),
        replies.p95Ms === null ? '' : say('p95', { time: words.duration(replies.p95Ms) }),
      ),
      tile(words.number(violations.total), say('prevented'), rules === 0 ? '' : say('rulesOf', { n: String(rules) })),
      tile(
        words.duration(slate.totalMs),
        say('slateTime'),
        say('muteTime', { time: words.duration(mute.totalMs) }),
        slate.totalMs > report.onAirMs * MAX_SLATE_SHARE ? 'bad' : '',
      ),
      tile(report.peakViewers === null ? '–' : words.number(report.peakViewers), say('peak'), ''),
    ]}
  </div>`;
}

const tile = (figure: string, name: string, more: string, look = ''): Html =>
  html`<div class="tile ${look}">
    <b>${figure}</b><span>${name}</span>${more === '' ? '' : html`<small>${more}</small>`}
  </div>`;

interface Series {
  readonly title: string;
  readonly looks: readonly string[];
  readonly values: (bar: ReportInterval) => readonly number[];
  readonly legend?: Html;
}

/** Comments, lines, viewers and violations in bars of one length. */
function overTimeSection({ report, say, words }: PageContext): Html {
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

/** The page may load and run nothing, whatever a viewer wrote. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const TAGS: Readonly<Record<ReportLanguage, string>> = { en: 'en', zh: 'zh-CN' };

/** One self-contained page without scripts. `zone` replaces the machine's time zone. */
export function reportPage(report: ShowReport, language: ReportLanguage, zone?: string): string {
  const words = new NumberWords(language, zone);
  const say = sayIn(language);
  const context: PageContext = {
    report,
    say,
    value: valueIn(language),
    words,
    ticks: timeTicks(report, words),
    language,
  };
  const body =
    report.sessions.length === 0
      ? [html`<section><p>${say('noShow')}</p></section>`]
      : [
          keyFigures(context),
          timelineSection(context),
          overTimeSection(context),
          productSection(context),
          commentSection(context),
          questionSection(context),
          replySection(context),
          lineSection(context),
          html`<div class="pair">${[ruleSection(context), periodSection(context)]}</div>`,
          outputSection(context),
          sessionSection(context),
        ];
  return `<!doctype html>\n${
    html`<html lang="${TAGS[language]}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${say('title')}${report.room === '' ? '' : ` · ${report.room}`}</title>
        <style>
          ${raw(REPORT_STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${pageHeader(context)}${body}
          <footer>${say('footer')}</footer>
        </main>
      </body>
    </html>`.text
  }\n`;
}
