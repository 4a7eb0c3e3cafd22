/** A text that is rewritten step by step; each UTF-16 unit remembers its place in the original. */
export class TrackedText {
  private places: number[];

  constructor(public text: string) {
    this.places = Array.from({ length: text.length }, (_, i) => i);
  }

  /** The place in the original of a unit, or of the end. */
  placeOf(at: number): number {
    return this.places[Math.min(at, this.places.length - 1)] ?? 0;
  }

  /**
   * Replaces every match. What the new piece has in common with the old at either end keeps its places; the rest counts
   * for the first unit that it replaces, so places never run backwards.
   */
  replace(pattern: RegExp, by: (match: RegExpMatchArray) => string): void {
    let text = '';
    const places: number[] = [];
    let done = 0;
    for (const match of this.text.matchAll(pattern)) {
      const [old] = match;
      const { index } = match;
      const piece = by(match);
      if (piece === old) continue;
      for (let i = done; i < index; i += 1) places.push(this.places[i]);
      text += this.text.slice(done, index) + piece;
      let head = 0;
      while (head < Math.min(old.length, piece.length) && old[head] === piece[head]) head += 1;
      let tail = 0;
      while (
        tail < Math.min(old.length, piece.length) - head &&
        old[old.length - 1 - tail] === piece[piece.length - 1 - tail]
      )
        tail += 1;
      const between = this.places[index + Math.min(head, old.length - 1)];
      for (let i = 0; i < piece.length; i += 1) {
        if (i < head) places.push(this.places[index + i]);
        else if (i >= piece.length - tail) places.push(this.places[index + old.length - (piece.length - i)]);
        else places.push(between);
      }
      done = index + old.length;
    }
    for (let i = done; i < this.text.length; i += 1) places.push(this.places[i]);
    this.text = text + this.text.slice(done);
    this.places = places;
  }
}
