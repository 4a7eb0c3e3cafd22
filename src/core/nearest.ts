/** The known word with the fewest edits, at most a third of its letters; undefined when none is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const one of known) {
    const candidate = one.toLowerCase();
    // An incomplete word counts as one edit: `rtmp` for `rtmpPort`.
    const isPart = lower.length >= 3 && (candidate.startsWith(lower) || lower.startsWith(candidate));
    const slips = isPart ? 1 : slipsBetween(lower, candidate);
    if (slips < fewest && slips <= Math.max(1, Math.floor(candidate.length / 3))) [best, fewest] = [one, slips];
  }
  return best;
}

/** Letters to insert, delete, change or swap with a neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > b.length / 3 + 1) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(changed, above[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
