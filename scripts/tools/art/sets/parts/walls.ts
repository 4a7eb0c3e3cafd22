import { dark, light } from '../colour.js';
import { type Drawing, line, oval, path, rect, times } from '../drawing.js';

/** A wall fills the frame down to the skirting. */
type Wall = (d: Drawing, colour: string) => string;

const plain: Wall = (d, colour) =>
  rect(0, 0, d.width, d.height, d.down(dark(colour, 0.1), light(colour, 0.14), colour, dark(colour, 0.2)));

const panelled: Wall = (d, colour) => {
  const step = d.width / Math.round(d.width / 172);
  return (
    plain(d, colour) +
    times(Math.ceil(d.width / step) + 1, (i) => {
      const x = i * step - step * 0.36;
      const frame = (y: number, h: number): string =>
        rect(x, y, step * 0.8, h, 'none', 3, `stroke="${dark(colour, 0.16)}" stroke-width="4"`) +
        rect(
          x + 3,
          y + 3,
          step * 0.8 - 2,
          h - 2,
          'none',
          3,
          `stroke="${light(colour, 0.35)}" stroke-width="2" opacity=".7"`,
        );
      return frame(d.height * 0.04, d.height * 0.44) + frame(d.height * 0.53, d.height * 0.4);
    })
  );
};

const boards: Wall = (d, colour) =>
  plain(d, colour) +
  times(
    Math.ceil(d.width / 46),
    (i) =>
      rect(i * 46, 0, 2.5, d.height, dark(colour, 0.2), 0, 'opacity=".6"') +
      rect(i * 46 + 2.5, 0, 2, d.height, light(colour, 0.35), 0, 'opacity=".6"'),
  );

const slats: Wall = (d, colour) =>
  rect(0, 0, d.width, d.height, dark(colour, 0.55)) +
  times(Math.ceil(d.width / 30), (i) =>
    rect(i * 30, 0, 21, d.height, d.across(light(colour, 0.18), colour, dark(colour, 0.24))),
  );

const tiles: Wall = (d, colour) => {
  const size = 58;
  return (
    plain(d, colour) +
    times(
      Math.ceil(d.height / size),
      (row) =>
        line(`M0 ${row * size}H${d.width}`, dark(colour, 0.14), 3, 'opacity=".7"') +
        line(`M0 ${row * size + 3}H${d.width}`, light(colour, 0.5), 1.5, 'opacity=".6"'),
    ) +
    times(Math.ceil(d.height / size), (row) =>
      times(Math.ceil(d.width / (size * 2)) + 1, (i) =>
        rect(i * size * 2 - (row % 2) * size, row * size, 3, size, dark(colour, 0.14), 0, 'opacity=".6"'),
      ),
    )
  );
};

const brick: Wall = (d, colour) => {
  const [w, h] = [86, 34];
  return (
    rect(0, 0, d.width, d.height, dark(colour, 0.28)) +
    times(Math.ceil(d.height / h), (row) =>
      times(Math.ceil(d.width / w) + 1, (i) => {
        const shade = ((row * 7 + i * 13) % 5) / 5;
        return rect(
          i * w - (row % 2) * (w / 2),
          row * h,
          w - 5,
          h - 5,
          shade < 0.5 ? light(colour, 0.04 + shade * 0.16) : dark(colour, (shade - 0.5) * 0.24),
          3,
        );
      }),
    ) +
    rect(0, 0, d.width, d.height, d.down(['#000000', 0.28], ['#ffffff', 0.06], ['#000000', 0.3]))
  );
};

const concrete: Wall = (d, colour) => {
  const step = d.width / Math.round(d.width / 300);
  return (
    plain(d, colour) +
    times(7, (i) =>
      d.soft(
        ((i * 331) % d.width) + 40,
        ((i * 257) % d.height) + 60,
        210,
        130,
        i % 2 === 0 ? '#ffffff' : '#000000',
        0.07,
      ),
    ) +
    times(4, (row) => line(`M0 ${row * 320}H${d.width}`, dark(colour, 0.24), 3, 'opacity=".6"')) +
    times(
      Math.ceil(d.width / step),
      (i) =>
        line(`M${i * step} 0V${d.height}`, dark(colour, 0.24), 3, 'opacity=".6"') +
        times(6, (k) => oval(i * step + 22, 30 + k * 160, 5, 5, dark(colour, 0.3))),
    )
  );
};

const metal: Wall = (d, colour) =>
  plain(d, colour) +
  times(Math.ceil(d.width / 40), (i) =>
    rect(
      i * 40,
      0,
      40,
      d.height,
      d.across([dark(colour, 0.3), 0.6], [light(colour, 0.3), 0.5], [colour, 0.2], [dark(colour, 0.3), 0.6]),
    ),
  );

const curtain: Wall = (d, colour) =>
  rect(0, 0, d.width, d.height, dark(colour, 0.2)) +
  times(Math.ceil(d.width / 74), (i) =>
    path(
      `M${i * 74 - 8} 0H${i * 74 + 74}Q${i * 74 + 84} ${d.height * 0.5} ${i * 74 + 70} ${d.height}H${i * 74 - 4}Q${i * 74 - 14} ${d.height * 0.5} ${i * 74 - 8} 0Z`,
      d.across(dark(colour, 0.28), light(colour, 0.12), light(colour, 0.22), colour, dark(colour, 0.3)),
    ),
  );

const dots: Wall = (d, colour) =>
  plain(d, colour) +
  times(Math.ceil(d.height / 76), (row) =>
    times(Math.ceil(d.width / 92) + 1, (i) =>
      oval(i * 92 - (row % 2) * 46, row * 76 + 20, 9, 9, light(colour, 0.42), 'opacity=".75"'),
    ),
  );

const stripes: Wall = (d, colour) =>
  plain(d, colour) +
  times(Math.ceil(d.width / 96), (i) => rect(i * 96, 0, 48, d.height, light(colour, 0.28), 0, 'opacity=".55"'));

/** Broad leaves in two tones, as printed wallpaper. */
const leaves: Wall = (d, colour) =>
  plain(d, colour) +
  times(Math.ceil(d.height / 132), (row) =>
    times(Math.ceil(d.width / 150) + 1, (i) => {
      const turn = ((row * 3 + i * 5) % 8) * 45;
      return `<g transform="translate(${i * 150 - (row % 2) * 75} ${row * 132 + 40}) rotate(${turn})">${path('M0 46C-34 14 -28 -30 0 -56C28 -30 34 14 0 46Z', (row + i) % 2 === 0 ? light(colour, 0.16) : dark(colour, 0.1), 'opacity=".8"')}${line('M0 44V-46', dark(colour, 0.16), 2, 'opacity=".5"')}</g>`;
    }),
  );

export const WALLS = { plain, panelled, boards, slats, tiles, brick, concrete, metal, curtain, dots, stripes, leaves };
export type WallName = keyof typeof WALLS;
