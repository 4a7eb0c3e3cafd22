import { dark } from './colour.js';
import { Drawing, rect } from './drawing.js';
import type { Palette } from './palette.js';
import type { Box, Feature } from './parts/box.js';
import type { Dressing } from './parts/dressing.js';
import { FOCALS, type FocalName } from './parts/focal.js';
import type { DeskName } from './parts/front.js';
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
}

const PLACES: Readonly<Record<Orientation, Places>> = {
  portrait: {
    width: 720,
    height: 1280,
    focal: { x: -24, y: 246, w: 490, h: 640 },
    right: { x: 500, y: 256, w: 206, h: 372 },
    floor: 880,
    stand: { x: 594, y: 842, r: 116 },
  },
  landscape: {
    width: 1280,
    height: 720,
    focal: { x: 262, y: 74, w: 404, h: 520 },
    right: { x: 1010, y: 96, w: 250, h: 444 },
    left: { x: 26, y: 148, w: 200, h: 392 },
    floor: 556,
    stand: { x: 852, y: 550, r: 132 },
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

/** The placeholder picture of a product, on nothing. */
export function drawProduct(name: PropName, palette: Palette): string {
  const d = new Drawing(600, 600);
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
