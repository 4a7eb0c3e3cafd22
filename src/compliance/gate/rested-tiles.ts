// frame path
import type { TileGrid } from './buffers/tile-grid.js';

/**
 * Where something came to rest: tiles that changed in the frame before and no longer do.
 *
 * The problem: parts that move are read slice by slice, one slice in each frame of a cycle. Two harmless pieces that slide together over
 * tiles which changed all the time would show their code unread until the next slice, or not at all when they leave before
 * it. The rule: such tiles are read for every form of code in the first frame in which they rest, each at most once a second.
 * Tiles that were read as new in the frame before need no second reading.
 */
export class RestedTiles {
  private readonly maps: Int32Array;
  private readonly changed = 0;
  private readonly readAsNew: number;
  private readonly readAtRest: number;
  private readonly rested: number;

  constructor(
    private readonly grid: TileGrid,
    private readonly secondFrames: number,
  ) {
    const { words } = grid;
    this.readAsNew = words;
    this.readAtRest = words * 2;
    this.rested = words * 3;
    this.maps = new Int32Array(words * 4);
  }

  /** Adds the tiles that rest in this frame to those which are read as new at `newAt`; `changedAt`: the frame's own changes. */
  add(sequence: number, tiles: Int32Array, changedAt: number, newAt: number): void {
    const { grid, maps, changed, readAsNew, readAtRest, rested } = this;
    const { words } = grid;
    const full = sequence % this.secondFrames === 0;
    if (full) grid.clear(maps, readAtRest);
    grid.filter(maps, changed, tiles, changedAt, false, maps, rested);
    grid.filter(maps, rested, maps, readAsNew, false, maps, rested);
    grid.filter(maps, rested, maps, readAtRest, false, maps, rested);
    for (let i = 0; i < words; i += 1) {
      maps[readAsNew + i] = tiles[newAt + i]!;
      // The changes of a full second's frame include areas that carry their admission's verdict.
      const before = full ? maps[changed + i]! : -1;
      maps[changed + i] = tiles[changedAt + i]! & before;
    }
    if (grid.isEmpty(maps, rested)) return;
    grid.add(maps, readAtRest, maps, rested);
    grid.add(tiles, newAt, maps, rested);
  }
}
