interface Figures {
  readonly rooms: number;
  readonly workers: number;
  readonly days: number;
  readonly availability: number;
  readonly takeovers: number;
  readonly doubles: number;
  readonly redisCommandsPerSecond: number;
}

const [WIDTH, HEIGHT] = [960, 420];
const INK = '#1f2937';
const FAINT = '#d1d5db';

/** Availability by day, and the gaps of takeovers and restarts by their length, as SVG. */
export function availabilityPlot(shares: readonly number[], gaps: readonly number[], figures: Figures): string {
  const parts: string[] = [];
  const text = (x: number, y: number, words: string, more = ''): void =>
    void parts.push(`<text x="${x}" y="${y}" ${more}>${words}</text>`);
  const thousands = (value: number): string => value.toLocaleString('en');
  text(
    24,
    34,
    `${thousands(figures.rooms)} rooms on ${thousands(figures.workers)} workers, ${figures.days} simulated days`,
    'font-size="18" font-weight="600"',
  );
  text(
    24,
    58,
    `on air ${(figures.availability * 100).toFixed(4)} % of the time · ${thousands(figures.takeovers)} takeovers · ${figures.doubles} times two publishers · ${thousands(figures.redisCommandsPerSecond)} Redis commands a second`,
    'font-size="13"',
  );
  // By day: the share of room time off air, in parts of a million.
  const off = shares.map((share) => (1 - share) * 1e6);
  const top = Math.max(1, ...off) * 1.15;
  const [left, right, base, roof] = [70, 470, 370, 110];
  text(left, 95, 'off air, in millionths of room time, by day', 'font-size="13" font-weight="600"');
  for (const part of [0, 0.5, 1]) {
    const y = base - part * (base - roof);
    parts.push(`<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="${FAINT}"/>`);
    text(left - 8, y + 4, (top * part).toFixed(0), 'font-size="11" text-anchor="end"');
  }
  const step = (right - left) / off.length;
  off.forEach((value, day) => {
    const height = (value / top) * (base - roof);
    parts.push(
      `<rect x="${(left + day * step + 1).toFixed(1)}" y="${(base - height).toFixed(1)}" width="${Math.max(1, step - 2).toFixed(1)}" height="${height.toFixed(1)}" fill="#2563eb"/>`,
    );
  });
  text(left, base + 18, 'day 1', 'font-size="11"');
  text(right, base + 18, `day ${off.length}`, 'font-size="11" text-anchor="end"');
  // Gaps by second.
  const [from, to] = [560, 930];
  const longest = Math.max(10, Math.ceil((gaps.at(-1) ?? 0) / 1000));
  const bins = Array.from({ length: Math.min(60, longest) }, () => 0);
  for (const gap of gaps) bins[Math.min(bins.length - 1, Math.floor(gap / 1000))]! += 1;
  const most = Math.max(1, ...bins);
  text(from, 95, 'gaps of takeovers, drains and restarts, by seconds', 'font-size="13" font-weight="600"');
  parts.push(`<line x1="${from}" x2="${to}" y1="${base}" y2="${base}" stroke="${FAINT}"/>`);
  const wide = (to - from) / bins.length;
  bins.forEach((count, second) => {
    const height = (count / most) * (base - roof);
    parts.push(
      `<rect x="${(from + second * wide + 1).toFixed(1)}" y="${(base - height).toFixed(1)}" width="${Math.max(1, wide - 2).toFixed(1)}" height="${height.toFixed(1)}" fill="#059669"/>`,
    );
  });
  text(from, base + 18, '0 s', 'font-size="11"');
  text(to, base + 18, `${bins.length} s`, 'font-size="11" text-anchor="end"');
  const limit = from + (10 / bins.length) * (to - from);
  if (bins.length > 10) {
    parts.push(`<line x1="${limit}" x2="${limit}" y1="${roof}" y2="${base}" stroke="#dc2626" stroke-dasharray="4 3"/>`);
    text(limit + 4, roof + 10, '10 s', 'font-size="11" fill="#dc2626"');
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Inter, sans-serif" fill="${INK}"><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>${parts.join('')}</svg>\n`;
}
