// frame path
import type { TileGrid } from './buffers/tile-grid.js';

/**
 * Where a motion came to rest: tiles that changed in both frames before and no longer do.
 *
 * The problem: parts that move are read slice by slice, one slice in each frame of a cycle. Two harmless pieces that slide together over
 * tiles which changed all the time would show their code unread until the next slice, or not at all when they leave before
 * it. The rule: such tiles are read for every form of code in the first frame in which they rest, each at most once a second.
 * Single changes, as of a caption or a swaying presenter, were read as new or are small.
 */
export class RestedTiles {
  private readonly maps: Int32Array;
  private readonly changed = 0;
  private readonly moving: number;
  private readonly readAtRest: number;
  private readonly rested: number;

  constructor(
    private readonly grid: TileGrid,
    private readonly secondFrames: number,
  ) {
    const { words } = grid;
    this.moving = words;
    this.readAtRest = words * 2;
    this.rested = words * 3;
    this.maps = new Int32Array(words * 4);
  }

  /** Adds the tiles that rest in this frame to those which are read as new at `newAt`; `changedAt`: the frame's own changes. */
  add(sequence: number, tiles: Int32Array, changedAt: number, newAt: number): void {
    const { grid, maps, changed, moving, readAtRest, rested } = this;
    const full = sequence % this.secondFrames === 0;
    if (full) grid.clear(maps, readAtRest);
    grid.filter(maps, moving, tiles, changedAt, false, maps, rested);
    grid.filter(maps, rested, maps, readAtRest, false, maps, rested);
    for (let i = 0; i < grid.words; i += 1) {
      // The changes of a full second's frame include areas that carry their admission's verdict.
      const now = tiles[changedAt + i]! & (full ? maps[changed + i]! : -1);
      maps[moving + i] = now & maps[changed + i]!;
      maps[changed + i] = now;
    }
    if (grid.isEmpty(maps, rested)) return;
    grid.add(maps, readAtRest, maps, rested);
    grid.add(tiles, newAt, maps, rested);
  }
}
