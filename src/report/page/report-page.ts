import type { ShowReport } from '../../core/handles/report-handle.js';
import { commentSection, questionSection, replySection } from './audience-sections.js';
import { keyFigures, pageHeader } from './head-sections.js';
import { html, raw } from './html.js';
import { NumberWords } from './number-words.js';
import { overTimeSection } from './over-time-section.js';
import type { PageContext } from './page-context.js';
import { REPORT_STYLE } from './report-style.js';
import { type ReportLanguage, sayIn, valueIn } from './report-words.js';
import { outputSection, periodSection, ruleSection } from './safety-sections.js';
import { lineSection, productSection, sessionSection } from './show-sections.js';
import { timeTicks } from './time-axis.js';
import { timelineSection } from './timeline-section.js';

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
