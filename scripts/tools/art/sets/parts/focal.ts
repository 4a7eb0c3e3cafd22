import { dark, light } from '../colour.js';
import { type Drawing, oval, path, rect, times } from '../drawing.js';
import type { Palette } from '../palette.js';
import type { Box, Feature } from './box.js';

/** The part of the wall behind the presenter. `ground` is its own colour, `inside` fills it. */
type Focal = (d: Drawing, p: Palette, box: Box, ground: string, inside: Feature) => string;

const archPath = ({ x, y, w, h }: Box): string =>
  `M${x} ${y + h}V${y + w / 2}A${w / 2} ${w / 2} 0 0 1 ${x + w} ${y + w / 2}V${y + h}Z`;
const grow = ({ x, y, w, h }: Box, by: number): Box => ({ x: x - by, y: y - by, w: w + by * 2, h: h + by });
const inset = ({ x, y, w, h }: Box, top: number): Box => ({ x, y: y + top, w, h: h - top });

const arch: Focal = (d, p, box, ground, inside) =>
  path(archPath(grow(box, 16)), light(p.c, 0.35)) +
  path(archPath(box), d.down(dark(ground, 0.12), light(ground, 0.18), dark(ground, 0.08))) +
  d.clip(
    path(archPath(box), '#000'),
    inside(d, p, inset(box, box.w * 0.16)) +
      rect(box.x, box.y, 46, box.h, d.across(['#000000', 0.32], ['#000000', 0])) +
      rect(box.x + box.w - 46, box.y, 46, box.h, d.across(['#000000', 0], ['#000000', 0.24])),
  );

const frame: Focal = (d, p, box, ground, inside) =>
  d.soft(box.x + box.w / 2, box.y + box.h / 2, box.w * 0.85, box.h * 0.72, light(p.a, 0.55), 0.5) +
  rect(box.x - 9, box.y - 9, box.w + 18, box.h + 40, light(p.a, 0.62), 34) +
  rect(box.x, box.y, box.w, box.h + 30, d.down(light(ground, 0.2), ground, dark(ground, 0.12)), 27) +
  d.clip(rect(box.x, box.y, box.w, box.h + 30, '#000', 27), inside(d, p, inset(box, 50)));

const niche: Focal = (d, p, box, ground, inside) =>
  rect(box.x - 18, box.y - 18, box.w + 36, box.h + 40, d.down(light(p.m, 0.16), dark(p.m, 0.16)), 6) +
  rect(box.x, box.y, box.w, box.h, d.down(dark(ground, 0.2), light(ground, 0.06), dark(ground, 0.06))) +
  d.clip(
    rect(box.x, box.y, box.w, box.h, '#000'),
    inside(d, p, inset(box, 14)) + rect(box.x, box.y, box.w, 56, d.down(['#000000', 0.34], ['#000000', 0])),
  );

const circle: Focal = (d, p, box, ground, inside) => {
  const [cx, cy, r] = [box.x + box.w / 2, box.y + box.w * 0.56, box.w * 0.56];
  return (
    d.soft(cx, cy, r * 1.4, r * 1.4, light(ground, 0.6), 0.55) +
    oval(cx, cy, r + 14, r + 14, d.down(light(p.m, 0.4), p.m, dark(p.m, 0.2))) +
    oval(cx, cy, r, r, d.down(light(ground, 0.3), ground, dark(ground, 0.12))) +
    d.clip(oval(cx, cy, r, r, '#000'), inside(d, p, inset(box, box.w * 0.12)))
  );
};

/** Paper of a photo studio that rolls down from a bar. */
const paper: Focal = (d, p, box, ground, inside) =>
  rect(box.x - 44, box.y - 20, box.w + 88, 15, d.down(light(p.d, 0.4), p.d), 7) +
  path(
    `M${box.x - 20} ${box.y - 10}H${box.x + box.w + 20}V${box.y + box.h}Q${box.x + box.w / 2} ${box.y + box.h + 30} ${box.x - 20} ${box.y + box.h}Z`,
    d.down(dark(ground, 0.08), light(ground, 0.22), light(ground, 0.1), dark(ground, 0.16)),
  ) +
  rect(box.x - 20, box.y - 8, 34, box.h, d.across(['#000000', 0.18], ['#000000', 0])) +
  inside(d, p, inset(box, 60));

/** Drapes to both sides of a soft light. */
const drapes: Focal = (d, p, box, ground, inside) => {
  const fold = (x: number, w: number, turn: 1 | -1): string =>
    times(4, (i) =>
      path(
        `M${x + turn * i * (w / 4)} ${box.y - 30}h${(turn * w) / 4 + turn * 8}q${-turn * 6} ${box.h * 0.45} ${-turn * (10 + i * 12)} ${box.h + 40}h${(-turn * w) / 5}z`,
        d.across(dark(p.b, 0.22), light(p.b, 0.22), dark(p.b, 0.12)),
      ),
    );
  return (
    rect(box.x - 10, box.y - 30, box.w + 20, box.h + 40, d.down(light(ground, 0.25), ground, dark(ground, 0.1))) +
    inside(d, p, inset(box, 40)) +
    fold(box.x - 34, box.w * 0.3, 1) +
    fold(box.x + box.w + 34, box.w * 0.3, -1) +
    rect(box.x - 54, box.y - 44, box.w + 108, 18, d.down(light(p.m, 0.5), p.m, dark(p.m, 0.3)), 9)
  );
};

export const FOCALS = { arch, frame, niche, circle, paper, drapes };
export type FocalName = keyof typeof FOCALS;
