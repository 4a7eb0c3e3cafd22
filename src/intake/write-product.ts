import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setJson } from '../config/json-text.js';
import { parseRoom } from '../config/load-room.js';
import { product as schema, type Product } from '../config/sections/product.js';
import { EngineError } from '../core/errors.js';
import { replaceFile } from '../core/files/replace-file.js';
import { withLocalQuantities } from '../writer/spoken-values.js';

/** Where a product goes: into a room file, or into a folder of its own. */
export interface Target {
  /** The room file or `product.json`. */
  readonly file: string;
  /** The folder that paths of pictures start from. */
  readonly base: string;
  readonly isRoom: boolean;
}

/** @throws E_ROOM_JSON when a room file is named that is not there or is no room */
export async function targetOf(out: string): Promise<Target> {
  const path = resolve(out);
  if (!/\.json$/i.test(path)) return { file: join(path, 'product.json'), base: path, isRoom: false };
  if (!existsSync(path))
    throw new EngineError('E_ROOM_JSON', {
      where: path,
      expected: 'a room file, or a folder to make',
      found: 'no such file',
      todo: '`engine new my-room` makes a room; a name without .json makes a folder',
    });
  parseRoom(await readFile(path, 'utf8'), path, { withoutKeys: true });
  return { file: path, base: dirname(path), isRoom: true };
}

/** Folder of a product's pictures, relative to the target's base. */
const pictureFolder = (target: Target, id: string): string => (target.isRoom ? `products/${id}` : 'pictures');

/** Copies pictures, replacing those of an earlier run; files with other names stay. */
export async function placePictures(target: Target, id: string, files: readonly string[]): Promise<readonly string[]> {
  const relative = pictureFolder(target, id);
  const folder = join(target.base, relative);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (/^\d{1,2}\.\w+$/.test(name)) await rm(join(folder, name));
  const placed: string[] = [];
  for (const file of files) {
    await copyFile(file, join(folder, basename(file)));
    placed.push(`${relative}/${basename(file)}`);
  }
  return placed;
}

/** Products that a room file has, as they are written there. */
export async function productsIn(target: Target): Promise<readonly { id?: string; link?: string; licence?: string }[]> {
  if (!target.isRoom) return [];
  const room = JSON.parse((await readFile(target.file, 'utf8')).replace(/^\uFEFF/, '')) as { products?: object[] };
  return room.products ?? [];
}

/** Writes a product; in a room it takes the place of the one of its id, and the rest of the file stays as it is written. */
export async function writeProduct(target: Target, product: Product): Promise<void> {
  if (!target.isRoom) {
    await mkdir(target.base, { recursive: true });
    await replaceFile(target.file, `${JSON.stringify(withoutDefaults(product), null, 2)}\n`, { mode: 0o644 });
    return;
  }
  const text = await readFile(target.file, 'utf8');
  const { language } = parseRoom(text, target.file, { withoutKeys: true });
  const products = await productsIn(target);
  const at = products.findIndex((one) => one.id === product.id);
  const before = at < 0 ? {} : products[at]!;
  const { licence } = before;
  const value = {
    ...withoutDefaults(withLocalQuantities(product, language)),
    ...(licence !== undefined && { licence }),
  };
  const isNew = at < 0;
  const changed =
    isNew && products.length === 0
      ? setJson(text, ['products'], [value])
      : setJson(text, ['products', isNew ? -1 : at], value, isNew);
  parseRoom(changed, target.file, { withoutKeys: true });
  // Whoever could read the file still can.
  await replaceFile(target.file, changed, { mode: (await stat(target.file)).mode & 0o777 });
}

/** Defaults of the schema are not written. */
export function withoutDefaults(product: Product): Record<string, unknown> {
  const { price, id, title, image } = product;
  const bare = schema.parse({ id, title, image, price: { amount: price.amount, currency: price.currency } }) as Record<
    string,
    unknown
  >;
  const kept = Object.entries(product).filter(
    ([key, value]) =>
      value !== undefined &&
      (key in { id, title, image, price } || JSON.stringify(value) !== JSON.stringify(bare[key])),
  );
  return Object.fromEntries(kept);
}
