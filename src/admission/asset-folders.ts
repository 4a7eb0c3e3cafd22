import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { isProductPicture, type Layer } from '../config/sections/layer.js';
import type { RoomConfig } from '../config/room-config.js';
import { EngineError } from '../core/errors.js';

type FolderParts = Pick<RoomConfig, 'dir' | 'products' | 'layers'> & { control: { assetFolders: readonly string[] } };

/** Absolute paths of a layer's files. */
function filesOf(layer: Layer): readonly string[] {
  return pathsOf(layer).filter((src) => !isProductPicture(src) && !src.startsWith('data:'));
}

function pathsOf(layer: Layer): readonly string[] {
  if (layer.type === 'media') return layer.items;
  if (layer.type === 'sticker') return [layer.src];
  if (layer.type === 'image') return layer.night === undefined ? [layer.src] : [layer.src, layer.night];
  return [];
}

/**
 * Allowed folders for a layer's files: the room's folder, the folders of pictures and clips that the room file names,
 * and `control.assetFolders`.
 */
const assetFolders = ({ dir, products, layers, control }: FolderParts): readonly string[] => [
  ...new Set([
    dir,
    ...control.assetFolders,
    ...[...products.map(({ image }) => image), ...layers.flatMap(filesOf)].map((file) => dirname(file)),
  ]),
];

/**
 * Refuses a layer from the API that names a file outside the allowed folders. The answer does not depend on whether
 * the file exists, and nothing outside those folders is opened, so that no caller can probe the disk.
 *
 * @throws EngineError E_ASSET_MISSING
 */
export const refuseFilesElsewhere = (room: FolderParts, layer: Layer): Promise<void> =>
  refusePathsElsewhere(room, `layer "${layer.id}"`, filesOf(layer));

/** Like `refuseFilesElsewhere`, for files named at `where`. */
export async function refusePathsElsewhere(room: FolderParts, where: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const folders = assetFolders(room);
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  for (const file of files) {
    const path = resolve(file);
    const named = [...folders, ...real].some((folder) => isInside(path, folder));
    // A link inside may point outside.
    const target = named ? await realpath(path).catch(() => undefined) : undefined;
    if (target !== undefined && real.some((folder) => isInside(target, folder))) continue;
    throw new EngineError('E_ASSET_MISSING', {
      where,
      expected: `the file ${file} in the room's folder or in a folder that the room file names`,
      found: 'no file of this name in these folders',
      todo: 'paths are relative to the room file; add folders with control.assetFolders, or use a data: URL',
    });
  }
}

const isInside = (path: string, folder: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
