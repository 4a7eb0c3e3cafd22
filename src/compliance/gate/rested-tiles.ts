// frame path
import type { RectList } from '../../core/media/picture.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

/**
 * Where a motion came to rest: tiles that changed in both frames before and no longer do.
 *
 * The problem: parts that move are read slice by slice, one slice in each frame of a cycle. Two harmless pieces that slide together over
 * tiles which changed all the time would show their code unread until the next slice, or not at all when they leave before
 * it. The rule: such tiles are read for every form of code in the first frame in which they rest, each at most once a second.
 * Single changes, as of a caption, were read as new. What only the engine's own drawings move is left out: they hold no
 * code, a presenter stops and starts all the time, and half of the scan would go into reading its clothes again.
 */
export class RestedTiles {
  private readonly maps: Int32Array;
  private readonly changed = 0;
  private readonly moving: number;
  private readonly readAtRest: number;
  private readonly rested: number;
  private readonly others: number;

  constructor(
    private readonly grid: TileGrid,
    private readonly secondFrames: number,
  ) {
    const { words } = grid;
    this.moving = words;
    this.readAtRest = words * 2;
    this.rested = words * 3;
    this.others = words * 4;
    this.maps = new Int32Array(words * 5);
  }

  /**
   * Adds the tiles that rest in this frame to those which are read as new at `newAt`; `changedAt`: the frame's own changes;
   * `moved`: those that count as motion, by default all. `repeats`: the picture of the frame before stands, so what moved up to
   * it rests, and what moves on in the next drawn frame has not stopped.
   */
  add(sequence: number, tiles: Int32Array, changedAt: number, newAt: number, moved?: RectList, repeats = false): void {
    const { grid, maps, changed, moving, readAtRest, rested, others } = this;
    if (repeats) {
      if (sequence % this.secondFrames === 0) grid.clear(maps, readAtRest);
      for (let i = 0; i < grid.words; i += 1) maps[rested + i] = maps[moving + i]! & ~maps[readAtRest + i]!;
      if (grid.isEmpty(maps, rested)) return;
      grid.add(maps, readAtRest, maps, rested);
      grid.add(tiles, newAt, maps, rested);
      return;
    }
    if (moved !== undefined) {
      grid.clear(maps, others);
      grid.mark(maps, others, moved);
    }
    const full = sequence % this.secondFrames === 0;
    if (full) grid.clear(maps, readAtRest);
    for (let i = 0; i < grid.words; i += 1) {
      const counted = moved === undefined ? -1 : maps[others + i]!;
      // The changes of a full second's frame include areas that carry their admission's verdict.
      const now = tiles[changedAt + i]! & counted & (full ? maps[changed + i]! : -1);
      maps[rested + i] = maps[moving + i]! & ~now & ~maps[readAtRest + i]!;
      maps[moving + i] = now & maps[changed + i]!;
      maps[changed + i] = now;
    }
    if (grid.isEmpty(maps, rested)) return;
    grid.add(maps, readAtRest, maps, rested);
    grid.add(tiles, newAt, maps, rested);
  }
}
