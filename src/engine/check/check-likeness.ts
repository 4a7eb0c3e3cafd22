import { basename } from 'node:path';
import type { RoomConfig } from '../../config/room-config.js';
import type { DrawPicture } from '../../scene/assets/load-picture.js';
import type { CheckFault } from './check-fault.js';
import { percent } from './layout/layer-boxes.js';
import { likeness, seenAs, type Seen } from './layout/picture-likeness.js';

/*
 * Rules 5.5, 5.7 and 5.9. The problem: two products with one picture (a file named twice by mistake, or saved again at
 * another size) show viewers goods that the listing does not sell; a slideshow that repeats a picture stands still; a
 * cover that is a product's picture says nothing of the show.
 *
 * The rule: each is a warning, named once at the later of the two. Pictures are compared as they look, so that size,
 * margin and format do not count; the same goods in another colour are another picture.
 */

/** Largest size in which pictures are read; they are compared in a smaller one. */
const READ_SIDE = 256;

interface Shown {
  readonly where: string;
  /** What a message calls it. */
  readonly name: string;
  readonly src: string;
}

/** Pictures of a room that look like others of it. Those that can't be read are left to the checks that load them. */
export async function checkLikeness(room: RoomConfig, draw: DrawPicture): Promise<CheckFault[]> {
  const faults: CheckFault[] = [];
  const products = room.products.map(({ id, image }, i) => ({
    where: `products[${i}] "${id}"`,
    name: `product "${id}"`,
    src: image,
  }));
  const known = new Map<string, Promise<Seen | undefined>>();
  const look = (src: string): Promise<Seen | undefined> => {
    const seen = known.get(src) ?? seenOf(src, draw);
    known.set(src, seen);
    return seen;
  };
  const compare = async (one: Shown, others: readonly Shown[], expected: string, rule: string): Promise<void> => {
    const mine = await look(one.src);
    if (mine === undefined) return;
    for (const other of others) {
      const theirs = await look(other.src);
      const like = theirs === undefined ? undefined : await likeness(mine, theirs);
      if (like === undefined) continue;
      const found = `that of ${other.name} (${fileOf(other.src)}; ${percent(like.differs)} of the pixels differ)`;
      faults.push({ severity: 'warning', where: one.where, expected, found, rule });
      return;
    }
  };
  for (const [i, one] of products.entries()) {
    await compare(one, products.slice(0, i), 'a picture of its own, as its listing has', '5.5');
  }
  for (const [l, layer] of room.layers.entries()) {
    if (layer.type !== 'media') continue;
    const items = layer.items.map((src, i) => ({
      where: `layers[${l}] "${layer.id}".items[${i}]`,
      name: `items[${i}]`,
      src,
    }));
    for (const [i, one] of items.entries()) {
      await compare(one, items.slice(0, i), 'a picture that the slideshow has not shown', '5.7');
    }
  }
  if (room.cover !== undefined) {
    const cover = { where: 'cover', name: 'the cover', src: room.cover.src };
    await compare(cover, products, 'a picture of the show, not of one product alone', '5.9');
  }
  return faults;
}

const fileOf = (src: string): string => (src.startsWith('data:') ? 'a data: URL' : basename(src));

async function seenOf(src: string, draw: DrawPicture): Promise<Seen | undefined> {
  try {
    const { raster } = await draw({
      src,
      where: 'picture',
      width: READ_SIDE,
      height: READ_SIDE,
      maxWidth: READ_SIDE,
      maxHeight: READ_SIDE,
      fit: 'contain',
      radius: 0,
    });
    return await seenAs(raster);
  } catch {
    return undefined;
  }
}
