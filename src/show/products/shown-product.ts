import type { SegmentChoice } from './segment-choice.js';

/** Changes of product that are remembered; the horizon of the schedule holds a few. */
const MAX_CHANGES = 16;

/** The product on screen, as lines and the operator change it. */
export class ShownProduct {
  private readonly changes: { readonly frame: number; readonly id: string | null }[] = [];

  constructor(private readonly choice: SegmentChoice) {}

  /** The product that a line brings to the screen: the pinned one stays. Undefined keeps the current one. */
  of(wanted: string | null | undefined): string | null | undefined {
    return wanted === undefined ? undefined : (this.choice.pinned ?? wanted);
  }

  add(id: string | null, frame: number): void {
    if (this.changes.at(-1)?.id === id) return;
    this.changes.push({ frame, id });
    if (this.changes.length > MAX_CHANGES) this.changes.shift();
  }

  /** Null lets the script decide again. */
  pin(id: string | null, frame: number): void {
    this.choice.pinned = id;
    if (id !== null) this.add(id, frame);
  }

  at(frame: number): string | null {
    return this.changes.findLast((one) => one.frame <= frame)?.id ?? null;
  }
}
