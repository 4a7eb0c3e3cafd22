import { availableParallelism } from 'node:os';
import type { Layer } from '../../config/sections/layer.js';
import { type Length, resolveLength } from '../../config/sections/length.js';
import type { RoomConfig } from '../../config/room-config.js';

/** More would take from the encoder what they save. */
const MAX = 4;
/** A layer that moves and is larger than this share of the frame keeps one thread busy all the time. */
const LARGE_SHARE = 0.25;

/**
 * Threads that search a room's frames for codes: what the room file says, else one, and as many as there are cores while it
 * cannot keep up. A room of which much moves from the start has two from the start, since all that is not judged in time is
 * replaced until there are.
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

/** Whether barcodes of goods are codes in this room. */
export const refusesRetail = ({ compliance }: Pick<RoomConfig, 'compliance'>): boolean =>
  compliance.retailBarcodes === 'refuse';
