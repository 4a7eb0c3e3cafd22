import type { MediaSoakResult } from './media-soak.js';
import type { RealSoakResult } from './real-soak.js';

type Point = readonly [x: number, y: number];

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly across: string;
  readonly lines: readonly { readonly name: string; readonly colour: string; readonly points: readonly Point[] }[];
}

const WIDTH = 720;
const PANEL = 220;
const LEFT = 60;
const RIGHT = 20;
const TOP = 34;
const BOTTOM = 40;

/** Memory and handles over time, and the offset of picture and sound, as one SVG. */
export function plotSoak(media: MediaSoakResult | undefined, real: RealSoakResult | undefined): string {
  const panels: Panel[] = [];
  if (media !== undefined) {
    const of = (pick: (s: MediaSoakResult['samples'][number]) => number): Point[] =>
      media.samples.map((s) => [s.hours, pick(s)]);
    panels.push({
      title: `Memory over ${media.mediaHours.toFixed(1)} h of media time`,
      unit: 'MiB',
      across: 'hours of media',
      lines: [
        { name: 'resident', colour: '#8a8f98', points: of((s) => s.rssMiB) },
        { name: 'heap after collection', colour: '#2563eb', points: of((s) => s.heapMiB ?? 0) },
      ],
    });
  }
  if (real !== undefined) {
    const minutes = (s: { hours: number }): number => s.hours * 60;
    panels.push({
      title: `Memory and handles over ${real.minutes.toFixed(0)} min of real time`,
      unit: 'MiB, count',
      across: 'minutes',
      lines: [
        {
          name: 'engine and children',
          colour: '#7c3aed',
          points: real.samples.map((s) => [minutes(s), s.tree?.totalMiB ?? 0]),
        },
        { name: 'resident', colour: '#2563eb', points: real.samples.map((s) => [minutes(s), s.rssMiB]) },
        { name: 'handles', colour: '#b45309', points: real.samples.map((s) => [minutes(s), s.handles]) },
      ],
    });
    panels.push({
      title: 'Picture against sound at a viewer, worst of each recording',
      unit: 'ms',
      across: 'minutes',
      lines: [{ name: 'offset', colour: '#15803d', points: real.offsets.map((o) => [o.minute, o.worstMs]) }],
    });
  }
  const body = panels.map((panel, i) => `<g transform="translate(0 ${i * PANEL})">${draw(panel)}</g>`).join('\n');
  const height = PANEL * panels.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${body}
</svg>
`;
}

function draw({ title, unit, across, lines }: Panel): string {
  const all = lines.flatMap((line) => line.points);
  const right = Math.max(1e-9, ...all.map(([x]) => x));
  const low = Math.min(0, ...all.map(([, y]) => y));
  const high = Math.max(1, ...all.map(([, y]) => y)) * 1.1;
  const x = (v: number): string => (LEFT + (v / right) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (v: number): string => (PANEL - BOTTOM - ((v - low) / (high - low)) * (PANEL - TOP - BOTTOM)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks.map((share) => {
    const value = low + share * (high - low);
    return `<path d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" stroke="#e5e7eb"/><text x="${LEFT - 6}" y="${y(value)}" text-anchor="end" dominant-baseline="middle" fill="#4b5563">${value.toFixed(high < 10 ? 1 : 0)}</text>`;
  });
  const scale = ticks.map(
    (share) =>
      `<text x="${x(share * right)}" y="${PANEL - BOTTOM + 16}" text-anchor="middle" fill="#4b5563">${(share * right).toFixed(right < 10 ? 1 : 0)}</text>`,
  );
  const paths = lines.map(({ name, colour, points }, i) => {
    const d = points.map(([px, py], k) => `${k === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
    const dots =
      points.length <= 20
        ? points.map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="${colour}"/>`)
        : [];
    const key = `<text x="${WIDTH - RIGHT}" y="${16 + i * 14}" text-anchor="end" fill="${colour}">${name}</text>`;
    return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}${key}`;
  });
  const words = `<text x="${LEFT}" y="18" font-weight="bold" fill="#111827">${title} (${unit})</text><text x="${WIDTH / 2}" y="${PANEL - 8}" text-anchor="middle" fill="#4b5563">${across}</text>`;
  return [words, ...grid, ...scale, ...paths].join('\n');
}
