/** Small SVG helpers of the parts library. All lengths are drawing units of the 1000 × 1400 figure. */
export type Point = readonly [x: number, y: number];

const CENTRE_X = 500;
const WIDTH = 2 * CENTRE_X;

/** A number as it stands in a path: one decimal is a tenth of a pixel at full size. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);

/** The mirror image, lit from the same side as the rest: see `lightOn`. */
export const mirrored = (content: string): string =>
  `<g transform="translate(${WIDTH} 0) scale(-1 1)">${content.replace(
    /class="lit" transform="translate\((-?[\d.]+) /g,
    (_, x: string) => `class="lit" transform="translate(${n(-Number(x))} `,
  )}</g>`;

/** A shape and its mirror image about the figure's middle. */
export const both = (shape: string): string => shape + mirrored(shape);

export const mirrorPoints = (points: readonly Point[]): Point[] => points.map(([x, y]) => [WIDTH - x, y]);

export type Stop = readonly [at: number, colour: string, opacity?: number];

const stops = (list: readonly Stop[]): string =>
  list
    .map(
      ([at, colour, opacity]) =>
        `<stop offset="${at}" stop-color="${colour}"${opacity === undefined ? '' : ` stop-opacity="${opacity}"`}/>`,
    )
    .join('');

export const gradient = (id: string, list: readonly Stop[], line = 'x1="0" y1="0" x2="0" y2="1"'): string =>
  `<linearGradient id="${id}" ${line}>${stops(list)}</linearGradient>`;

/** A gradient between two points of the drawing, whichever shape it fills. */
export const gradientAlong = (id: string, from: Point, to: Point, list: readonly Stop[]): string =>
  gradient(
    id,
    list,
    `gradientUnits="userSpaceOnUse" x1="${n(from[0])}" y1="${n(from[1])}" x2="${n(to[0])}" y2="${n(to[1])}"`,
  );

export const radial = (id: string, list: readonly Stop[], place = ''): string =>
  `<radialGradient id="${id}" ${place}>${stops(list)}</radialGradient>`;

/** A soft spot that fades to nothing. */
export const glow = (id: string, colour: string, opacity: number): string =>
  radial(id, [
    [0, colour, opacity],
    [0.45, colour, Math.round(opacity * 55) / 100],
    [1, colour, 0],
  ]);

/** Paints carry their own opacity: that of an element would have the rasteriser open a layer of the whole sheet. */
const faded = (opacity: number, paint: 'fill' | 'stroke' = 'fill'): string =>
  opacity === 1 ? '' : ` ${paint}-opacity="${Math.round(opacity * 100) / 100}"`;

export const fill = (d: string, colour: string, opacity = 1): string =>
  `<path d="${d}" fill="${colour}"${faded(opacity)}/>`;

export const line = (d: string, colour: string, width: number, opacity = 1): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round"${faded(opacity, 'stroke')}/>`;

export const dot = (x: number, y: number, r: number, colour: string, opacity = 1): string =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${colour}"${faded(opacity)}/>`;

export const oval = (x: number, y: number, rx: number, ry: number, colour: string, opacity = 1): string =>
  `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${colour}"${faded(opacity)}/>`;

/** A whole SVG file. */
export const svg = (content: string, viewBox = '0 0 1000 1400'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}">${content}</svg>\n`;
