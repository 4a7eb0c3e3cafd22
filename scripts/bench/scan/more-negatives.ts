import { characters, grey, grid, type Painter, rect, rings } from './svg-pieces.js';

const hsl = (h: number, s: number, l: number): string => `hsl(${Math.round(h)},${s}%,${l}%)`;
const circle = (x: number, y: number, r: number, fill: string, more = ''): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" ${more}/>`;
const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, width: number): string =>
  `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${stroke}" stroke-width="${width}"/>`;

/** Words or figures in the cells of a ruled table. */
const table: Painter = (random, w, h) => {
  const [cw, ch] = [50 + random() * 60, 18 + random() * 14];
  return (
    rect(0, 0, w, h, '#fff') +
    grid(
      w - cw,
      h - ch,
      cw,
      (x, y) => {
        const words =
          random() < 0.5
            ? (random() * 1000).toFixed(1)
            : pickFrom(random, ['规格', 'M', 'OK', '口径', '回', 'XL', '目']);
        return `<rect x="${x}" y="${y}" width="${cw}" height="${ch}" fill="none" stroke="#222" stroke-width="1.5"/><text x="${x + 5}" y="${y + ch * 0.72}" font-family="Noto Sans SC" font-size="${ch * 0.6}">${words}</text>`;
      },
      ch,
    )
  );
};

const pickFrom = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** More objects with squares, rings or lattices in them; each fills a box of w×h at the origin. */
export const MORE_NEGATIVES: Readonly<Record<string, Painter>> = {
  'chess board': (random, w, h) => {
    const n = 16 + random() * 24;
    const piece = pickFrom(random, ['●', '○', '◆', '']);
    return grid(w, h, n, (x, y) => {
      const odd = (Math.round(x / n) + Math.round(y / n)) % 2 === 1;
      const tile = rect(x, y, n, n, odd ? '#3a2a1c' : '#f0dcc0');
      return random() < 0.3
        ? `${tile}<text x="${x + n * 0.2}" y="${y + n * 0.75}" font-family="Noto Sans SC" font-size="${n * 0.6}" fill="${odd ? '#fff' : '#000'}">${piece}</text>`
        : tile;
    });
  },
  sudoku: (random, w, h) => {
    const n = Math.min(w, h) / 9;
    let out = rect(0, 0, 9 * n, 9 * n, '#fff');
    for (let i = 0; i <= 9; i += 1) {
      const bold = i % 3 === 0 ? 4 : 1;
      out += line(i * n, 0, i * n, 9 * n, '#000', bold) + line(0, i * n, 9 * n, i * n, '#000', bold);
    }
    return (
      out +
      grid(9 * n, 9 * n, n, (x, y) =>
        random() < 0.4
          ? `<text x="${x + n * 0.3}" y="${y + n * 0.75}" font-size="${n * 0.7}">${1 + Math.floor(random() * 9)}</text>`
          : '',
      )
    );
  },
  'pixel art': (random, w, h) => {
    const n = 5 + random() * 9;
    const hues = [random() * 360, random() * 360, random() * 360];
    const half = Array.from({ length: 4000 }, () => random());
    const columns = Math.floor(w / n);
    return grid(w, h, n, (x, y) => {
      const column = Math.round(x / n);
      const mirrored = Math.min(column, columns - 1 - column);
      const v = half[(mirrored * 61 + Math.round(y / n)) % half.length]!;
      return rect(x, y, n, n, v < 0.45 ? '#101018' : v < 0.7 ? '#fff' : hsl(pickFrom(random, hues), 80, 50));
    });
  },
  'square of noise': (random) => {
    // Like a code without its finders: a square of thirty modules on white, in a frame of its own.
    const n = 4 + random() * 5;
    const side = 21 + Math.floor(random() * 12);
    let out = rect(-4 * n, -4 * n, (side + 8) * n, (side + 8) * n, '#fff');
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) if (random() < 0.5) out += rect(x * n, y * n, n + 0.3, n + 0.3, '#000');
    }
    return out;
  },
  'brick wall': (random, w, h) => {
    const [bw, bh] = [26 + random() * 30, 10 + random() * 12];
    let out = rect(0, 0, w, h, '#d9d2c5');
    for (let row = 0; row * bh < h; row += 1) {
      for (let x = row % 2 === 0 ? 0 : -bw / 2; x < w; x += bw) {
        out += rect(
          x + 1.5,
          row * bh + 1.5,
          bw - 3,
          bh - 3,
          hsl(10 + random() * 14, 45, 26 + Math.floor(random() * 16)),
        );
      }
    }
    return out;
  },
  plaid: (random, w, h) => {
    let out = rect(0, 0, w, h, '#b8202a');
    const bands = Array.from({ length: 5 }, () => [random() * 30, 2 + random() * 9] as const);
    const period = 34 + random() * 40;
    for (let at = 0; at < Math.max(w, h); at += period) {
      for (const [from, width] of bands) {
        out += `<rect x="${at + from}" y="0" width="${width}" height="${h}" fill="#0b1d16" opacity="0.6"/>`;
        out += `<rect x="0" y="${at + from}" width="${w}" height="${width}" fill="#f4f0e0" opacity="0.5"/>`;
      }
    }
    return out;
  },
  clocks: (random, w, h) => {
    const r = 30 + random() * 50;
    return grid(w - r, h - r, 2.3 * r, (x, y) => {
      const [cx, cy] = [x + r, y + r];
      let out = circle(cx, cy, r, '#fff', `stroke="#111" stroke-width="${r * 0.1}"`) + circle(cx, cy, r * 0.08, '#111');
      for (let i = 0; i < 60; i += 1) {
        const [c, s] = [Math.cos((i * Math.PI) / 30), Math.sin((i * Math.PI) / 30)];
        const from = i % 5 === 0 ? 0.75 : 0.84;
        out += line(
          cx + c * r * from,
          cy + s * r * from,
          cx + c * r * 0.9,
          cy + s * r * 0.9,
          '#111',
          i % 5 === 0 ? 3 : 1,
        );
      }
      const hand = random() * 6.28;
      return out + line(cx, cy, cx + Math.cos(hand) * r * 0.6, cy + Math.sin(hand) * r * 0.6, '#111', 3);
    });
  },
  eyes: (random, w, h) => {
    const r = 10 + random() * 22;
    return grid(w - r, h - r, 4.2 * r, (x, y) =>
      [0, 2.6 * r]
        .map(
          (dx) =>
            rings(x + r + dx, y + r, r, 3, '#fff', hsl(random() * 360, 60, 30)) +
            circle(x + r + dx, y + r, r * 0.28, '#000'),
        )
        .join(''),
    );
  },
  dartboards: (random, w, h) => {
    const r = Math.min(w, h) * (0.2 + random() * 0.28);
    const [cx, cy] = [w / 2, h / 2];
    let out = circle(cx, cy, r * 1.15, '#111');
    for (const [from, to, shift] of [
      [0.62, 1, 0],
      [0.56, 0.62, 1],
      [0.16, 0.56, 0],
    ] as const) {
      for (let i = 0; i < 20; i += 1) {
        const [a, b] = [(i * Math.PI) / 10, ((i + 1) * Math.PI) / 10];
        const at = (angle: number, share: number): string =>
          `${cx + Math.cos(angle) * r * share} ${cy + Math.sin(angle) * r * share}`;
        const fill = (i + shift) % 2 === 0 ? (shift === 1 ? '#c22' : '#111') : shift === 1 ? '#2a7a3a' : '#eee2c4';
        out += `<path d="M${at(a, from)}L${at(a, to)}L${at(b, to)}L${at(b, from)}Z" fill="${fill}"/>`;
      }
    }
    return out + circle(cx, cy, r * 0.12, '#2a7a3a') + circle(cx, cy, r * 0.05, '#c22');
  },
  'discs in stacks': (random, w, h) => {
    const r = 36 + random() * 50;
    return grid(
      w - r,
      h - r,
      1.7 * r,
      (x, y) =>
        rings(x + r, y + r, r, 7, hsl(random() * 360, 15, 75), '#f6f6f8') +
        rings(x + r, y + r, r * 0.35, 3, '#777', '#fff'),
    );
  },
  'building bricks': (random, w, h) => {
    const n = 14 + random() * 18;
    return grid(w, h, n, (x, y) => {
      const hue = pickFrom(random, [0, 48, 120, 215, 30]);
      return (
        rect(x, y, n, n, hsl(hue, 80, 45)) +
        circle(x + n / 2 + 1, y + n / 2 + 1, n * 0.32, hsl(hue, 80, 28)) +
        circle(x + n / 2, y + n / 2, n * 0.3, hsl(hue, 80, 55))
      );
    });
  },
  'circuit board': (random, w, h) => {
    let out = rect(0, 0, w, h, '#0d4a2e');
    for (let i = 0; i < 60; i += 1) {
      const [x, y, l] = [random() * w, random() * h, 20 + random() * 80];
      out += random() < 0.5 ? line(x, y, x + l, y, '#c9b458', 2) : line(x, y, x, y + l, '#c9b458', 2);
      out += circle(x, y, 5, '#d8c878') + circle(x, y, 2, '#0d4a2e');
    }
    for (let i = 0; i < 8; i += 1) {
      const [x, y, s] = [random() * w, random() * h, 20 + random() * 40];
      out += rect(x, y, s, s, '#151515');
      for (let k = 3; k < s; k += 6) out += rect(x + k, y - 5, 3, 5, '#ddd') + rect(x + k, y + s, 3, 5, '#ddd');
    }
    return out;
  },
  map: (random, w, h) => {
    let out = rect(0, 0, w, h, '#efe9dc');
    for (let y = 0; y < h; y += 16 + random() * 24) {
      for (let x = 0; x < w;) {
        const b = 14 + random() * 40;
        out += rect(x + 3, y + 3, b - 5, 12 + random() * 12, random() < 0.3 ? '#b9d6a3' : '#c9bda6');
        x += b;
      }
    }
    for (let i = 0; i < 5; i += 1) out += line(random() * w, 0, random() * w, h, '#f5c54a', 7);
    return out;
  },
  table,
  windows: (random, w, h) => {
    const n = 20 + random() * 26;
    return (
      rect(0, 0, w, h, grey(200 + random() * 40)) +
      grid(
        w - n,
        h - n,
        n * (1.3 + random() * 0.5),
        (x, y) =>
          rect(x, y, n, n, '#333') +
          rect(x + n * 0.14, y + n * 0.14, n * 0.72, n * 0.72, '#e8eef5') +
          rect(x + n * 0.3, y + n * 0.3, n * 0.4, n * 0.4, random() < 0.7 ? '#222' : '#9ab'),
      )
    );
  },
  'camera lenses': (random, w, h) => {
    const r = 16 + random() * 26;
    return (
      rect(0, 0, w, h, '#c9cbd0') +
      grid(
        w - 6 * r,
        h - 6 * r,
        6.5 * r,
        (x, y) =>
          rect(x, y, 5.6 * r, 5.6 * r, '#e4e5e8', r) +
          [
            [1.5, 1.5],
            [4.1, 1.5],
            [1.5, 4.1],
          ]
            .map(([i, k]) => rings(x + i! * r, y + k! * r, r * 1.1, 4, '#111', '#8d93a0'))
            .join(''),
      )
    );
  },
  'washing machines': (random, w, h) => {
    const n = 70 + random() * 60;
    return grid(
      w - n,
      h - n,
      n * 1.1,
      (x, y) =>
        rect(x, y, n, n, '#fff', 4) +
        rings(x + n / 2, y + n * 0.56, n * 0.36, 3, '#555', '#ddd') +
        rect(x + n * 0.06, y + n * 0.05, n * 0.3, n * 0.1, '#333') +
        circle(x + n * 0.8, y + n * 0.1, n * 0.05, '#333'),
    );
  },
  'rays and rings': (random, w, h) => {
    // A sun or a gear: rays around a middle, rings at some corners, like a round code.
    const r = Math.min(w, h) * 0.4;
    const [cx, cy, rays] = [w / 2, h / 2, 24 + Math.floor(random() * 50)];
    let out = circle(cx, cy, r * 1.1, '#fff');
    for (let i = 0; i < rays; i += 1) {
      const [c, s] = [Math.cos((2 * Math.PI * i) / rays), Math.sin((2 * Math.PI * i) / rays)];
      out += line(cx + c * r * 0.5, cy + s * r * 0.5, cx + c * r, cy + s * r, '#111', 3);
    }
    const corners = Math.floor(random() * 3);
    for (let k = 0; k < corners; k += 1)
      out += rings(cx + (k === 0 ? -1 : 1) * r * 0.7, cy - r * 0.7, r * 0.16, 4, '#111', '#fff');
    return out;
  },
  'dense strokes': characters('ᚠ田▣◙◘◎⊡▦▩▤▥器畾龘靈囧固圓'),
  'box drawing': characters('╔╗╚╝═║╬╠╣╦╩▓▒░█▄▀▌▐■□▪▫'),
};
