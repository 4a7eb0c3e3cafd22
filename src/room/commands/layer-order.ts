import type { Layer } from '../../config/sections/layer.js';

type Stacked = Pick<Layer, 'id' | 'z' | 'type'>;

/** Room between two layers, so that a later one fits in without a change of the others. */
const STEP = 10;
const MAX_Z = 1000;

/**
 * The heights that put layers in an order, for those alone whose height changes.
 *
 * Rule: named layers take each other's places, the first one the lowest; the others stay between their neighbours. A
 * layer keeps its height while it is above the one below it; equal heights are not used, since those stack by the file.
 */
export function newOrder(sorted: readonly Stacked[], ids: readonly string[]): Map<string, number> {
  const isNamed = new Set(ids);
  const byId = new Map(sorted.map((layer) => [layer.id, layer]));
  const named = ids.flatMap((id) => byId.get(id) ?? []);
  let next = 0;
  // The AI label is above everything whatever its height.
  const wanted = sorted
    .map((layer) => (isNamed.has(layer.id) ? named[next++]! : layer))
    .filter(({ type }) => type !== 'label');
  if (wanted.every((layer, i) => layer === sorted.filter(({ type }) => type !== 'label')[i])) return new Map();
  const kept = spread(wanted, (layer, below) => (layer.z > below ? layer.z : below + 1));
  const heights = kept.every((z) => z <= MAX_Z) ? kept : wanted.map((_, i) => (i - (wanted.length >> 1)) * STEP);
  return new Map(wanted.flatMap(({ id, z }, i) => (heights[i] === z ? [] : [[id, heights[i]!] as const])));
}

function spread(wanted: readonly Stacked[], heightOf: (layer: Stacked, below: number) => number): number[] {
  let below = -MAX_Z - 1;
  return wanted.map((layer) => (below = heightOf(layer, below)));
}
