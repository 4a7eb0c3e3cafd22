import type { ReportSpan } from '../../../core/handles/report-handle.js';
import { type Html, html, raw } from './html.js';
import type { Tick } from './time-axis.js';

/** A strip has this many columns, so that a page stays small however many spans there are. */
const COLUMNS = 900;

export interface StripSpan extends ReportSpan {
  /** A class of the page's style: `live`, `down`, `p3`. */
  readonly look: string;
}

export interface StripOptions {
  readonly span: ReportSpan;
  readonly ticks: readonly Tick[];
  readonly label: string;
  /** Looks that win a column however short their span is, the strongest first. */
  readonly strong?: readonly string[];
}

/** One lane of a timeline: coloured spans along the time. */
export function stripPlot(spans: readonly StripSpan[], { span, ticks, label, strong = [] }: StripOptions): Html {
  const runs = runsOf(columnsOf(spans, span, strong));
  const grid = ticks.map(({ place }) => `M${(place * COLUMNS).toFixed(1)} 0V10`).join('');
  const rects = runs.map(([look, from, to]) => `<rect class="${look}" x="${from}" width="${to - from}" height="10"/>`);
  return html`<svg
    class="strip"
    viewBox="0 0 ${COLUMNS} 10"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    ${raw(`<rect class="ground" width="${COLUMNS}" height="10"/>${rects.join('')}<path class="grid" d="${grid}"/>`)}
  </svg>`;
}

/** The look that covers most of each column. */
function columnsOf(spans: readonly StripSpan[], whole: ReportSpan, strong: readonly string[]): (string | undefined)[] {
  const lengthMs = Math.max(1, whole.untilMs - whole.atMs);
  const scale = COLUMNS / lengthMs;
  const covers = Array.from({ length: COLUMNS }, () => new Map<string, number>());
  for (const { atMs, untilMs, look } of spans) {
    const [from, to] = [(atMs - whole.atMs) * scale, (untilMs - whole.atMs) * scale];
    for (let i = Math.max(0, Math.floor(from)); i < Math.min(COLUMNS, Math.ceil(to)); i += 1) {
      const part = Math.min(to, i + 1) - Math.max(from, i);
      if (part > 0) covers[i]!.set(look, (covers[i]!.get(look) ?? 0) + part);
    }
  }
  return covers.map((cover) => {
    const first = strong.find((look) => cover.has(look));
    if (first !== undefined) return first;
    const [most] = [...cover].toSorted((a, b) => b[1] - a[1]);
    return most !== undefined && most[1] >= 0.5 ? most[0] : undefined;
  });
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
