import { dark, light, mix } from '../colour.js';
import { type Drawing, line, oval, path, rect, times } from '../drawing.js';
import type { Box, Feature } from './box.js';

/** Windows with a view, and framed pictures. */
type View = 'garden' | 'city' | 'hills' | 'night' | 'sea';

/** Town houses light their windows at night; other views lie in blue moonlight. */
function view(d: Drawing, kind: View, box: Box): string {
  if (!d.isNight || kind === 'night') return byDay(d, kind, box);
  if (kind === 'city') return byDay(d, 'night', box);
  const { x, y, w, h } = box;
  return (
    byDay(d, kind, box) +
    rect(x, y, w, h, d.down(['#070d2c', 0.9], ['#101c48', 0.72])) +
    times(18, (i) => oval(x + ((i * 61) % w), y + ((i * 43) % (h * 0.42)), 1.7, 1.7, '#ffffff', 'opacity=".7"')) +
    d.soft(x + w * 0.72, y + h * 0.2, 64, 64, '#dfe8ff', 0.5) +
    oval(x + w * 0.72, y + h * 0.2, 22, 22, '#fdf6dd')
  );
}

function byDay(d: Drawing, kind: View, { x, y, w, h }: Box): string {
  const sky = {
    garden: ['#cfe9f7', '#f3fbf4'],
    city: ['#b9d7ee', '#f4ebdd'],
    hills: ['#a9d3f2', '#fdf1d8'],
    night: ['#101a38', '#3a3f74'],
    sea: ['#9fd6f3', '#fdf3dc'],
  }[kind];
  const ground = y + h;
  const hill = (share: number, lift: number, colour: string): string =>
    path(
      `M${x} ${ground}V${y + h * share}Q${x + w * 0.28} ${y + h * (share - lift)} ${x + w * 0.52} ${y + h * share}T${x + w} ${y + h * (share - lift * 0.4)}V${ground}Z`,
      colour,
    );
  const houses = (tone: string, lit: string, from: number): string =>
    times(Math.ceil(w / 46), (i) => {
      const hh = h * (from + ((i * 37) % 29) / 100);
      return (
        rect(x + i * 46 - 4, ground - hh, 42, hh, i % 2 === 0 ? tone : light(tone, 0.12)) +
        times(
          Math.floor(hh / 26),
          (r) =>
            rect(x + i * 46 + 4, ground - hh + 10 + r * 26, 9, 11, (i + r) % 3 === 0 ? lit : light(tone, 0.2)) +
            rect(x + i * 46 + 20, ground - hh + 10 + r * 26, 9, 11, (i * r) % 3 === 1 ? lit : light(tone, 0.2)),
        )
      );
    });
  const inner = {
    garden: () =>
      hill(0.62, 0.2, '#a9cf9c') +
      hill(0.74, 0.14, '#83b67d') +
      times(5, (i) =>
        oval(
          x + w * (0.1 + i * 0.21),
          y + h * (0.62 + (i % 2) * 0.12),
          w * 0.15,
          h * 0.16,
          i % 2 === 0 ? '#6fa66c' : '#5c9660',
        ),
      ) +
      times(9, (i) =>
        oval(
          x + w * (0.06 + i * 0.11),
          y + h * (0.84 + (i % 3) * 0.04),
          6,
          6,
          ['#f5c9d5', '#ffe9a8', '#ffffff'][i % 3]!,
        ),
      ),
    city: () =>
      oval(x + w * 0.72, y + h * 0.28, 34, 34, '#fff6dc') +
      houses('#8fa6ba', '#fff2c9', 0.3) +
      houses('#6d879d', '#ffe9b0', 0.16),
    hills: () =>
      oval(x + w * 0.3, y + h * 0.3, 40, 40, '#fff3cf') +
      path(
        `M${x} ${ground}V${y + h * 0.62}L${x + w * 0.26} ${y + h * 0.3}L${x + w * 0.48} ${y + h * 0.6}L${x + w * 0.7} ${y + h * 0.24}L${x + w} ${y + h * 0.62}V${ground}Z`,
        '#8fa9c2',
      ) +
      path(
        `M${x + w * 0.19} ${y + h * 0.39}L${x + w * 0.26} ${y + h * 0.3}L${x + w * 0.33} ${y + h * 0.4}L${x + w * 0.27} ${y + h * 0.38}ZM${x + w * 0.63} ${y + h * 0.35}L${x + w * 0.7} ${y + h * 0.24}L${x + w * 0.78} ${y + h * 0.35}L${x + w * 0.71} ${y + h * 0.33}Z`,
        '#f7fbff',
      ) +
      hill(0.66, 0.12, '#7ea87a') +
      times(9, (i) =>
        path(`M${x + w * (i / 8)} ${y + h * (0.56 + (i % 2) * 0.07)}l-22 90h44z`, i % 2 === 0 ? '#4f7d5b' : '#5f8f68'),
      ),
    night: () =>
      times(24, (i) => oval(x + ((i * 61) % w), y + ((i * 43) % (h * 0.6)), 1.8, 1.8, '#ffffff', 'opacity=".8"')) +
      oval(x + w * 0.7, y + h * 0.22, 30, 30, '#fff4d2') +
      houses('#222b55', '#ffd889', 0.28) +
      houses('#181f42', '#ffc869', 0.15),
    sea: () =>
      oval(x + w * 0.66, y + h * 0.3, 42, 42, '#fff6d6') +
      rect(x, y + h * 0.56, w, h * 0.44, d.down('#5fb4d8', '#2f86b4')) +
      times(5, (i) =>
        line(`M${x + w * 0.1 * i} ${y + h * (0.64 + i * 0.06)}h${w * 0.3}`, '#ffffff', 3, 'opacity=".5"'),
      ) +
      path(`M${x + w * 0.24} ${y + h * 0.57}l0 -80l44 66zM${x + w * 0.22} ${y + h * 0.58}h56l-12 14h-34z`, '#ffffff'),
  }[kind]();
  return rect(x, y, w, h, d.down(sky[0]!, sky[1]!)) + inner;
}

export const windowOf =
  (kind: View, columns = 2, rows = 3): Feature =>
  (d, p, box) => {
    const { x, y, w, h } = box;
    const frame = light(p.c, 0.25);
    return (
      rect(x - 16, y - 16, w + 32, h + 32, d.across(frame, dark(frame, 0.12)), 4) +
      d.clip(rect(x, y, w, h, '#000'), view(d, kind, box)) +
      times(columns - 1, (i) => rect(x + (w / columns) * (i + 1) - 5, y, 10, h, frame)) +
      times(rows - 1, (i) => rect(x, y + (h / rows) * (i + 1) - 5, w, 10, frame)) +
      rect(x, y, w, 12, '#000000', 0, 'opacity=".16"') +
      rect(x - 26, y + h + 14, w + 52, 16, d.down(light(frame, 0.4), dark(frame, 0.18)), 3)
    );
  };

/** A framed picture with a simple motif in the set's colours. */
export const poster =
  (motif: 'sun' | 'leaf' | 'wave' | 'lines'): Feature =>
  (d, p, { x, y, w, h }) => {
    const inner = { x: x + 14, y: y + 14, w: w - 28, h: h - 28 };
    const { x: ix, y: iy, w: iw, h: ih } = inner;
    const art = {
      sun: () =>
        oval(ix + iw / 2, iy + ih * 0.38, iw * 0.26, iw * 0.26, p.a) +
        path(
          `M${ix} ${iy + ih * 0.66}Q${ix + iw * 0.3} ${iy + ih * 0.5} ${ix + iw * 0.55} ${iy + ih * 0.66}T${ix + iw} ${iy + ih * 0.6}V${iy + ih}H${ix}Z`,
          p.b,
        ) +
        path(
          `M${ix} ${iy + ih * 0.82}Q${ix + iw * 0.5} ${iy + ih * 0.68} ${ix + iw} ${iy + ih * 0.84}V${iy + ih}H${ix}Z`,
          dark(p.b, 0.3),
        ),
      leaf: () =>
        line(`M${ix + iw / 2} ${iy + ih * 0.9}V${iy + ih * 0.16}`, p.b, 5) +
        times(
          5,
          (i) =>
            path(
              `M${ix + iw / 2} ${iy + ih * (0.82 - i * 0.14)}q${-iw * 0.36} ${-ih * 0.02} ${-iw * 0.36} ${-ih * 0.16}q${iw * 0.3} 0 ${iw * 0.36} ${ih * 0.16}z`,
              i % 2 === 0 ? p.b : light(p.b, 0.25),
            ) +
            path(
              `M${ix + iw / 2} ${iy + ih * (0.78 - i * 0.14)}q${iw * 0.36} ${-ih * 0.02} ${iw * 0.36} ${-ih * 0.16}q${-iw * 0.3} 0 ${-iw * 0.36} ${ih * 0.16}z`,
              i % 2 === 0 ? light(p.b, 0.15) : p.b,
            ),
        ),
      wave: () =>
        times(5, (i) =>
          path(
            `M${ix} ${iy + ih * (0.3 + i * 0.15)}q${iw * 0.25} ${-ih * 0.12} ${iw * 0.5} 0t${iw * 0.5} 0V${iy + ih}H${ix}Z`,
            mix(p.a, p.b, i / 4),
          ),
        ),
      lines: () =>
        times(4, (i) =>
          oval(
            ix + iw / 2,
            iy + ih / 2,
            iw * (0.42 - i * 0.1),
            ih * (0.42 - i * 0.1),
            'none',
            `stroke="${i % 2 === 0 ? p.a : p.b}" stroke-width="7"`,
          ),
        ),
    }[motif]();
    return (
      rect(x + 5, y + 9, w, h, '#000000', 4, 'opacity=".25"') +
      rect(x, y, w, h, d.down(light(p.m, 0.1), dark(p.m, 0.25)), 3) +
      rect(ix, iy, iw, ih, light(p.c, 0.4)) +
      d.clip(rect(ix, iy, iw, ih, '#000'), art)
    );
  };
