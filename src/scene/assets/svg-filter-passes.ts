/** Measured cost of a primitive in passes over its pixels; others take one pass. */
const PASSES: Readonly<Record<string, number>> = {
  fegaussianblur: 3,
  feturbulence: 2,
  fediffuselighting: 3,
  fespecularlighting: 3,
  fedisplacementmap: 14,
  fedropshadow: 6,
  fecomponenttransfer: 2,
  feimage: 2,
};
/** librsvg caps the octaves of its noise there. */
const MAX_OCTAVES = 9;
/** Convolution matrix cells that cost one pass. */
const CELLS_A_PASS = 3;

/**
 * Passes of a filter primitive over the picture; 0 for other elements.
 *
 * @param scale pixels per unit of the drawing
 */
export function filterPasses(name: string, attributes: ReadonlyMap<string, string>, scale: number): number {
  // A primitive's children (feFuncA, feMergeNode, lights) share its pass.
  if (!name.startsWith('fe') || name.startsWith('fefunc') || name.endsWith('light') || name === 'femergenode') return 0;
  const numbers = (attribute: string): number[] =>
    (attributes.get(attribute)?.match(/[\d.]+(?:e\d+)?/gi) ?? []).map(Number).filter(Number.isFinite);
  switch (name) {
    case 'femorphology':
      return 1 + Math.max(0, ...numbers('radius')) * scale;
    case 'feconvolvematrix': {
      const [columns = 3, rows = columns] = numbers('order');
      return 1 + (columns * rows) / CELLS_A_PASS;
    }
    case 'feturbulence':
      return PASSES['feturbulence']! * Math.min(MAX_OCTAVES, Math.max(1, numbers('numoctaves')[0] ?? 1));
    default:
      return PASSES[name] ?? 1;
  }
}
