import { statfs } from 'node:fs/promises';
import type { RoomSnapshot } from '../config/api/room-handle.js';
import type { MachineFigures } from './alarm-conditions.js';

const WINDOW_MS = 30_000;
const DISK_MS = 30_000;
const MB = 1_000_000;
/** A low disk must gain this factor of free space before it counts as good again. */
const GAIN = 1.2;

interface Counted {
  readonly atMs: number;
  readonly frames: number;
  readonly late: number;
  readonly unjudged: number;
}

/** The machine over the last half minute: late frames, and disks that fill up. */
export class MachineWatch {
  private readonly past: Counted[] = [];
  private readonly low = new Map<string, number>();
  private looking = false;
  private diskMs = -Infinity;

  constructor(
    /** Folders to which the room writes. */
    private readonly folders: readonly string[],
    private readonly minFreeMb: number,
    private readonly freeMb: (folder: string) => Promise<number> = freeMegabytes,
  ) {}

  measure({ frames, lateTicks, replacedBy }: RoomSnapshot, nowMs: number): MachineFigures {
    const [late, unjudged] = [lateTicks.total, replacedBy['unjudged'] ?? 0];
    this.past.push({ atMs: nowMs, frames: frames.rendered, late, unjudged });
    while (this.past.length > 2 && this.past[1]!.atMs <= nowMs - WINDOW_MS) this.past.shift();
    const first = this.past[0]!;
    const rendered = frames.rendered - first.frames;
    // One slow frame often counts as both.
    const slow = Math.max(late - first.late, unjudged - first.unjudged);
    if (nowMs - this.diskMs >= DISK_MS) {
      this.diskMs = nowMs;
      void this.lookAtDisks();
    }
    return {
      slowShare: rendered > 0 ? Math.min(1, slow / rendered) : 0,
      fullDisks: [...this.low].map(([folder, freeMb]) => ({ folder, freeMb })),
    };
  }

  private async lookAtDisks(): Promise<void> {
    if (this.looking || this.minFreeMb === 0) return;
    this.looking = true;
    for (const folder of this.folders) {
      try {
        const free = await this.freeMb(folder);
        const wanted = this.low.has(folder) ? this.minFreeMb * GAIN : this.minFreeMb;
        if (free < wanted) this.low.set(folder, Math.floor(free));
        else this.low.delete(folder);
      } catch {
        // Skips a folder that does not exist yet; write failures have alarms of their own.
      }
    }
    this.looking = false;
  }
}

async function freeMegabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / MB;
}
