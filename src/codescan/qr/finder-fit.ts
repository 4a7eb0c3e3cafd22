import type { Corner, PlaneSampler } from '../pipeline/quad-sampler.js';

/** Pearson's correlation of the finder with its pattern. */
const FINDER_AGREES = 0.72;
/** The same of the fitted one, edges included. */
const FITTED_AGREES = 0.78;
const TURNS = 12;
/** A module measured along the rows is up to 1.4 times its size in a turned code. */
const SHARES = [1, 0.86, 0.73] as const;
/** Samples along a side of the finder when it is fitted, and modules between them: 3.6 modules to each side. */
const FINE = 13;
const FINE_STEP = 0.6;

export interface FittedFinder {
  readonly middle: Corner;
  readonly u: Corner;
  readonly v: Corner;
}

/**
 * A finder near `middle`, of about `module` pixels a module: its middle and its steps to the next column and row.
 * `sign` is −1 for dark on light. Undefined where there is none.
 */
export function fitFinder(
  plane: PlaneSampler,
  guess: Corner,
  measured: number,
  sign: number,
): FittedFinder | undefined {
  let least = FINDER_AGREES;
  let [angle, module] = [0, 0];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const tried = (turn * Math.PI) / 2 / TURNS;
    for (const share of SHARES) {
      const agreement = finderAgreement(plane, guess, measured * share, tried) * sign;
      if (agreement <= least) continue;
      least = agreement;
      [angle, module] = [tried, measured * share];
    }
  }
  if (module === 0) return undefined;
  const [cos, sin] = [Math.cos(angle) * module, Math.sin(angle) * module];
  const fit = [guess.x, guess.y, cos, sin, -sin, cos];
  let best = fineAgreement(plane, fit) * sign;
  for (const step of [0.1, 0.05, 0.025]) {
    for (let round = 0; round < 3; round += 1) {
      const before = best;
      for (let k = 0; k < 6; k += 1) {
        const size = step * module * (k < 2 ? 3 : 1);
        for (const way of [size, -size]) {
          fit[k]! += way;
          const value = fineAgreement(plane, fit) * sign;
          if (value > best) {
            best = value;
            break;
          }
          fit[k]! -= way;
        }
      }
      if (best - before < 1e-3) break;
    }
  }
  if (best < FITTED_AGREES) return undefined;
  const [x = 0, y = 0, ux = 0, uy = 0, vx = 0, vy = 0] = fit;
  return { middle: { x, y }, u: { x: ux, y: uy }, v: { x: vx, y: vy } };
}

/** Correlation with the finder at three samples every two modules: on the edges the size is told. */
function fineAgreement(plane: PlaneSampler, [x = 0, y = 0, ux = 0, uy = 0, vx = 0, vy = 0]: readonly number[]): number {
  let [sum, squares, dark, product] = [0, 0, 0, 0];
  for (let row = 0; row < FINE; row += 1) {
    const b = (row - (FINE - 1) / 2) * FINE_STEP;
    for (let column = 0; column < FINE; column += 1) {
      const a = (column - (FINE - 1) / 2) * FINE_STEP;
      const p = plane.at(x + a * ux + b * vx, y + a * uy + b * vy);
      const ring = Math.max(Math.abs(a), Math.abs(b));
      const expected = ring < 1.5 || (ring > 2.5 && ring < 3.5) ? 1 : 0;
      sum += p;
      squares += p * p;
      dark += expected;
      product += p * expected;
    }
  }
  const n = FINE * FINE;
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  return variance < 1 ? 0 : (product - (sum * dark) / n) / Math.sqrt(variance);
}

function finderAgreement(plane: PlaneSampler, middle: Corner, module: number, angle: number): number {
  const [cos, sin] = [Math.cos(angle) * module, Math.sin(angle) * module];
  let [n, sum, squares, dark, product] = [0, 0, 0, 0, 0];
  for (let y = -3; y <= 3; y += 1) {
    for (let x = -3; x <= 3; x += 1) {
      const p = plane.at(middle.x + x * cos - y * sin, middle.y + x * sin + y * cos);
      const expected = Math.max(Math.abs(x), Math.abs(y)) === 2 ? 0 : 1;
      n += 1;
      sum += p;
      squares += p * p;
      dark += expected;
      product += p * expected;
    }
  }
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  return variance < 1 ? 0 : (product - (sum * dark) / n) / Math.sqrt(variance);
}
