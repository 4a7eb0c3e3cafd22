import { hashString } from '../core/random.js';

/**
 * Which wording a line begins with.
 *
 * The trouble: ten attributes said with the same three wordings sound like a form, and two products of one kind like
 * copies. The rule: the seed chooses, among wordings that this kind of sentence has not just used and that no other line with the
 * same content has; where all were, the one used longest ago.
 */
export class Rotation {
  private readonly recent = new Map<string, number[]>();
  private readonly used = new Map<string, Set<number>>();

  /** Whether no line has said this content yet. */
  isFresh(content: string): boolean {
    return !this.used.has(content);
  }

  /** An index below `count`. */
  next(name: string, content: string, count: number, seed: string): number {
    const recent = this.recent.get(name) ?? [];
    const used = this.used.get(content) ?? new Set<number>();
    const first = hashString(seed) % count;
    const all = Array.from({ length: count }, (_, i) => (first + i) % count);
    const fresh = all.filter((i) => !used.has(i));
    const pool = fresh.length > 0 ? fresh : all;
    const chosen = pool.toSorted((a, b) => recent.lastIndexOf(a) - recent.lastIndexOf(b))[0]!;
    this.recent.set(name, [...recent.filter((i) => i !== chosen), chosen]);
    this.used.set(content, used.add(chosen));
    return chosen;
  }
}
