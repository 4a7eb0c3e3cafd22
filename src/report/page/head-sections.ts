import { type Html, html } from './html.js';
import type { PageContext } from './page-context.js';

export function pageHeader({ report, say, words }: PageContext): Html {
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
export function keyFigures({ report, say, words }: PageContext): Html {
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
