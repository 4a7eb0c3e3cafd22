/** Draws into a box of w×h at the origin. */
export type Painter = (random: () => number, w: number, h: number) => string | Promise<string>;

export const grey = (v: number): string => `rgb(${Math.round(v)},${Math.round(v)},${Math.round(v)})`;
export const rect = (x: number, y: number, w: number, h: number, fill: string, rx = 0): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" rx="${rx}"/>`;

export function rings(x: number, y: number, r: number, count: number, dark: string, light: string): string {
  return Array.from(
    { length: count },
    (_, i) => `<circle cx="${x}" cy="${y}" r="${(r * (count - i)) / count}" fill="${i % 2 === 0 ? dark : light}"/>`,
  ).join('');
}

/** A grid of cells over the box, each painted by `cell`. */
export function grid(w: number, h: number, step: number, cell: (x: number, y: number) => string, stepY = step): string {
  const out: string[] = [];
  for (let y = 0; y < h; y += stepY) for (let x = 0; x < w; x += step) out.push(cell(x, y));
  return out.join('');
}

export function characters(list: string): Painter {
  return (random, w, h) => {
    const size = 14 + random() * 34;
    const back = rect(0, 0, w, h, '#f4f1e8');
    return (
      back +
      grid(w, h, size * 1.05, (x, y) => {
        const c = list[Math.floor(random() * list.length)]!;
        return `<text x="${x}" y="${y + size * 0.9}" font-family="Noto Sans SC" font-weight="${random() < 0.5 ? 400 : 800}" font-size="${size}" fill="#151515">${c}</text>`;
      })
    );
  };
}
