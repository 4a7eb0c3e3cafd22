/**
 * Edges of an automaton: state and code unit → state. A hash table with open addressing over one array of
 * numbers, since a Map of so many numbers takes seven times the memory.
 */
export class EdgeTable {
  /** Triples of state + 1 (0 is an empty place), unit, target. */
  private slots = new Int32Array(3 << 10);
  private mask = (1 << 10) - 1;
  private count = 0;

  /** The target, or −1. */
  get(state: number, unit: number): number {
    const { slots, mask } = this;
    for (let at = hash(state, unit) & mask; ; at = (at + 1) & mask) {
      const found = slots[at * 3];
      if (found === 0) return -1;
      if (found === state + 1 && slots[at * 3 + 1] === unit) return slots[at * 3 + 2];
    }
  }

  /** An edge that is not there yet. */
  add(state: number, unit: number, target: number): void {
    if (2 * (this.count + 1) > this.mask) this.grow();
    this.count += 1;
    let at = hash(state, unit) & this.mask;
    while (this.slots[at * 3] !== 0) at = (at + 1) & this.mask;
    this.slots.set([state + 1, unit, target], at * 3);
  }

  private grow(): void {
    const old = this.slots;
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array(3 * (this.mask + 1));
    this.count = 0;
    for (let i = 0; i < old.length; i += 3) if (old[i] !== 0) this.add(old[i] - 1, old[i + 1], old[i + 2]);
  }
}

/** Fibonacci hashing of both (D. Knuth, The Art of Computer Programming, vol. 3, 6.4). */
const hash = (state: number, unit: number): number => {
  const mixed = Math.imul(state ^ Math.imul(unit, 0x85eb_ca6b), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
};
