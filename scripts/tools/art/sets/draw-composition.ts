import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Composition, LayoutPlaces, Orientation, Place } from '../../../../src/config/templates/template.js';
import { packageRoot } from '../../../../src/core/files/paths.js';
import { dark, light } from './colour.js';
import { drawBack, type SetSpec } from './draw-set.js';
import { Drawing, oval, path, rect } from './drawing.js';
import { DESKS } from './parts/front.js';
import type { Palette } from './palette.js';

const FOLDER = join(packageRoot(), 'scripts/tools/art/sets/compositions');

/** A drawing of the set's own, where it has one. */
export function ownPlane(set: string, plane: string): string | undefined {
  const file = join(FOLDER, set, `${plane}.svg`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Where the stage of a composition begins and where its front edge is. */
const STAGE: Readonly<Record<Composition, Readonly<Record<Orientation, readonly [back: number, edge: number]>>>> = {
  kitchen: { portrait: [730, 876], landscape: [452, 560] },
  food: { portrait: [700, 880], landscape: [440, 566] },
  beauty: { portrait: [716, 880], landscape: [456, 566] },
  jewellery: { portrait: [704, 880], landscape: [466, 558] },
  furniture: { portrait: [832, 884], landscape: [514, 566] },
  apparel: { portrait: [884, 892], landscape: [578, 586] },
  display: { portrait: [884, 892], landscape: [578, 586] },
  machinery: { portrait: [852, 872], landscape: [552, 566] },
  electronics: { portrait: [806, 852], landscape: [532, 566] },
};

/** The mirror of a round composition: its middle and radius. */
const MIRROR: Readonly<Record<Orientation, readonly [x: number, y: number, r: number]>> = {
  portrait: [274, 500, 198],
  landscape: [312, 268, 200],
};

/** The wall, as the set has it: its own drawing, or the room of its goods with the light from the left. */
export function farPlane(set: string, spec: SetSpec, orientation: Orientation, isRound: boolean): string {
  const own = ownPlane(set, `${orientation}-far`);
  if (own !== undefined) return own;
  return isRound ? niche(spec, orientation) : drawBack(spec, orientation);
}

/** What is seen in the mirror behind the presenter. */
function niche(spec: SetSpec, orientation: Orientation): string {
  const { palette: p } = spec;
  const [x, y, r] = MIRROR[orientation];
  const d = wall(spec, orientation);
  d.add(oval(x, y, r + 8, r + 8, d.down(light(p.b, 0.7), light(p.b, 0.3), p.b)));
  d.add(d.soft(x - r * 0.4, y - r * 0.4, r, r, '#ffffff', 0.5));
  return d.toString();
}

function wall({ palette: p, wall: [, colour] }: SetSpec, orientation: Orientation): Drawing {
  const [w, h] = orientation === 'portrait' ? [720, 1280] : [1280, 720];
  const d = new Drawing(w, h);
  d.add(rect(0, 0, w, h, d.down(dark(colour, 0.16), colour, dark(colour, 0.12))));
  for (let i = 0; i < w / 64; i += 1)
    d.add(rect(i * 64, 0, 30, h, d.across([dark(colour, 0.3), 0.32], [light(colour, 0.4), 0.3])));
  d.add(d.soft(w * 0.2, h * 0.25, w * 0.7, h * 0.4, light(p.c, 0.6), 0.5));
  d.add(rect(0, 0, w, h * 0.14, d.down(['#120c08', 0.34], ['#120c08', 0])));
  return d;
}

/** The wall around the mirror and its frame, before the presenter. */
export function framePlane(set: string, spec: SetSpec, orientation: Orientation): string | undefined {
  const own = ownPlane(set, `${orientation}-frame`);
  if (own !== undefined) return own;
  const { palette: p } = spec;
  const [x, y, r] = MIRROR[orientation];
  const d = wall(spec, orientation);
  d.add(d.soft(x + 18, y + 24, r + 80, r + 80, '#1a120a', 0.4));
  d.add(oval(x, y, r + 32, r + 32, d.across(light(p.m, 0.5), p.m, dark(p.m, 0.3))));
  d.add(oval(x, y, r + 22, r + 22, d.across(dark(p.m, 0.1), light(p.m, 0.35))));
  d.add(oval(x, y, r + 6, r + 6, d.across(dark(p.m, 0.35), light(p.m, 0.6))));
  const svg = d.toString();
  const { width, height } = d;
  const mask = `<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="#fff"/><circle cx="${x}" cy="${y}" r="${r}" fill="#000"/></mask>`;
  return svg
    .replace('<defs>', `<defs>${mask}`)
    .replace('</defs>\n', '</defs>\n<g mask="url(#m)">')
    .replace('\n</svg>', '</g>\n</svg>');
}

/** Counter, plinth or bench over the whole frame; transparent above. */
export function frontPlane(
  set: string,
  spec: SetSpec,
  composition: Composition,
  orientation: Orientation,
  accent: string,
): string {
  const own = ownPlane(set, `${orientation}-front`);
  if (own !== undefined) return own;
  const [w, h] = orientation === 'portrait' ? [720, 1280] : [1280, 720];
  const d = new Drawing(w, h);
  const p = { ...spec.palette, a: accent };
  const [back, edge] = STAGE[composition][orientation];
  if (composition === 'electronics') plinth(d, p, orientation);
  else {
    counterTop(d, p, spec, back, edge);
    d.add(DESKS[spec.desk](d, { ...p, a: dark(p.d, 0.3) }, edge));
    // White words stand on it.
    d.add(
      rect(0, edge + 26, w, h - edge, d.down([dark(p.d, 0.2), 0.62], [dark(p.d, 0.3), 0.8], [dark(p.d, 0.45), 0.94])),
    );
    if (composition === 'machinery' && spec.desk === 'bench') hazard(d, p, edge, w);
    if (composition === 'jewellery') cushion(d, p, orientation);
  }
  return d.toString();
}

/** The top of a counter, brighter at the left, where the light comes from. */
function counterTop(d: Drawing, p: Palette, { desk }: SetSpec, back: number, edge: number): void {
  const colour = {
    wood: light(p.m, 0.2),
    panels: light(p.c, 0.1),
    lacquer: light(p.d, 0.2),
    stone: light(p.c, 0.35),
    bench: '#aeb7bf',
    cloth: light(p.b, 0.35),
  }[desk];
  d.add(rect(0, back, d.width, edge - back + 4, d.down(dark(colour, 0.2), light(colour, 0.12), dark(colour, 0.06))));
  d.add(rect(0, back, d.width, edge - back + 4, d.across(['#fff6dd', 0.45], ['#fff6dd', 0], ['#1c120a', 0.35])));
  d.add(rect(0, back, d.width, 10, d.down(['#000000', 0.28], ['#000000', 0])));
}

/** A round plinth with a line of light, in the dark. */
function plinth(d: Drawing, p: Palette, orientation: Orientation): void {
  const [x, y, rx, ry] = orientation === 'portrait' ? [340, 852, 310, 46] : [590, 566, 300, 34];
  const glow = light(p.a, 0.35);
  // The presenter stands in the dark behind it.
  const [from, to] = orientation === 'portrait' ? [440, 860] : [380, 580];
  d.add(rect(0, from, d.width, to - from, d.down(['#05070c', 0], ['#05070c', 0.55], ['#05070c', 0.96])));
  d.add(rect(0, to - 2, d.width, d.height - to + 2, '#05070c'));
  d.add(
    path(
      `M${x - rx} ${y}V${d.height}H${x + rx}V${y}Z`,
      d.across(dark(p.d, 0.5), light(p.d, 0.12), p.d, dark(p.d, 0.35), dark(p.d, 0.6)),
    ),
  );
  d.add(
    path(`M${x - rx} ${y}V${d.height}H${x + rx}V${y}Z`, d.down(['#000000', 0], ['#000000', 0.3], ['#000000', 0.6])),
  );
  d.add(oval(x, y, rx, ry, d.across(light(p.d, 0.28), light(p.d, 0.06), dark(p.d, 0.3))));
  d.add(d.soft(x - rx * 0.2, y, rx * 0.8, ry * 0.8, glow, 0.35));
  d.add(d.blur(7, oval(x, y, rx - 2, ry, 'none', `stroke="${glow}" stroke-width="9" opacity=".6"`)));
  d.add(oval(x, y, rx - 3, ry - 2, 'none', `stroke="${light(p.a, 0.7)}" stroke-width="3"`));
  // None under the edge: titles of a comparison stand there.
  for (const [i, down] of [198, 252, 306, 360].entries())
    d.add(
      path(
        `M${x - rx} ${y + down}A${rx} ${ry} 0 0 0 ${x + rx} ${y + down}`,
        'none',
        `stroke="${glow}" stroke-width="2" opacity="${0.65 - i * 0.15}"`,
      ),
    );
}

/** Stripes along the edge of a bench. */
function hazard(d: Drawing, p: Palette, y: number, width: number): void {
  d.add(rect(0, y - 2, width, 24, dark(p.d, 0.4)));
  for (let x = -30; x < width + 30; x += 48) d.add(path(`M${x} ${y + 22}l24 -24h24l-24 24z`, p.a));
  d.add(rect(0, y + 22, width, 30, d.down(['#000000', 0.5], ['#000000', 0])));
}

/** A low round cushion in the accent. */
function cushion(d: Drawing, p: Palette, orientation: Orientation): void {
  const [x, y, rx] = orientation === 'portrait' ? [438, 852, 196] : [666, 530, 200];
  d.add(d.soft(x + 24, y + 34, rx * 1.15, 46, '#000000', 0.7));
  d.add(
    path(
      `M${x - rx} ${y}C${x - rx - 8} ${y - 44} ${x + rx + 8} ${y - 44} ${x + rx} ${y}C${x + rx + 8} ${y + 54} ${x - rx - 8} ${y + 54} ${x - rx} ${y}Z`,
      d.down(light(p.a, 0.12), dark(p.a, 0.25), dark(p.a, 0.5)),
    ),
  );
  d.add(
    path(
      `M${x - rx + 18} ${y - 12}C${x - 80} ${y - 38} ${x + 80} ${y - 38} ${x + rx - 18} ${y - 12}`,
      'none',
      `stroke="${light(p.a, 0.5)}" stroke-width="2.5" opacity=".5"`,
    ),
  );
}

/** Goods or leaves on the near side, far out of focus; undefined where the set has none. */
export const nearPlane = (set: string, orientation: Orientation): string | undefined =>
  ownPlane(set, `${orientation}-near`);

/** The night over a wall: blue dark, with warm pools behind the head and over the goods. */
export function nightOver({ presenter, product, width, height }: LayoutPlaces): string {
  const d = new Drawing(width, height);
  const pool = ({ x, y, width: w, height: h }: Place, opacity: number): string =>
    d.soft(x + w / 2, y + h * 0.3, w * 0.6, h * 0.5, '#ffc983', opacity);
  d.add(rect(0, 0, width, height, d.down(['#060a22', 0.66], ['#0d1130', 0.5], ['#0a0d20', 0.62])));
  d.add(pool(presenter, 0.36), pool(product, 0.26));
  return d.toString();
}

/** The ground of a close-up: the colours of the set, out of focus, brighter at the left. */
export function closePlane({ palette: p, wall: [, colour] }: SetSpec, orientation: Orientation): string {
  const [w, h] = orientation === 'portrait' ? [720, 1280] : [1280, 720];
  const d = new Drawing(w, h);
  d.add(rect(0, 0, w, h, d.down(dark(colour, 0.22), colour, dark(colour, 0.3))));
  d.add(d.soft(w * 0.12, h * 0.3, w * 0.6, h * 0.5, '#fffaf0', 0.6));
  d.add(d.soft(w * 0.9, h * 0.24, w * 0.35, h * 0.3, p.b, 0.45));
  d.add(d.soft(w * 0.75, h * 0.62, w * 0.4, h * 0.26, p.a, 0.3));
  d.add(rect(0, 0, w, h * 0.14, d.down(['#120c08', 0.3], ['#120c08', 0])));
  return d.toString();
}
