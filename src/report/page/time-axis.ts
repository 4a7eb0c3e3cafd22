import type { ReportSpan, ShowReport } from '../../config/api/report-handle.js';
import { type Html, html } from './html.js';
import type { NumberWords, Say } from './report-words.js';

const MIN = 60_000;
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400, 43_200];
const MAX_TICKS = 9;

export interface Tick {
  /** 0 to 1 along the axis. */
  readonly place: number;
  readonly label: string;
}

/** Round local times along a span. */
export function timeTicks({ atMs, untilMs }: ReportSpan, words: NumberWords): Tick[] {
  const length = Math.max(1, untilMs - atMs);
  const stepMs = (STEPS_MIN.find((step) => length / (step * MIN) < MAX_TICKS) ?? STEPS_MIN.at(-1)!) * MIN;
  const shiftMs = zoneShiftMs(atMs, words.zone);
  const ticks: Tick[] = [];
  for (let at = Math.ceil((atMs + shiftMs) / stepMs) * stepMs - shiftMs; at <= untilMs; at += stepMs) {
    const midnight = words.clock(at) === '00:00';
    ticks.push({
      place: (at - atMs) / length,
      label: midnight || stepMs >= 1440 * MIN ? words.day(at) : words.clock(at),
    });
  }
  return ticks;
}

/** Labels below a plot. Those near an edge would be cut, and every second one is left out on a narrow page. */
export const axisLabels = (ticks: readonly Tick[]): Html =>
  html`<div class="axis" aria-hidden="true">
    ${ticks
      .filter(({ place }) => place > 0.02 && place < 0.98)
      .map(
        ({ place, label }, i) =>
          html`<span style="left:${(place * 100).toFixed(2)}%" ${i % 2 === 1 ? html` class="odd"` : ''}
            >${label}</span
          >`,
      )}
  </div>`;

function zoneShiftMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(atMs);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)!.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return local - Math.floor(atMs / MIN) * MIN;
}

/** The inputs of each section of the page. */
export interface PageContext {
  readonly report: ShowReport;
  readonly say: Say;
  /** Name of a value. */
  readonly value: (value: string) => string;
  readonly words: NumberWords;
  readonly ticks: readonly Tick[];
  readonly language: 'en' | 'zh';
}
