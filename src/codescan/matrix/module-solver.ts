/*
 * Dark or light, for each module of a symbol whose grey is known in the modules' middles.
 *
 * The problem: a blur by half a module leaves a module 0.47 of itself and gives it the rest from its neighbours, and light falls unevenly. The
 * rule: grey is taken for a level that leans, plus a share of the module's own tone, of the four beside it and of the four at its corners. Which shares
 * those are follows by least squares from the modules as they are taken to be, and what the modules are from the shares, in turns; those that are known
 * from the start keep it true.
 */

const ROUNDS = 6;
/** Level, its lean along and across, own tone, tones beside, tones at the corners. */
const TERMS = 6;
const FIRST_GAIN = 0.9;

/** Puts 1 for each dark module into `modules`, in which those that are known have 1 or 0 and the others −1, by the grey of all. */
export function solveModules(values: Float64Array, modules: Int8Array, columns: number, rows: number): void {
  const isKnown = modules.map((m) => (m < 0 ? 0 : 1));
  const level = levelOf(values, modules);
  const at = (list: ArrayLike<number>, column: number, row: number, outside: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows ? outside : list[row * columns + column]!;
  for (let i = 0; i < modules.length; i += 1) {
    if (isKnown[i] === 1) continue;
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const own = values[i]!;
    let sum = 0;
    for (const [dc, dr] of BESIDE) sum += at(values, column + dc, row + dr, own);
    modules[i] = own + FIRST_GAIN * (own - sum / BESIDE.length) < level ? 1 : 0;
  }
  const terms = new Float64Array(TERMS);
  const termsOf = (i: number): void => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    let [beside, corners] = [0, 0];
    for (const [dc, dr] of BESIDE) beside += at(modules, column + dc, row + dr, 0);
    for (const [dc, dr] of CORNERS) corners += at(modules, column + dc, row + dr, 0);
    terms.set([1, column / columns, row / rows, modules[i]!, beside, corners]);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = new Float64Array(TERMS * (TERMS + 1));
    for (let i = 0; i < values.length; i += 1) {
      termsOf(i);
      for (let a = 0; a < TERMS; a += 1) {
        for (let b = 0; b < TERMS; b += 1) sums[a * (TERMS + 1) + b]! += terms[a]! * terms[b]!;
        sums[a * (TERMS + 1) + TERMS]! += terms[a]! * values[i]!;
      }
    }
    const shares = solve(sums);
    // Dark is dark.
    if (shares === undefined || shares[3]! >= 0) return;
    let changed = 0;
    for (let i = 0; i < values.length; i += 1) {
      if (isKnown[i] === 1) continue;
      termsOf(i);
      let rest = values[i]!;
      for (let a = 0; a < TERMS; a += 1) if (a !== 3) rest -= shares[a]! * terms[a]!;
      const is = rest / shares[3]! > 0.5 ? 1 : 0;
      if (is === modules[i]) continue;
      modules[i] = is;
      changed += 1;
    }
    if (changed === 0) return;
  }
}

const BESIDE = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;
const CORNERS = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;

/** Between the tones of the dark and the light modules that are known. */
function levelOf(values: Float64Array, modules: Int8Array): number {
  const [sums, counts] = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < modules.length; i += 1) {
    const is = modules[i]!;
    if (is < 0) continue;
    sums[is]! += values[i]!;
    counts[is]! += 1;
  }
  return (sums[0]! / Math.max(1, counts[0]!) + sums[1]! / Math.max(1, counts[1]!)) / 2;
}

/** Solves TERMS equations by elimination; undefined where they tell too little. */
function solve(sums: Float64Array): Float64Array | undefined {
  const wide = TERMS + 1;
  for (let a = 0; a < TERMS; a += 1) {
    let pivot = a;
    for (let row = a + 1; row < TERMS; row += 1) {
      if (Math.abs(sums[row * wide + a]!) > Math.abs(sums[pivot * wide + a]!)) pivot = row;
    }
    if (Math.abs(sums[pivot * wide + a]!) < 1e-6) return undefined;
    for (let k = 0; k < wide; k += 1) {
      const kept = sums[a * wide + k]!;
      sums[a * wide + k] = sums[pivot * wide + k]!;
      sums[pivot * wide + k] = kept;
    }
    for (let row = 0; row < TERMS; row += 1) {
      if (row === a) continue;
      const share = sums[row * wide + a]! / sums[a * wide + a]!;
      for (let k = a; k < wide; k += 1) sums[row * wide + k]! -= share * sums[a * wide + k]!;
    }
  }
  return Float64Array.from({ length: TERMS }, (_, a) => sums[a * wide + TERMS]! / sums[a * wide + a]!);
}
