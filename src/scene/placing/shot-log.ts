import { SHOTS, type ShotName } from '../../config/sections/shots.js';
import type { ShotCut } from '../scene-update.js';

/** Cuts that are remembered: the show is planned a few seconds ahead, and cuts are some seconds apart. */
const MAX_CUTS = 8;

/** The shots on the picture and to come, by frame. */
export class ShotLog {
  private cuts: ShotCut[] = [{ atFrame: 0, shot: 0 }];

  /** Forgets the cuts from a frame on, and adds others; returns these as the loop takes them. */
  replace(fromFrame: number, cuts: readonly { readonly atFrame: number; readonly shot: ShotName }[]): ShotCut[] {
    const added = cuts.map(({ atFrame, shot }) => ({ atFrame, shot: SHOTS.indexOf(shot) }));
    const kept = this.cuts.filter(({ atFrame }, i) => (i === 0 && fromFrame > 0) || atFrame < fromFrame);
    this.cuts = [...kept, ...added].sort((a, b) => a.atFrame - b.atFrame).slice(-MAX_CUTS);
    return added;
  }

  /** The shot after the last cut. */
  get last(): ShotCut {
    return this.cuts.at(-1)!;
  }

  /** The last shot and the one before it: a viewer sees one of them. */
  get recent(): readonly ShotName[] {
    return [...new Set(this.cuts.slice(-2).map(({ shot }) => SHOTS[shot]!))];
  }

  /** Bits of the shots that some frame of a span shows. */
  between(from: number, to: number): number {
    let bits = 0;
    for (const [i, { atFrame, shot }] of this.cuts.entries()) {
      const end = this.cuts[i + 1]?.atFrame ?? Infinity;
      if (atFrame < to && end > from) bits |= 1 << shot;
    }
    return bits;
  }
}
