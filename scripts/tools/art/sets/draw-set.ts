import { dark, light } from './colour.js';
import { Drawing, oval, rect } from './drawing.js';
import type { Palette } from './palette.js';
import type { Box, Feature } from './parts/box.js';
import type { Dressing } from './parts/dressing.js';
import { FOCALS, type FocalName } from './parts/focal.js';
import { DESKS, STAGES, type DeskName, type StageName } from './parts/front.js';
import { WALLS, type WallName } from './parts/walls.js';
import { PROPS, type PropName } from './props/index.js';
import { at } from './drawing.js';

export type Orientation = 'portrait' | 'landscape';

/** The room that one kind of goods is sold in. */
export interface SetSpec {
  readonly palette: Palette;
  readonly wall: readonly [WallName, colour: string];
  /** Behind the presenter. */
  readonly focal: readonly [FocalName, colour: string, Feature];
  /** Beside and above the product. */
  readonly right: Feature;
  /** At the left edge, in landscape only. */
  readonly left: Feature;
  readonly dressing: readonly Dressing[];
  readonly stage: StageName;
  readonly desk: DeskName;
  readonly products: readonly [PropName, PropName];
}

interface Places {
  readonly width: number;
  readonly height: number;
  readonly focal: Box;
  readonly right: Box;
  readonly left?: Box;
  /** The lower cabinet or floor behind the presenter. */
  readonly floor: number;
  readonly stand: { readonly x: number; readonly y: number; readonly r: number };
  readonly desk: number;
  /** Where the front picture begins. */
  readonly front: number;
}

const PLACES: Readonly<Record<Orientation, Places>> = {
  portrait: {
    width: 720,
    height: 1280,
    focal: { x: -24, y: 246, w: 490, h: 640 },
    right: { x: 500, y: 256, w: 206, h: 372 },
    floor: 880,
    stand: { x: 594, y: 842, r: 116 },
    desk: 1018,
    front: 780,
  },
  landscape: {
    width: 1280,
    height: 720,
    focal: { x: 262, y: 74, w: 404, h: 520 },
    right: { x: 1010, y: 96, w: 250, h: 444 },
    left: { x: 26, y: 148, w: 200, h: 392 },
    floor: 556,
    stand: { x: 852, y: 550, r: 132 },
    desk: 600,
    front: 480,
  },
};

/** Wall, focal part, furniture and light: three planes, each sharper than the one behind. */
export function drawBack(spec: SetSpec, orientation: Orientation, isNight = false): string {
  const { palette: p, wall, focal, right, left, dressing } = spec;
  const at = PLACES[orientation];
  const d = new Drawing(at.width, at.height, isNight);
  const [shape, ground, inside] = focal;
  // Blurred edges fade; the plain wall shows under them.
  d.add(
    rect(0, 0, at.width, at.height, d.down(dark(wall[1], 0.1), wall[1], dark(wall[1], 0.2))),
    rect(0, at.floor, at.width, at.height - at.floor, dark(wall[1], 0.42)),
  );
  d.add(d.blur(3.2, WALLS[wall[0]](d, wall[1]) + FOCALS[shape](d, p, at.focal, ground, inside)));
  d.add(
    d.soft(
      at.focal.x + at.focal.w / 2,
      at.focal.y + at.focal.h * 0.36,
      at.focal.w * 0.7,
      at.focal.h * 0.5,
      '#fff8e4',
      isNight ? 0.16 : 0.42,
    ),
  );
  const floor =
    rect(0, at.floor, at.width, at.height - at.floor, d.down(dark(wall[1], 0.34), dark(wall[1], 0.5))) +
    rect(0, at.floor - 12, at.width, 14, d.down(p.c, dark(p.c, 0.25)));
  d.add(d.blur(2, right(d, p, at.right) + (at.left === undefined ? '' : left(d, p, at.left)) + floor));
  if (isNight) d.add(nightLight(d, at));
  d.add(d.blur(1.4, dressing.map((dress) => dress(d, p)).join('')));
  d.add(d.soft(at.stand.x, at.stand.y - at.stand.r, at.stand.r * 2, at.stand.r * 2, '#fff6dc', 0.5));
  // The corners darken, and the top does, where the platform writes.
  d.add(
    rect(0, 0, at.width, at.height, d.radial(['#000000', 0], ['#000000', 0], ['#140c06', 0.12], ['#140c06', 0.34])),
  );
  d.add(rect(0, 0, at.width, at.height * 0.17, d.down(['#120c08', 0.26], ['#120c08', 0])));
  return d.toString();
}

/** Blue dark over the room, with warm pools where its lamps are: behind the presenter, over the goods, on the shelf. */
function nightLight(d: Drawing, { width, height, focal, right, stand }: Places): string {
  return (
    rect(0, 0, width, height, d.down(['#060a22', 0.62], ['#0d1230', 0.46], ['#0a0d20', 0.6])) +
    d.soft(focal.x + focal.w / 2, focal.y + focal.h * 0.34, focal.w * 0.66, focal.h * 0.46, '#ffc983', 0.4) +
    d.soft(right.x + right.w / 2, right.y + right.h * 0.4, right.w * 0.85, right.h * 0.55, '#ffcf90', 0.24) +
    d.soft(stand.x, stand.y - stand.r, stand.r * 1.9, stand.r * 1.7, '#ffdca8', 0.34)
  );
}

/** Middles and radii of the lights out of focus: beside the head, above, and between the texts. */
const LIGHT_SPOTS: Readonly<Record<Orientation, readonly (readonly [number, number, number])[]>> = {
  portrait: [
    [38, 318, 30],
    [88, 236, 17],
    [330, 262, 22],
    [368, 560, 18],
    [26, 452, 19],
    [148, 52, 34],
    [432, 66, 22],
    [560, 30, 15],
    [664, 84, 28],
    [694, 572, 20],
  ],
  landscape: [
    [286, 150, 26],
    [342, 92, 16],
    [622, 226, 24],
    [604, 360, 18],
    [236, 300, 22],
    [180, 118, 18],
    [40, 236, 28],
    [112, 420, 20],
    [726, 52, 20],
    [1010, 90, 26],
    [1240, 478, 24],
    [1120, 520, 16],
  ],
};

/** They end above the counter: a smaller picture is scanned sooner at a start. */
const LIGHTS_HEIGHT: Readonly<Record<Orientation, number>> = { portrait: 600, landscape: 546 };

/** Lights out of focus, a plane of their own between wall and presenter. Each has clear space around it. */
export function drawLights({ palette: p }: SetSpec, orientation: Orientation): string {
  const d = new Drawing(PLACES[orientation].width, LIGHTS_HEIGHT[orientation]);
  const colours = ['#ffeccb', light(p.a, 0.62), '#fff6e6', light(p.b, 0.66)];
  for (const [i, [x, y, r]] of LIGHT_SPOTS[orientation].entries()) {
    const c = colours[i % colours.length]!;
    d.add(oval(x, y, r, r, d.radial([c, 0.2], [c, 0.22], [c, 0.24], [c, 0.27], [c, 0.34], [c, 0.2], [c, 0])));
  }
  return d.toString();
}

/** Size of the plane before the counter. */
const NEAR: Readonly<Record<Orientation, { readonly width: number; readonly height: number }>> = {
  portrait: { width: 250, height: 290 },
  landscape: { width: 200, height: 240 },
};

/** Goods on the near side of the counter, far out of focus and in the shade of the lamps. */
export function drawNear({ palette: p, products }: SetSpec, orientation: Orientation): string {
  const { width, height } = NEAR[orientation];
  const name = products[1];
  const d = new Drawing(width, height);
  const shade = { a: dark(p.a, 0.24), b: dark(p.b, 0.24), c: dark(p.c, 0.22), d: dark(p.d, 0.3), m: dark(p.m, 0.24) };
  const scale = (width / 600) * (SCALES[name] ?? 2.12) * 1.12;
  d.add(d.blur(5.5, at(width / 2, height - 8, scale, PROPS[name](d, shade))));
  return d.toString();
}

/** @param accent colour of the trimmings, which a brand colour replaces when a room is made */
export function drawFront(spec: SetSpec, orientation: Orientation, accent: string): string {
  const { stage, desk } = spec;
  const p = { ...spec.palette, a: accent };
  const { width, height, stand, desk: edge, front } = PLACES[orientation];
  const d = new Drawing(width, height - front);
  const y = stand.y - front;
  d.add(STAGES[stage](d, p, { x: stand.x, y, r: stand.r, foot: edge - front + 24 }));
  d.add(d.soft(stand.x, y + 2, stand.r * 0.72, stand.r * 0.13, '#120c08', 0.42));
  d.add(DESKS[desk](d, p, edge - front));
  return d.toString();
}

/** The placeholder picture of a product, on nothing. */
export function drawProduct(name: PropName, palette: Palette): string {
  const d = new Drawing(600, 600);
  d.add(d.soft(300, 568, 250, 26, '#120c08', 0.42));
  d.add(at(300, 566, SCALES[name] ?? 2.12, PROPS[name](d, palette)));
  return d.toString();
}

/** Goods that are taller than the others are drawn smaller. */
const SCALES: Partial<Record<PropName, number>> = {
  shirt: 2.4,
  dress: 2.4,
  giftBox: 2.3,
  festivalLantern: 2.2,
  sideTable: 2.2,
  teaTin: 2.4,
  wateringCan: 1.95,
  monitor: 2.05,
  tablet: 2.15,
  machine: 2.05,
  babyBottle: 2.35,
  stacker: 2.6,
  bear: 2.4,
  lipstick: 2.6,
  ring: 2.4,
  wheel: 2.5,
  phoneCase: 2.4,
  powerBank: 2.5,
  speaker: 2.6,
  plantPot: 2.2,
  officeChair: 2.15,
  backpack: 2.2,
  football: 2.3,
  drill: 2,
  thermometer: 2.5,
  headphones: 2.4,
  paperBag: 2,
  armchair: 2.4,
  pot: 2.4,
  kettle: 2.3,
  toolbox: 2.4,
  handbag: 2.4,
  boards: 2.3,
  tableLamp: 2.4,
  globeLamp: 2.3,
  lantern: 2.1,
  necklace: 2.4,
  cream: 2.4,
  honey: 2.7,
  stroller: 2.3,
  cartons: 2.15,
  sneaker: 2.15,
  petBowl: 2.4,
  petBed: 2.3,
  cushion: 2.1,
  towels: 2.3,
};
