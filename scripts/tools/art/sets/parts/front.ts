import { dark, light } from '../colour.js';
import { type Drawing, line, path, rect, times } from '../drawing.js';
import type { Palette } from '../palette.js';

/** The counter before the presenter, from `y` to the foot of the picture. */
type Desk = (d: Drawing, p: Palette, y: number) => string;

const foot = (d: Drawing, y: number): number => d.height - y;

const wood: Desk = (d, p, y) =>
  rect(0, y + 22, d.width, foot(d, y), d.down(dark(p.m, 0.12), dark(p.m, 0.36))) +
  times(Math.ceil(d.width / 120), (i) => rect(i * 120, y + 24, 2.5, foot(d, y), dark(p.m, 0.5), 0, 'opacity=".5"')) +
  rect(0, y + 22, d.width, 22, d.down(['#000000', 0.35], ['#000000', 0])) +
  rect(0, y, d.width, 24, d.down(light(p.m, 0.4), p.m)) +
  line(`M20 ${y + 8}H${d.width * 0.4}M${d.width * 0.5} ${y + 14}H${d.width - 40}`, dark(p.m, 0.15), 2, 'opacity=".5"') +
  rect(0, y + 56, d.width, 4, p.a);

const panels: Desk = (d, p, y) => {
  const step = d.width / Math.round(d.width / 220);
  return (
    rect(0, y + 20, d.width, foot(d, y), d.down(p.b, dark(p.b, 0.34))) +
    times(
      Math.round(d.width / 220),
      (i) =>
        rect(i * step + 16, y + 62, step - 32, foot(d, y), 'none', 5, `stroke="${dark(p.b, 0.32)}" stroke-width="5"`) +
        rect(
          i * step + 20,
          y + 66,
          step - 40,
          foot(d, y),
          'none',
          4,
          `stroke="${light(p.b, 0.25)}" stroke-width="2" opacity=".7"`,
        ),
    ) +
    rect(0, y + 22, d.width, 22, d.down(['#000000', 0.35], ['#000000', 0])) +
    rect(0, y, d.width, 24, d.down(light(p.c, 0.5), dark(p.c, 0.06))) +
    rect(0, y + 44, d.width, 4, p.a)
  );
};

const lacquer: Desk = (d, p, y) =>
  rect(0, y + 18, d.width, foot(d, y), d.down(light(p.d, 0.1), dark(p.d, 0.35))) +
  path(`M0 ${y + 18}H${d.width * 0.34}L${d.width * 0.2} ${d.height}H0Z`, '#ffffff', 'opacity=".05"') +
  path(
    `M${d.width * 0.56} ${y + 18}H${d.width * 0.7}L${d.width * 0.56} ${d.height}H${d.width * 0.42}Z`,
    '#ffffff',
    'opacity=".05"',
  ) +
  rect(0, y + 20, d.width, 60, d.down([p.a, 0.34], [p.a, 0])) +
  rect(0, y + 18, d.width, 5, p.a) +
  rect(0, y, d.width, 18, d.down(light(p.d, 0.42), light(p.d, 0.14)));

const stone: Desk = (d, p, y) =>
  rect(0, y + 26, d.width, foot(d, y), d.down(dark(p.c, 0.1), dark(p.c, 0.32))) +
  times(Math.ceil(d.width / 34), (i) =>
    rect(i * 34 + 6, y + 70, 12, foot(d, y), d.across(light(p.c, 0.1), dark(p.c, 0.2)), 6),
  ) +
  rect(0, y + 26, d.width, 22, d.down(['#000000', 0.3], ['#000000', 0])) +
  rect(0, y, d.width, 28, d.down('#ffffff', light(p.c, 0.3), dark(p.c, 0.08))) +
  line(`M30 ${y + 9}q80 10 150 -2t190 8M${d.width - 260} ${y + 12}q90 -8 220 4`, dark(p.c, 0.2), 2, 'opacity=".5"') +
  rect(0, y + 48, d.width, 4, p.a);

const bench: Desk = (d, p, y) =>
  rect(0, y + 20, d.width, foot(d, y), d.down(light(p.d, 0.14), dark(p.d, 0.3))) +
  times(
    Math.ceil(d.width / 180),
    (i) =>
      rect(i * 180 + 12, y + 66, 156, 92, d.down(light(p.d, 0.22), light(p.d, 0.04)), 6) +
      rect(i * 180 + 56, y + 84, 68, 11, d.down('#dfe4e9', '#8d97a1'), 5) +
      rect(i * 180 + 12, y + 172, 156, 92, d.down(light(p.d, 0.22), light(p.d, 0.04)), 6) +
      rect(i * 180 + 56, y + 190, 68, 11, d.down('#dfe4e9', '#8d97a1'), 5),
  ) +
  rect(0, y, d.width, 24, d.down('#e4e8ec', '#a3acb5', '#7f8993')) +
  rect(0, y + 24, d.width, 20, d.down(['#000000', 0.4], ['#000000', 0])) +
  rect(0, y + 46, d.width, 5, p.a);

const cloth: Desk = (d, p, y) =>
  rect(0, y, d.width, foot(d, y), d.down(p.b, dark(p.b, 0.26))) +
  times(Math.ceil(d.width / 90) + 1, (i) =>
    path(
      `M${i * 90 - 20} ${y + 30}q26 60 6 ${foot(d, y)}h60q18 -90 -24 -${foot(d, y) - 6}z`,
      d.across([dark(p.b, 0.3), 0.45], [light(p.b, 0.3), 0.4], [p.b, 0]),
    ),
  ) +
  rect(0, y, d.width, 26, d.down(light(p.b, 0.5), light(p.b, 0.16))) +
  times(Math.ceil(d.width / 48), (i) => path(`M${i * 48} ${y + 26}h48a24 22 0 0 1 -48 0z`, light(p.c, 0.3))) +
  rect(0, y + 23, d.width, 4, p.a);

export const DESKS = { wood, panels, lacquer, stone, bench, cloth };
export type DeskName = keyof typeof DESKS;
