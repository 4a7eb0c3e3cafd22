import { basename } from 'node:path';
import type { RoomConfig } from '../config/room-config.js';
import type { DrawPicture } from '../scene/assets/load-picture.js';
import type { CheckFault } from '../admission/check-rights.js';
import { percent } from '../scene/place-box.js';
import type { Raster } from '../scene/raster.js';

/** A picture prepared for comparison: on white, margins trimmed, scaled to a square, with a perceptual hash. */
interface Seen {
  readonly rgba: Uint8Array;
  readonly hash: string;
}

interface Likeness {
  /** Share of differing pixels. */
  readonly differs: number;
}

const SIDE = 96;
const WHITE = 0xffffffff;
/*
 * Measured on the project's pictures. The same picture at another size, format or margin differs in at most 0.03 of
 * the hash and 0.063 of the pixels. Another colour differs in no bit of the hash, but in at least 0.08 of the pixels.
 * Another product differs in at least 0.06 of the hash and 0.38 of the pixels.
 */
const MAX_HASH_DISTANCE = 0.1;
const MAX_PIXELS = 0.07;
/** Minimum perceptual distance (0 to 1) at which a pixel differs. */
const PIXEL_DISTANCE = 0.1;
const MARGIN_TOLERANCE = 0.02;

/** Loaded on the first comparison: a room on air never needs its 15 MB. */
const loadJimp = () => import('jimp');

async function seenAs({ rgba, width, height }: Raster): Promise<Seen> {
  const { Jimp } = await loadJimp();
  const data = Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const image = new Jimp({ width, height, color: WHITE })
    .composite(Jimp.fromBitmap({ data, width, height }))
    .autocrop({ tolerance: MARGIN_TOLERANCE, cropOnlyFrames: false })
    .contain({ w: SIDE, h: SIDE });
  const square = new Jimp({ width: SIDE, height: SIDE, color: WHITE }).composite(image);
  return { rgba: square.bitmap.data, hash: square.pHash() };
}

/**
 * The difference between two alike pictures; undefined when they are not alike. The hash ignores colours, so pictures
 * that pass it are compared pixel by pixel.
 */
async function likeness(a: Seen, b: Seen): Promise<Likeness | undefined> {
  const { Jimp, diff, compareHashes } = await loadJimp();
  if (compareHashes(a.hash, b.hash) > MAX_HASH_DISTANCE) return undefined;
  const image = ({ rgba }: Seen) => Jimp.fromBitmap({ data: Buffer.from(rgba), width: SIDE, height: SIDE });
  const { percent } = diff(image(a), image(b), PIXEL_DISTANCE);
  return percent > MAX_PIXELS ? undefined : { differs: percent };
}

/*
 * Rules 5.5, 5.7 and 5.9.
 *
 * Problem: two products with one picture (a file named twice by mistake, or saved at another size) show viewers goods
 * the listing does not sell. A slideshow that repeats a picture stands still. A cover equal to a product's picture
 * says nothing about the show.
 * Rule: each is a warning, reported once at the later picture. Pictures are compared by appearance: size, margin and
 * format do not count; the same goods in another colour are a different picture.
 */

/** Maximum size at which pictures are read; they are compared at a smaller one. */
const READ_SIDE = 256;

interface Shown {
  readonly where: string;
  /** The picture's name in messages. */
  readonly name: string;
  readonly src: string;
}

/** Warnings for pictures of a room that look alike. Unreadable pictures are left to the checks that load them. */
export async function checkLikeness(room: RoomConfig, draw: DrawPicture): Promise<CheckFault[]> {
  const faults: CheckFault[] = [];
  const products = room.products.map(({ id, image }, i) => ({
    where: `products[${i}] "${id}"`,
    name: `product "${id}"`,
    src: image,
  }));
  const known = new Map<string, Promise<Seen | undefined>>();
  const read = (src: string): Promise<Seen | undefined> => {
    const seen = known.get(src) ?? seenOf(src, draw);
    known.set(src, seen);
    return seen;
  };
  const compare = async (one: Shown, others: readonly Shown[], expected: string, rule: string): Promise<void> => {
    const mine = await read(one.src);
    if (mine === undefined) return;
    for (const other of others) {
      const theirs = await read(other.src);
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
