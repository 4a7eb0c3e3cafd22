import type { ReportSpan } from '../../core/handles/report-handle.js';
import { type Html, html, raw } from './html.js';
import type { Tick } from './time-axis.js';

/** A strip has this many columns, so that a page stays small however many spans there are. */
const COLUMNS = 900;
const MIX_COLUMNS = 60;

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
  const rects = runs.map(([look, from, to]) => `<rect class="${look}" x="${from}" width="${to - from}" height="10"/>`);
  return strip('strip', rects, ticks, label);
}

/** One lane whose spans are too short to be seen: the share of each look, in at most `MIX_COLUMNS` columns. */
export function mixPlot(spans: readonly StripSpan[], { span, ticks, label }: StripOptions): Html {
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
