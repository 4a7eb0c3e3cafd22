import { availableParallelism } from 'node:os';
import type { Layer } from '../config/sections/layer.js';
import { type Length, resolveLength } from '../config/sections/length.js';
import type { RoomConfig } from '../config/room-config.js';

/** More threads would slow the encoder down. */
const MAX = 4;
/** A moving layer larger than this share of the frame keeps one thread busy. */
const LARGE_SHARE = 0.25;

/**
 * Threads that scan a room's frames for codes: the room file's number; otherwise one, growing up to the number of
 * cores while the scan is behind. A room with large moving layers starts with two, since unjudged frames are replaced
 * until the second one is up.
 */
export function scanThreads(
  room: Pick<RoomConfig, 'compliance' | 'layers' | 'video'>,
  cores = availableParallelism(),
): { threads: number; leastThreads: number; mostThreads: number } {
  const { scanThreads: set } = room.compliance;
  if (set !== undefined) return { threads: set, leastThreads: set, mostThreads: set };
  const mostThreads = Math.max(1, Math.min(MAX, cores));
  const moves = room.layers.some((layer) => isLargeAndMoves(layer, room.video));
  return { threads: moves ? Math.min(2, mostThreads) : 1, leastThreads: 1, mostThreads };
}

function isLargeAndMoves(layer: Layer, { width, height }: RoomConfig['video']): boolean {
  const moves = layer.type === 'media' || layer.motion?.keyframes.some((k) => k.dx !== undefined || k.dy !== undefined);
  if (!moves) return false;
  const along = (length: Length | undefined, axis: number): number =>
    length === undefined ? axis : Math.min(axis, resolveLength(length, axis, Math.min(width, height)));
  return along(layer.width, width) * along(layer.height, height) > LARGE_SHARE * width * height;
}

/** Whether this room refuses retail barcodes. */
export const refusesRetail = ({ compliance }: Pick<RoomConfig, 'compliance'>): boolean =>
  compliance.retailBarcodes === 'refuse';
