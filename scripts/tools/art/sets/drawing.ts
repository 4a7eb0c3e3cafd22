import { dark, light } from './colour.js';

/** A colour, or a colour with its opacity. */
export type Stop = string | readonly [colour: string, opacity: number];

const number = (n: number): string => String(Math.round(n * 10) / 10);

/** Collects the body of an SVG and its gradients, each of which is defined once. */
export class Drawing {
  private readonly ids = new Map<string, string>();
  private readonly defs: string[] = [];
  private readonly body: string[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
    /** Windows look out into the night. */
    readonly isNight = false,
  ) {}

  add(...svg: string[]): void {
    this.body.push(...svg);
  }

  /** Vertical gradient, its stops evenly spaced. */
  down(...stops: Stop[]): string {
    return this.define('linearGradient', 'x1="0" y1="0" x2="0" y2="1"', stops);
  }

  across(...stops: Stop[]): string {
    return this.define('linearGradient', 'x1="0" y1="0" x2="1" y2="0"', stops);
  }

  radial(...stops: Stop[]): string {
    return this.define('radialGradient', 'cx=".5" cy=".5" r=".5"', stops);
  }

  /** A round body lit from the left. */
  round(colour: string): string {
    return this.across(
      dark(colour, 0.3),
      light(colour, 0.16),
      light(colour, 0.3),
      colour,
      dark(colour, 0.22),
      dark(colour, 0.38),
    );
  }

  /** A ball lit from the upper left. */
  ball(colour: string): string {
    const stops = [light(colour, 0.5), light(colour, 0.12), colour, dark(colour, 0.38)];
    return this.define('radialGradient', 'cx=".36" cy=".3" r=".75"', stops);
  }

  /** A soft shadow or glow: an ellipse that fades to nothing. */
  soft(x: number, y: number, rx: number, ry: number, colour: string, opacity: number): string {
    const fill = this.radial([colour, opacity], [colour, opacity * 0.55], [colour, 0]);
    return `<ellipse cx="${number(x)}" cy="${number(y)}" rx="${number(rx)}" ry="${number(ry)}" fill="${fill}"/>`;
  }

  /** Out of focus. */
  blur(radius: number, svg: string): string {
    const area = `x="-40" y="-40" width="${this.width + 80}" height="${this.height + 80}"`;
    const filter = this.definition(
      `blur ${radius}`,
      (id) =>
        `<filter id="${id}" filterUnits="userSpaceOnUse" ${area}><feGaussianBlur stdDeviation="${radius}"/></filter>`,
    );
    return `<g filter="${filter}">${svg}</g>`;
  }

  /** The part of a drawing inside a shape. */
  clip(shape: string, svg: string): string {
    return `<g clip-path="${this.definition(`clipPath ${shape}`, (id) => `<clipPath id="${id}">${shape}</clipPath>`)}">${svg}</g>`;
  }

  toString(): string {
    const { width, height } = this;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
      `<defs>\n${this.defs.join('\n')}\n</defs>\n${this.body.join('\n')}\n</svg>\n`
    );
  }

  private define(tag: string, place: string, stops: readonly Stop[]): string {
    const inner = stops
      .map((stop, i) => {
        const [colour, opacity] = typeof stop === 'string' ? [stop, 1] : stop;
        const at = stops.length === 1 ? 0 : Math.round((i / (stops.length - 1)) * 100) / 100;
        return `<stop offset="${at}" stop-color="${colour}"${opacity === 1 ? '' : ` stop-opacity="${Math.round(opacity * 1000) / 1000}"`}/>`;
      })
      .join('');
    return this.definition(`${tag} ${place} ${inner}`, (id) => `<${tag} id="${id}" ${place}>${inner}</${tag}>`);
  }

  /** A reference to a definition, which is made once for each key. */
  private definition(key: string, make: (id: string) => string): string {
    const id = this.ids.get(key) ?? `d${this.ids.size}`;
    if (!this.ids.has(key)) {
      this.ids.set(key, id);
      this.defs.push(make(id));
    }
    return `url(#${id})`;
  }
}

export const rect = (x: number, y: number, w: number, h: number, fill: string, radius = 0, more = ''): string =>
  `<rect x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"${radius === 0 ? '' : ` rx="${number(radius)}"`} fill="${fill}"${more === '' ? '' : ` ${more}`}/>`;
export const oval = (x: number, y: number, rx: number, ry: number, fill: string, more = ''): string =>
  `<ellipse cx="${number(x)}" cy="${number(y)}" rx="${number(rx)}" ry="${number(ry)}" fill="${fill}"${more === '' ? '' : ` ${more}`}/>`;
export const path = (d: string, fill: string, more = ''): string =>
  `<path d="${d}" fill="${fill}"${more === '' ? '' : ` ${more}`}/>`;
export const line = (d: string, stroke: string, width: number, more = ''): string =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${number(width)}" stroke-linecap="round" stroke-linejoin="round"${more === '' ? '' : ` ${more}`}/>`;
export const at = (x: number, y: number, scale: number, svg: string, turn = 0): string =>
  `<g transform="translate(${number(x)} ${number(y)})${turn === 0 ? '' : ` rotate(${turn})`} scale(${Math.round(scale * 1000) / 1000})">${svg}</g>`;
/** A repeated part: `count` pieces, each made from its index. */
export const times = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');
