import { readdirSync, readFileSync } from 'node:fs';
import type { TreeMemory } from '../kit/tree-memory.js';

export interface Sample {
  /** Hours since the beginning, of media or of real time. */
  readonly hours: number;
  readonly rssMiB: number;
  /** Heap and external memory after a collection; absent where it is not available. */
  readonly heapMiB?: number;
  readonly handles: number;
  readonly threads: number;
  /** Of the process and all below it, by use. */
  readonly tree?: TreeMemory;
}

export const openHandles = (pid: number | 'self'): number => readdirSync(`/proc/${pid}/fd`).length;

export function statusOf(pid: number | 'self'): { rssMiB: number; threads: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { rssMiB: number('VmRSS') / 1024, threads: number('Threads') };
}

export interface Trend {
  /** Slope of the least-squares line, per hour. */
  readonly slope: number;
  /** Slope over its own standard error: within ±3 it is noise. */
  readonly t: number;
  /** Rise of the line over the whole stretch, as a share of its middle. */
  readonly growth: number;
}

/** The trend of values over hours. */
export function trendOf(points: readonly (readonly [hours: number, value: number])[]): Trend {
  const n = points.length;
  if (n < 8) return { slope: 0, t: 0, growth: 0 };
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  const slope = xy / xx;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const error = Math.sqrt(residual / (n - 2) / xx);
  const span = points.at(-1)![0] - points[0]![0];
  return { slope, t: slope === 0 ? 0 : slope / error, growth: (slope * span) / meanY };
}
