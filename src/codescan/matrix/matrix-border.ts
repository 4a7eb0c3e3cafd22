import type { ColourRegion } from '../chroma/colour-region.js';

/*
 * The border of a wide Data Matrix (ISO/IEC 16022), two solid sides, two that alternate and a quiet zone of a module, laid on samples
 * of chroma: each shows the modules within half a sample of it. Where the border lies, the modules within it follow.
 */

/** Rows, columns, and regions in a row, each with a border of its own. */
const SYMBOLS = [
  [8, 18, 1],
  [8, 32, 2],
  [12, 26, 1],
  [12, 36, 2],
  [16, 36, 2],
  [16, 48, 2],
] as const;
/** Modules around the symbol that are known to be light. */
export const QUIET = 1;
/** Half the width over which a sample averages. */
const HALF_SAMPLE = 0.55;
/** Steps of the search for the best place, in samples, halved each time; the radians that go with the first; and how often each is gone. */
const STEPS = [0.4, 0.2, 0.1, 0.05] as const;
const TURN = 0.04;
const MAX_ROUNDS = 6;
/** Samples that are compared, and of the alternating sides. */
const MIN_SAMPLES = 30;
const MIN_TIMED = 12;
/** Shares of a sample: of modules that are unknown, and of those that alternate. */
const MAX_UNKNOWN = 0.4;
const MIN_ALTERNATING = 0.3;
/** Steps in which modules are told from samples, and how far each goes. */
const SOLVING_ROUNDS = 60;
const SOLVING_STEP = 1.6;

/** A symbol's modules with its quiet zone: 1 dark, 0 light, −1 unknown; and which belong to sides that alternate. */
export interface Border {
  readonly rows: number;
  readonly columns: number;
  readonly modules: Int8Array;
  readonly timing: Uint8Array;
}

export const BORDERS: readonly Border[] = SYMBOLS.map(([rows, columns, regions]) => {
  const width = columns + 2 * QUIET;
  const modules = new Int8Array(width * (rows + 2 * QUIET));
  const timing = new Uint8Array(modules.length);
  const wide = columns / regions;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const at = (y + QUIET) * width + x + QUIET;
      const column = x % wide;
      const solid = column === 0 || y === rows - 1;
      timing[at] = !solid && (y === 0 || column === wide - 1) ? 1 : 0;
      modules[at] = solid ? 1 : y === 0 ? 1 - (column & 1) : column === wide - 1 ? y & 1 : -1;
    }
  }
  return { rows, columns, modules, timing };
});

/** Where a symbol lies: its middle, in samples from the place's middle along its longer side and across it. */
export interface Pose {
  readonly angle: number;
  readonly along: number;
  readonly across: number;
  readonly module: number;
}

/**
 * How samples lie on the modules of a symbol and its quiet zone: (dx, dy) from the place's middle is in column dx·c + dy·s + u0 and row
 * dy·c − dx·s + v0 of width × height.
 */
function gridAt({ rows, columns }: Border, { angle, along, across, module }: Pose) {
  const perSample = 1 / module;
  return {
    c: Math.cos(angle) * perSample,
    s: Math.sin(angle) * perSample,
    u0: columns / 2 + QUIET - along * perSample,
    v0: rows / 2 + QUIET - across * perSample,
    width: columns + 2 * QUIET,
    height: rows + 2 * QUIET,
  };
}

/** The samples around a place. */
export class Samples {
  private readonly dx: number[] = [];
  private readonly dy: number[] = [];
  private readonly values: number[] = [];

  /** Those within `along` and `across` of its middle. */
  constructor(region: ColourRegion, angle: number, along: number, across: number) {
    const { width, height, values, middleX, middleY } = region;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [dx, dy] = [x - middleX, y - middleY];
        if (Math.abs(dx * c + dy * s) > along || Math.abs(dy * c - dx * s) > across) continue;
        this.dx.push(dx);
        this.dy.push(dy);
        this.values.push(values[y * width + x]!);
      }
    }
  }

  /** Correlation with the modules that the samples' middles are in. */
  roughly(border: Border, pose: Pose): number {
    const { modules } = border;
    const { dx, dy, values } = this;
    const { c, s, u0, v0, width, height } = gridAt(border, pose);
    let [n, dark, sy, syy, sxy] = [0, 0, 0, 0, 0];
    for (let i = 0; i < values.length; i += 1) {
      const u = dx[i]! * c + dy[i]! * s + u0;
      const v = dy[i]! * c - dx[i]! * s + v0;
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      const module = modules[(v | 0) * width + (u | 0)]!;
      if (module < 0) continue;
      const value = values[i]!;
      n += 1;
      dark += module;
      sy += value;
      syy += value * value;
      sxy += module * value;
    }
    const spread = (n * dark - dark * dark) * (n * syy - sy * sy);
    return spread <= 0 ? 0 : (n * sxy - dark * sy) / Math.sqrt(spread);
  }

  /** Correlation with a border at a pose; of its alternating sides only. What is unknown is taken for a mixture. */
  agrees(border: Border, pose: Pose, timingOnly = false): number {
    const { modules, timing } = border;
    const { dx, dy, values } = this;
    const { c, s, u0, v0, width, height } = gridAt(border, pose);
    const reach = HALF_SAMPLE / pose.module;
    const area = 4 * reach * reach;
    let [n, w, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < values.length; i += 1) {
      const u = dx[i]! * c + dy[i]! * s + u0;
      const v = dy[i]! * c - dx[i]! * s + v0;
      const [left, top, right, bottom] = [u - reach, v - reach, u + reach, v + reach];
      if (left < 0 || top < 0 || right >= width || bottom >= height) continue;
      let [ink, alternates, unknown] = [0, 0, 0];
      for (let y = Math.floor(top); y < bottom; y += 1) {
        const h = Math.min(bottom, y + 1) - Math.max(top, y);
        for (let x = Math.floor(left); x < right; x += 1) {
          const share = h * (Math.min(right, x + 1) - Math.max(left, x));
          const at = y * width + x;
          const module = modules[at]!;
          if (module < 0) unknown += share;
          else ink += share * module;
          alternates += share * timing[at]!;
        }
      }
      if (unknown > MAX_UNKNOWN * area || (timingOnly && alternates < MIN_ALTERNATING * area)) continue;
      const a = (ink + unknown / 2) / area;
      const weight = 1 - unknown / area / MAX_UNKNOWN;
      const value = values[i]!;
      n += 1;
      w += weight;
      sx += weight * a;
      sy += weight * value;
      sxx += weight * a * a;
      syy += weight * value * value;
      sxy += weight * a * value;
    }
    const spread = (w * sxx - sx * sx) * (w * syy - sy * sy);
    if ((timingOnly ? n < MIN_TIMED : w < MIN_SAMPLES) || spread <= 0) return 0;
    return (w * sxy - sx * sy) / Math.sqrt(spread);
  }

  /**
   * The modules at a pose, 1 dark, as the samples show them: those that are unknown are moved, all together and step by step, to
   * where the samples agree with what lies within half a sample of them.
   */
  modulesAt(border: Border, pose: Pose): Float64Array {
    const { modules } = border;
    const { dx, dy, values } = this;
    const { c, s, u0, v0, width, height } = gridAt(border, pose);
    const reach = HALF_SAMPLE / pose.module;
    const area = 4 * reach * reach;
    // By sample: its value, then pairs of a module and its share.
    const shares: number[][] = [];
    const reached = new Float64Array(modules.length);
    let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
    for (let i = 0; i < values.length; i += 1) {
      const u = dx[i]! * c + dy[i]! * s + u0;
      const v = dy[i]! * c - dx[i]! * s + v0;
      const [left, top, right, bottom] = [u - reach, v - reach, u + reach, v + reach];
      if (left < 0 || top < 0 || right >= width || bottom >= height) continue;
      const list = [values[i]!];
      let [ink, known] = [0, true];
      for (let y = Math.floor(top); y < bottom; y += 1) {
        const h = Math.min(bottom, y + 1) - Math.max(top, y);
        for (let x = Math.floor(left); x < right; x += 1) {
          const share = (h * (Math.min(right, x + 1) - Math.max(left, x))) / area;
          const at = y * width + x;
          list.push(at, share);
          reached[at]! += share;
          if (modules[at]! < 0) known = false;
          else ink += share * modules[at]!;
        }
      }
      shares.push(list);
      if (!known) continue;
      n += 1;
      sx += ink;
      sy += list[0]!;
      sxx += ink * ink;
      sxy += ink * list[0]!;
    }
    // The tones of light and dark follow from what is known.
    const gain = (n * sxy - sx * sy) / Math.max(1e-6, n * sxx - sx * sx);
    const base = (sy - gain * sx) / Math.max(1, n);
    const solved = Float64Array.from(modules, (m) => (m < 0 ? 0.5 : m));
    const moves = new Float64Array(modules.length);
    for (let round = 0; round < SOLVING_ROUNDS; round += 1) {
      moves.fill(0);
      for (const list of shares) {
        let rest = (list[0]! - base) / gain;
        for (let k = 1; k < list.length; k += 2) rest -= list[k + 1]! * solved[list[k]!]!;
        for (let k = 1; k < list.length; k += 2) moves[list[k]!]! += list[k + 1]! * rest;
      }
      for (let at = 0; at < solved.length; at += 1) {
        if (modules[at]! >= 0 || reached[at] === 0) continue;
        solved[at] = Math.min(1, Math.max(0, solved[at]! + (SOLVING_STEP * moves[at]!) / reached[at]!));
      }
    }
    return solved;
  }

  /** The best pose near one, step by step. */
  fit(border: Border, from: Pose, sign: number): { pose: Pose; agreed: number } {
    let pose = from;
    let agreed = sign * this.agrees(border, pose);
    for (const step of STEPS) {
      const turn = (TURN * step) / STEPS[0];
      const grow = step / border.columns;
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const before = agreed;
        for (const [du, dv, dm, dt] of [
          [step, 0, 0, 0],
          [0, step, 0, 0],
          [0, 0, grow, 0],
          [0, 0, 0, turn],
        ] as const) {
          for (const way of [1, -1]) {
            const next = {
              along: pose.along + way * du,
              across: pose.across + way * dv,
              module: pose.module + way * dm,
              angle: pose.angle + way * dt,
            };
            const better = sign * this.agrees(border, next);
            if (better <= agreed) continue;
            pose = next;
            agreed = better;
          }
        }
        if (agreed === before) break;
      }
    }
    return { pose, agreed };
  }
}
