import { dark, light, mix } from '../colour.js';
import { at, type Drawing, line, oval, path, rect, times } from '../drawing.js';
import type { Palette } from '../palette.js';

/** Hanging things hang lower in landscape, where the ticker runs along the top. */
const hang = (d: Drawing, drop: number): number => d.height * drop * (d.width > d.height ? 1.75 : 1);

/** Where things stand on the floor, as a share of the height. */
const LANDSCAPE_FLOOR = 0.785;

/** Light, plants and trimmings between wall and counter. */
export type Dressing = (d: Drawing, p: Palette) => string;

const cone = (d: Drawing, x: number, y: number, top: number, foot: number, h: number): string =>
  path(`M${x - top} ${y}L${x - foot} ${y + h}H${x + foot}L${x + top} ${y}Z`, d.down(['#fff2c4', 0.42], ['#fff2c4', 0]));

export const pendant =
  (share: number, drop: number, wide = 46): Dressing =>
  (d, p) => {
    const x = d.width * share;
    const y = hang(d, drop);
    return (
      line(`M${x} 0V${y - wide}`, dark(p.d, 0.1), 3) +
      cone(d, x, y, wide, wide * 3.2, d.height * 0.34) +
      path(
        `M${x - wide} ${y}C${x - wide} ${y - wide * 0.9} ${x - wide * 0.4} ${y - wide} ${x} ${y - wide}S${x + wide} ${y - wide * 0.9} ${x + wide} ${y}Z`,
        d.round(p.a),
      ) +
      oval(x, y, wide, wide * 0.16, '#fff3cf') +
      oval(x, y + 3, wide * 0.42, wide * 0.2, '#fffbe9')
    );
  };

export const globes =
  (...places: readonly (readonly [share: number, drop: number, radius: number])[]): Dressing =>
  (d, p) =>
    places
      .map(([share, drop, r]) => {
        const [x, y] = [d.width * share, hang(d, drop)];
        return (
          line(`M${x} 0V${y - r}`, p.m, 3) +
          d.soft(x, y, r * 3.4, r * 3.4, '#ffe7ad', 0.55) +
          rect(x - r * 0.3, y - r - 10, r * 0.6, 16, p.m, 3) +
          oval(x, y, r, r, d.radial('#fffdf4', '#fff0c8', '#f3d590'))
        );
      })
      .join('');

export const spots =
  (...shares: readonly number[]): Dressing =>
  (d, p) => {
    const y = d.height * 0.032;
    return (
      rect(0, y - 16, d.width, 10, dark(p.d, 0.35)) +
      shares
        .map((share) => {
          const x = d.width * share;
          return (
            at(
              x,
              y,
              1,
              rect(-4, -10, 8, 18, dark(p.d, 0.4)) +
                path('M-17 4H17L22 48H-22Z', d.across(light(p.d, 0.25), dark(p.d, 0.3))) +
                oval(0, 48, 22, 6, '#fff4d0'),
            ) + cone(d, x, y + 50, 20, 130, d.height * 0.5)
          );
        })
        .join('')
    );
  };

export const bulbs =
  (drop: number, colours: readonly string[]): Dressing =>
  (d) => {
    const count = Math.round(d.width / 66);
    const y = d.height * drop;
    const sag = (t: number): number => y + 46 * (1 - (2 * ((t * 2) % 1) - 1) ** 2);
    return (
      line(
        `M0 ${y}Q${d.width / 4} ${y + 92} ${d.width / 2} ${y}Q${d.width * 0.75} ${y + 92} ${d.width} ${y}`,
        '#3b332c',
        3,
      ) +
      times(count, (i) => {
        const t = (i + 0.5) / count;
        const x = t * d.width;
        const by = sag(t);
        const c = colours[i % colours.length]!;
        return (
          d.soft(x, by + 12, 34, 34, c, 0.55) +
          rect(x - 4, by - 2, 8, 9, '#3b332c', 2) +
          oval(x, by + 15, 8, 11, light(c, 0.45))
        );
      })
    );
  };

export const bunting =
  (drop: number): Dressing =>
  (d, p) => {
    const count = Math.round(d.width / 74);
    const y = d.height * drop;
    return (
      times(count, (i) => {
        const t = (i + 0.5) / count;
        const x = t * d.width;
        const by = y + 40 * (1 - (2 * t - 1) ** 2);
        return path(
          `M${x - 28} ${by}H${x + 28}L${x} ${by + 54}Z`,
          d.down([p.a, p.b, light(p.c, 0.3)][i % 3]!, dark([p.a, p.b, p.c][i % 3]!, 0.12)),
        );
      }) + line(`M0 ${y}Q${d.width / 2} ${y + 80} ${d.width} ${y}`, dark(p.d, 0.1), 4)
    );
  };

/** A plant on the floor: in portrait at a height of its own, in landscape on the strip before the wall. */
export const plant =
  (share: number, foot: number, s: number, kind: 'broad' | 'palm' | 'snake' = 'broad'): Dressing =>
  (d, p) => {
    const y = d.height * (d.width > d.height ? LANDSCAPE_FLOOR : foot);
    const leaf = {
      broad: 'M0 0C34 -40 40 -120 0 -168C-40 -120 -34 -40 0 0Z',
      palm: 'M0 0C14 -70 12 -150 4 -220C-10 -150 -12 -70 0 0Z',
      snake: 'M-14 0C-18 -90 -10 -180 2 -236C12 -180 18 -90 14 0Z',
    }[kind];
    const turns = kind === 'snake' ? [-20, 16, -9, 7, 0] : [-78, 74, -54, 50, -30, 28, -10, 8];
    const greens = ['#3e6b49', '#4f8159', '#5f9466', '#46755a', '#74a876'];
    return at(
      d.width * share,
      y,
      s,
      oval(0, 0, 76, 11, '#000000', 'opacity=".28"') +
        turns
          .map((turn, i) =>
            at(
              0,
              -70,
              0.8 + ((i * 37) % 40) / 100,
              path(leaf, mix(greens[i % 5]!, p.b, 0.12)) +
                line(`M0 -6V${kind === 'broad' ? -140 : -190}`, '#2f5a3c', 3, 'opacity=".5"'),
              turn,
            ),
          )
          .join('') +
        path('M-58 -84H58L44 0H-44Z', d.round(p.c)) +
        rect(-64, -92, 128, 22, d.round(light(p.c, 0.2)), 6),
    );
  };

export const hangingPlant =
  (share: number, drop: number, s: number): Dressing =>
  (d, p) =>
    line(`M${d.width * share} 0V${d.height * drop}`, p.m, 3) +
    at(
      d.width * share,
      d.height * drop,
      s,
      line('M0 0L-46 62M0 0L46 62', p.m, 3) +
        times(9, (i) => {
          const x = -48 + i * 12;
          const l = 90 + ((i * 53) % 90);
          return (
            line(`M${x} 80Q${x + (i - 4) * 7} ${80 + l * 0.5} ${x + (i - 4) * 9} ${80 + l}`, '#4a7a50', 3) +
            times(4, (k) =>
              oval(
                x + (i - 4) * (2 + k * 2),
                92 + (l / 4) * k,
                11,
                7,
                ['#5f9466', '#4f8159', '#7bb07a'][(i + k) % 3]!,
                `transform="rotate(${i * 30 + k * 50} ${x + (i - 4) * (2 + k * 2)} ${92 + (l / 4) * k})"`,
              ),
            )
          );
        }) +
        path('M-52 56H52Q48 104 0 106Q-48 104 -52 56Z', d.round(p.c)),
    );

export const bokeh =
  (colour: string, count = 12): Dressing =>
  (d) =>
    times(count, (i) => {
      const r = 16 + ((i * 29) % 38);
      return oval(
        ((i * 197) % 100) * 0.01 * d.width,
        ((i * 71) % 62) * 0.01 * d.height,
        r,
        r,
        d.radial([colour, 0.1], [colour, 0.2], [colour, 0.34], [colour, 0]),
      );
    });

/** A glowing tube in the shape of `d`, drawn around its origin. */
export const neon =
  (share: number, drop: number, s: number, shape: string, colour: string): Dressing =>
  (d) => {
    const [x, y] = d.width > d.height ? [d.width * 0.1, d.height * 0.158] : [d.width * share, d.height * drop];
    return (
      d.soft(x, y, 170 * s, 150 * s, colour, 0.5) +
      at(
        x,
        y,
        s,
        line(shape, colour, 17, 'opacity=".45"') + line(shape, light(colour, 0.3), 9) + line(shape, '#ffffff', 3.5),
      )
    );
  };

export const NEON = {
  heart: 'M0 60C-96 -6 -58 -78 0 -30C58 -78 96 -6 0 60Z',
  bolt: 'M16 -80L-42 12H-2L-16 80L42 -16H2Z',
  ring: 'M70 0A70 70 0 1 1 69.9 -2',
  wave: 'M-90 0Q-68 -44 -45 0T0 0T45 0T90 0',
  star: 'M0 -76L20 -24L74 -22L32 12L46 66L0 36L-46 66L-32 12L-74 -22L-20 -24Z',
} as const;

/** Balls and paper fans that hang over the set. */
export const ornaments =
  (...places: readonly (readonly [share: number, drop: number, radius: number])[]): Dressing =>
  (d, p) =>
    places
      .map(([share, drop, r], i) => {
        const [x, y] = [d.width * share, hang(d, drop)];
        const c = [p.a, p.m, p.b][i % 3]!;
        return (
          line(`M${x} 0V${y - r}`, light(p.m, 0.3), 2) +
          rect(x - 6, y - r - 8, 12, 12, p.m, 2) +
          oval(x, y, r, r, d.ball(c)) +
          line(`M${x - r * 0.9} ${y}Q${x} ${y + r * 0.4} ${x + r * 0.9} ${y}`, light(c, 0.5), 3, 'opacity=".6"')
        );
      })
      .join('');
