import { dark, light, mix } from '../colour.js';
import { at, type Drawing, line, oval, path, rect, times } from '../drawing.js';
import type { Palette } from '../palette.js';
import { PROPS } from '../props/index.js';
import type { Box, Feature, Goods } from './box.js';

/** Colours of the goods on shelves vary, so that a row does not look stamped. */
function varied(p: Palette, i: number): Palette {
  const turns: Palette[] = [
    p,
    { ...p, a: p.b, b: p.a },
    { ...p, a: light(p.a, 0.3), b: dark(p.b, 0.12) },
    { ...p, a: mix(p.b, p.c, 0.45), b: p.a },
  ];
  return turns[i % turns.length]!;
}

/** Goods in a row, their feet on one line. */
export function row(d: Drawing, p: Palette, goods: Goods, { x, y, w, h }: Box, from = 0): string {
  const scale = h / 232;
  const count = Math.max(1, Math.floor(w / (250 * scale)));
  const step = w / count;
  return times(count, (i) => {
    const make = PROPS[goods[(i + from) % goods.length]!];
    const cx = x + step * (i + 0.5);
    return oval(cx, y, 104 * scale, 7, '#000000', 'opacity=".22"') + at(cx, y, scale, make(d, varied(p, i + from)));
  });
}

const board = (d: Drawing, { x, y, w }: Box, colour: string): string =>
  rect(x, y, w, 13, d.down(light(colour, 0.3), colour), 2) +
  rect(x, y + 13, w, 22, d.down(['#000000', 0.26], ['#000000', 0]));

export const shelves =
  (goods: Goods, rows = 3, lit = false): Feature =>
  (d, p, { x, y, w, h }) => {
    const step = h / rows;
    return times(rows, (i) => {
      const foot = y + step * (i + 1) - 12;
      const glow = lit ? rect(x, foot - step + 14, w, step * 0.6, d.down(['#fff3c8', 0.6], ['#fff3c8', 0])) : '';
      return (
        glow +
        row(d, p, goods, { x: x + 8, y: foot, w: w - 16, h: step * 0.68 }, i) +
        board(d, { x, y: foot, w, h: 0 }, p.m)
      );
    });
  };

export const cabinet =
  (goods: Goods, rows = 3): Feature =>
  (d, p, box) => {
    const { x, y, w, h } = box;
    return (
      rect(x - 12, y - 12, w + 24, h + 24, d.across(light(p.m, 0.12), dark(p.m, 0.12)), 6) +
      rect(x, y, w, h, d.down(dark(p.d, 0.05), light(p.d, 0.12)), 3) +
      shelves(goods, rows, true)(d, p, box) +
      path(`M${x} ${y}H${x + w * 0.42}L${x + w * 0.1} ${y + h}H${x}Z`, '#ffffff', 'opacity=".07"') +
      line(`M${x + w / 2} ${y}V${y + h}`, p.m, 7)
    );
  };

export const cubes =
  (goods: Goods, columns = 2, rows = 3): Feature =>
  (d, p, { x, y, w, h }) => {
    const [cw, ch] = [w / columns, h / rows];
    return (
      rect(x - 8, y - 8, w + 16, h + 16, d.down(light(p.m, 0.24), p.m), 6) +
      times(rows * columns, (i) => {
        const [cx, cy] = [x + (i % columns) * cw + 5, y + Math.floor(i / columns) * ch + 5];
        return (
          rect(cx, cy, cw - 10, ch - 10, d.down(dark(p.m, 0.42), dark(p.m, 0.22)), 2) +
          row(d, p, goods, { x: cx + 4, y: cy + ch - 11, w: Math.min(cw - 18, ch), h: ch * 0.62 }, i)
        );
      })
    );
  };

export const pegboard =
  (goods: Goods): Feature =>
  (d, p, { x, y, w, h }) => {
    const ground = mix(p.d, p.c, 0.22);
    return (
      rect(
        x,
        y,
        w,
        h,
        d.down(light(ground, 0.1), dark(ground, 0.12)),
        12,
        `stroke="${light(ground, 0.25)}" stroke-width="4"`,
      ) +
      times(Math.floor(h / 26) - 1, (r) =>
        line(`M${x + 24} ${y + 26 + r * 26}H${x + w - 20}`, dark(ground, 0.4), 4, 'stroke-dasharray=".1 25.9"'),
      ) +
      times(Math.max(1, Math.round(h / 190)), (r) =>
        row(
          d,
          p,
          goods,
          { x: x + 12, y: y + (r + 1) * (h / Math.max(1, Math.round(h / 190))) - 24, w: w - 24, h: 124 },
          r,
        ),
      )
    );
  };

export const rail =
  (goods: Goods): Feature =>
  (d, p, { x, y, w, h }) => {
    const scale = Math.min(h / 300, 0.95);
    const step = 108 * scale;
    return (
      line(`M${x + 12} ${y + h}V${y + 14}H${x + w - 12}V${y + h}`, light(p.m, 0.1), 9) +
      line(`M${x + 12} ${y + 14}H${x + w - 12}`, light(p.m, 0.5), 3) +
      times(Math.max(2, Math.floor((w - 60 * scale) / step)), (i) =>
        at(x + 70 * scale + i * step, y + 14 + 224 * scale, scale, PROPS[goods[i % goods.length]!](d, varied(p, i))),
      ) +
      rect(x, y + h - 14, w, 14, dark(p.m, 0.2), 6)
    );
  };

export const rack =
  (goods: Goods, rows = 3): Feature =>
  (d, p, { x, y, w, h }) => {
    const steel = mix(p.d, '#8d9aa8', 0.55);
    const step = h / rows;
    return (
      times(rows, (i) => {
        const foot = y + step * (i + 1) - 10;
        return (
          row(d, p, goods, { x: x + 16, y: foot, w: w - 32, h: step * 0.7 }, i) +
          rect(x, foot, w, 15, d.down(light(steel, 0.3), dark(steel, 0.2)), 2) +
          rect(x, foot + 15, w, 16, d.down(['#000000', 0.3], ['#000000', 0]))
        );
      }) +
      [x, x + w - 13]
        .map(
          (px) =>
            rect(px, y - 20, 13, h + 24, d.across(light(p.a, 0.1), dark(p.a, 0.3))) +
            times(Math.floor(h / 30), (i) => rect(px + 4, y - 6 + i * 30, 5, 12, dark(p.a, 0.55), 2)),
        )
        .join('')
    );
  };

/** One large thing that stands on the floor of its box. */
export const large =
  (name: keyof typeof PROPS): Feature =>
  (d, p, { x, y, w, h }) => {
    const scale = Math.min(w / 250, h / 240);
    return (
      oval(x + w / 2, y + h, 110 * scale, 12, '#000000', 'opacity=".25"') +
      at(x + w / 2, y + h, scale, PROPS[name](d, varied(p, 1)))
    );
  };

/** One large thing on a board, where the box ends on the wall. */
export const displayed =
  (name: keyof typeof PROPS): Feature =>
  (d, p, box) =>
    board(d, { ...box, y: box.y + box.h - 2 }, p.m) + large(name)(d, p, box);

export const stack =
  (...features: readonly Feature[]): Feature =>
  (d, p, { x, y, w, h }) =>
    features
      .map((make, i) => make(d, p, { x, y: y + (h / features.length) * i, w, h: h / features.length - 22 }))
      .join('');
export const nothing: Feature = () => '';
