import { hashString } from '../../core/random.js';
import { lightness, mix, type Tone } from './colours.js';

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

type Stop = readonly [at: number, colour: string, opacity?: number];

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

/**
 * One light for every part of a figure: a warm key from the upper left and a rim from the right.
 *
 * Problem: blur filters cost the rasteriser 20 ms each, and a figure has two hundred soft edges in every pose.
 * Rule: a soft stroke is a stack of strokes of falling width whose opacities add up, clipped to the part's outline.
 */
const LAYERS = 3;
/** Offsets of the stacked edges in units of the blur, outermost first. */
const EDGES = [1.2, 0.4, -0.5] as const;
/** For wide light, whose steps would show, and for an edge that is sharp anyway. */
const WIDE_EDGES = [1.5, 0.85, 0.25, -0.35, -1] as const;
const SHARP_EDGES = [0.9, -0.5] as const;
const edgesOf = (blur: number): readonly number[] => (blur > 9 ? WIDE_EDGES : blur < 1.3 ? SHARP_EDGES : EDGES);
/** Opacity of each of `count` layers that add up to `opacity`. */
const each = (opacity: number, count: number): string =>
  String(Math.round((1 - (1 - opacity) ** (1 / count)) * 1000) / 1000);

/** Strokes of `widths` along what `draw` returns for a width. */
function stack(width: number, blur: number, opacity: number, draw: (width: number) => string): string {
  const widths = edgesOf(blur)
    .map((edge) => width + 2 * blur * edge)
    .filter((w) => w > 0.3);
  return `<g stroke-opacity="${each(opacity, Math.max(2, widths.length))}">${widths.map(draw).join('')}</g>`;
}

/** A line with soft edges. */
export const softLine = (d: string, colour: string, width: number, blur: number, opacity: number): string =>
  `<g fill="none" stroke="${colour}" stroke-linecap="round" stroke-linejoin="round">${stack(width, blur, opacity, (w) => `<path d="${d}" stroke-width="${n(w)}"/>`)}</g>`;

/** A shape with soft edges, such as a cast shadow; `move` shifts it. */
export function softFill(
  d: string,
  colour: string,
  blur: number,
  opacity: number,
  move: readonly [number, number] = [0, 0],
): string {
  const id = `s${hashString(d).toString(36)}`;
  const alpha = each(opacity, LAYERS);
  const layers = [2.6, 1.3, 0].map((z) => `<use href="#${id}" stroke-width="${n(blur * z)}"/>`).join('');
  return `<defs><path id="${id}" d="${d}"/></defs><g transform="translate(${n(move[0])} ${n(move[1])})" fill="${colour}" stroke="${colour}" stroke-linejoin="bevel" fill-opacity="${alpha}" stroke-opacity="${alpha}">${layers}</g>`;
}

interface Form {
  /** Size of the part: how far its light and shade reach. Default: from its extent. */
  readonly size?: number;
  /** Paint of the base; default: the tone's own colour. */
  readonly paint?: string;
  readonly shade?: number;
  readonly key?: number;
  readonly rim?: number;
  readonly rimColour?: string;
  /** Drawn on the base, under the light. */
  readonly inside?: string;
  /** Drawn over the light, still clipped. */
  readonly over?: string;
  /** A shape with a hole. */
  readonly hasHole?: boolean;
}

/** Colours of light and shade on cloth, stronger than those of its folds. */
export const clothShade = (base: string): string =>
  lightness(base) > 0.72 ? mix(base, '#27385c', 0.4) : mix(base, '#0d0a1a', 0.5);
export const clothLight = (base: string): string => mix(base, '#fff3e2', 0.42);
const RIM = '#fff1dc';

/** The light strokes on an outline that is defined as `#o…` and clips as `#k…`. */
export function lightOn(
  id: string,
  t: Pick<Tone, 'shade' | 'light'>,
  { size: s = 12, shade = 0.55, key = 0.32, rim = 0.35, rimColour = RIM }: Form,
): string {
  const strokes = (dx: number, dy: number, colour: string, width: number, blur: number, opacity: number): string =>
    opacity <= 0
      ? ''
      : `<g fill="none" stroke="${colour}" stroke-linejoin="bevel"><g class="lit" transform="translate(${n(dx)} ${n(dy)})">${stack(width, blur, opacity, (w) => `<use href="#o${id}" stroke-width="${n(w)}"/>`)}</g></g>`;
  const rimWidth = Math.min(4, Math.max(1.6, s * 0.28));
  return (
    strokes(-0.55 * s, -0.35 * s, t.shade, 1.9 * s, 0.68 * s, shade) +
    strokes(0.45 * s, 0.35 * s, t.light, 1.15 * s, 0.65 * s, key) +
    strokes(-0.5 * rimWidth, 0.4, rimColour, rimWidth, 0.9, rim)
  );
}

/** A flat shape with the light of the room on it. */
export function form(d: string, t: Tone, options: Form = {}): string {
  const id = hashString(d).toString(36);
  const size = options.size ?? sizeOf(d);
  return (
    `<defs><path id="o${id}" d="${d}"${options.hasHole === true ? ' fill-rule="evenodd" clip-rule="evenodd"' : ''}/><clipPath id="k${id}"><use href="#o${id}"/></clipPath></defs>` +
    `<g clip-path="url(#k${id})"><use href="#o${id}" fill="${options.paint ?? t.base}"/>${options.inside ?? ''}</g>` +
    `<g clip-path="url(#k${id})">${lightOn(id, t, { ...options, size })}${options.over ?? ''}</g>`
  );
}

/** A form in cloth of one colour. */
export const clothForm = (d: string, base: string, options: Form = {}): string =>
  form(d, { base, shade: clothShade(base), light: clothLight(base), deep: mix(base, '#0d0a1a', 0.7) }, options);

/** A piece of cloth or skin that lies on another: a faint shadow to the lower right instead of an outline, and light. */
export const edged = (d: string, colour: string, edge: string, _width = 3): string =>
  `<g fill="none" stroke="${edge}" stroke-linejoin="round" stroke-opacity="0.16"><g class="lit" transform="translate(1.6 2.4)"><path d="${d}" stroke-width="7"/><path d="${d}" stroke-width="4"/><path d="${d}" stroke-width="2"/></g></g>` +
  clothForm(d, colour, { rim: 0.2 });

/** A part of a small extent gets narrow light, a large one wide light. */
function sizeOf(d: string): number {
  const { width, height } = extent(d);
  return Math.min(24, Math.max(2.4, 0.17 * Math.min(width, height)));
}

/** About the extent of a path of absolute commands. */
function extent(d: string): { width: number; height: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let [x, y] = [0, 0];
  for (const [, command, list] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const values = (list!.match(/-?[\d.]+/g) ?? []).map(Number);
    const relative = command === command!.toLowerCase();
    const upper = command!.toUpperCase();
    if (upper === 'A') {
      [x, y] = relative ? [x + values.at(-2)!, y + values.at(-1)!] : [values.at(-2)!, values.at(-1)!];
      note();
      continue;
    }
    if (upper === 'H' || upper === 'V') {
      const v = values.at(-1) ?? 0;
      if (upper === 'H') x = relative ? x + v : v;
      else y = relative ? y + v : v;
      note();
      continue;
    }
    const from: readonly [number, number] = [x, y];
    for (let i = 0; i + 1 < values.length; i += 2) {
      [x, y] = relative ? [from[0] + values[i]!, from[1] + values[i + 1]!] : [values[i]!, values[i + 1]!];
      note();
    }
  }
  return { width: Math.max(1, right - left), height: Math.max(1, bottom - top) };

  function note(): void {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
}

/** A fold of cloth: a tapered crescent in the shade with a lit edge. */
export function fold(
  from: readonly [number, number],
  bend: readonly [number, number],
  to: readonly [number, number],
  t: Pick<Tone, 'shade' | 'light'>,
  width = 10,
  strength = 1,
): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.max(1, Math.hypot(dx, dy));
  const [ox, oy] = [(-dy / length) * width, (dx / length) * width];
  const at = (p: readonly [number, number]): string => `${n(p[0])} ${n(p[1])}`;
  const crescent = `M ${at(from)} Q ${at(bend)} ${at(to)} Q ${at([bend[0] + ox, bend[1] + oy])} ${at(from)} Z`;
  const edge = `M ${at([from[0] - ox * 0.25, from[1] - oy * 0.25])} Q ${at([bend[0] - ox * 0.3, bend[1] - oy * 0.3])} ${at([to[0] - ox * 0.25, to[1] - oy * 0.25])}`;
  return (
    `<g fill="${t.shade}" stroke="${t.shade}" stroke-linejoin="round"><g fill-opacity="${n2(0.24 * strength)}" stroke-opacity="${n2(0.16 * strength)}"><path d="${crescent}" stroke-width="4.5"/><path d="${crescent}" stroke-width="2"/></g></g>` +
    `<path d="${edge}" fill="none" stroke="${t.light}" stroke-width="3.4" stroke-linecap="round" stroke-opacity="${n2(0.17 * strength)}"/>`
  );
}
const n2 = (v: number): string => String(Math.round(v * 100) / 100);
