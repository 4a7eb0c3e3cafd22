import { dark, light } from '../colour.js';
import { type Drawing, line, oval, path, rect, times } from '../drawing.js';
import type { Palette } from '../palette.js';

/** A stand for the product: its top is an ellipse around `x`, `y`. */
interface Stand {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly foot: number;
}
type Stage = (d: Drawing, p: Palette, stand: Stand) => string;

const flat = 0.17;
const side = ({ x, y, r, foot }: Stand, fill: string): string => path(`M${x - r} ${y}V${foot}H${x + r}V${y}Z`, fill);
const top = (d: Drawing, { x, y, r }: Stand, colour: string): string =>
  oval(x, y, r, r * flat, d.across(light(colour, 0.3), light(colour, 0.5), colour)) +
  oval(x, y, r - 7, (r - 7) * flat, 'none', `stroke="${light(colour, 0.6)}" stroke-width="1.5" opacity=".6"`);

const column: Stage = (d, p, s) => {
  const shaft = { ...s, r: s.r * 0.86 };
  return (
    side(shaft, d.round(light(p.c, 0.12))) +
    times(9, (i) =>
      rect(
        shaft.x - shaft.r + 10 + i * ((shaft.r * 2 - 20) / 9),
        s.y + 26,
        6,
        s.foot - s.y,
        dark(p.c, 0.2),
        3,
        'opacity=".5"',
      ),
    ) +
    path(`M${s.x - s.r} ${s.y}V${s.y + 20}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 20}V${s.y}Z`, d.round(p.c)) +
    top(d, s, p.c)
  );
};

const drum: Stage = (d, p, s) =>
  side(s, d.round(p.b)) +
  times(6, (i) => oval(s.x - s.r * 0.75 + i * s.r * 0.3, s.y + 58, 5, 5, d.ball(p.m))) +
  line(`M${s.x - s.r} ${s.y + 34}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 34}`, dark(p.b, 0.3), 3) +
  line(`M${s.x - s.r} ${s.y + 14}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 14}`, p.a, 7) +
  top(d, s, light(p.b, 0.25));

const disc: Stage = (d, p, s) => {
  const base = { ...s, y: s.y + 22, r: s.r * 0.92 };
  return (
    side(base, d.round(p.d)) +
    path(
      `M${s.x - s.r} ${s.y}V${s.y + 16}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 16}V${s.y}Z`,
      d.round(light(p.d, 0.1)),
    ) +
    line(`M${s.x - s.r} ${s.y + 9}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 9}`, p.a, 5) +
    line(`M${s.x - s.r} ${s.y + 9}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 9}`, light(p.a, 0.6), 1.5) +
    top(d, s, light(p.d, 0.16))
  );
};

const slab: Stage = (d, p, s) => {
  const base = { ...s, r: s.r * 0.8, y: s.y + 20 };
  return (
    side(base, d.round(dark(p.c, 0.06))) +
    path(
      `M${s.x - s.r} ${s.y}V${s.y + 24}A${s.r} ${s.r * flat} 0 0 0 ${s.x + s.r} ${s.y + 24}V${s.y}Z`,
      d.round(dark(p.m, 0.3)),
    ) +
    times(14, (i) =>
      line(`M${s.x - s.r + 12 + i * ((s.r * 2 - 24) / 13)} ${s.y + 10}v18`, dark(p.m, 0.5), 2, 'opacity=".4"'),
    ) +
    oval(s.x, s.y, s.r, s.r * flat, d.across(light(p.m, 0.4), light(p.m, 0.2))) +
    times(4, (i) =>
      oval(
        s.x - 8,
        s.y,
        s.r * (0.82 - i * 0.2),
        s.r * flat * (0.82 - i * 0.2),
        'none',
        `stroke="${dark(p.m, 0.15)}" stroke-width="1.6" opacity=".6"`,
      ),
    )
  );
};

const crate: Stage = (d, p, s) =>
  rect(s.x - s.r, s.y, s.r * 2, s.foot - s.y, dark(p.m, 0.5)) +
  times(
    Math.ceil((s.foot - s.y) / 44),
    (i) =>
      rect(s.x - s.r, s.y + 6 + i * 44, s.r * 2, 37, d.across(light(p.m, 0.16), p.m, dark(p.m, 0.16)), 3) +
      line(`M${s.x - s.r + 20} ${s.y + 18 + i * 44}H${s.x + s.r - 40}`, dark(p.m, 0.18), 2, 'opacity=".5"'),
  ) +
  [s.x - s.r, s.x + s.r - 20]
    .map((x) => rect(x, s.y, 20, s.foot - s.y, d.across(light(p.m, 0.2), dark(p.m, 0.1)), 2))
    .join('') +
  path(
    `M${s.x - s.r} ${s.y + 4}L${s.x - s.r + 26} ${s.y - 17}H${s.x + s.r - 26}L${s.x + s.r} ${s.y + 4}Z`,
    d.down(light(p.m, 0.24), light(p.m, 0.4)),
  );

const steps: Stage = (d, p, s) => {
  const low = { ...s, y: s.y + 40, r: s.r * 1.06 };
  const high = { ...s, r: s.r * 0.84 };
  return (
    side(low, d.round(light(p.a, 0.5))) +
    top(d, low, light(p.a, 0.55)) +
    path(
      `M${high.x - high.r} ${high.y}V${low.y}A${high.r} ${high.r * flat} 0 0 0 ${high.x + high.r} ${low.y}V${high.y}Z`,
      d.round(light(p.b, 0.45)),
    ) +
    top(d, high, light(p.b, 0.55))
  );
};

const steel: Stage = (d, p, s) =>
  [-0.8, 0.8]
    .map((k) => rect(s.x + s.r * k - 9, s.y, 18, s.foot - s.y, d.across(light(p.d, 0.45), light(p.d, 0.1))))
    .join('') +
  line(`M${s.x - s.r * 0.8} ${s.foot - 30}L${s.x + s.r * 0.8} ${s.y + 30}`, light(p.d, 0.2), 8) +
  path(
    `M${s.x - s.r} ${s.y + 6}L${s.x - s.r + 22} ${s.y - 16}H${s.x + s.r - 22}L${s.x + s.r} ${s.y + 6}Z`,
    d.across('#dfe4e9', '#aab3bc', '#d3d9de'),
  ) +
  rect(s.x - s.r, s.y + 6, s.r * 2, 20, d.down('#c9d0d6', '#7e8892'), 2) +
  rect(s.x - s.r, s.y + 20, s.r * 2, 6, p.a);

const marble: Stage = (d, p, s) =>
  side(s, d.across('#d8d3cd', '#fbf9f6', '#efece7', '#c6c0b8')) +
  line(
    `M${s.x - s.r * 0.6} ${s.y + 30}q40 40 20 90t50 80M${s.x + s.r * 0.2} ${s.y + 26}q30 60 -6 110`,
    '#b9b3ab',
    2,
    'opacity=".7"',
  ) +
  rect(s.x - s.r, s.y + 44, s.r * 2, 7, d.across(light(p.m, 0.5), p.m, dark(p.m, 0.2))) +
  top(d, s, '#e9e5df');

export const STAGES = { column, drum, disc, slab, crate, steps, steel, marble };
export type StageName = keyof typeof STAGES;

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
