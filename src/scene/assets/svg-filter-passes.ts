/** Cost of a primitive in passes over its pixels, as measured; what is not named takes one. */
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
/** librsvg ends the octaves of its noise there. */
const MAX_OCTAVES = 9;
/** Cells of a convolution's matrix for the cost of one pass. */
const CELLS_A_PASS = 3;

/**
 * How many passes over the picture a filter primitive takes; 0 for an element that is none.
 * @param scale pixels for one unit of the drawing
 */
export function filterPasses(name: string, attributes: ReadonlyMap<string, string>, scale: number): number {
  // The children of a primitive (feFuncA, feMergeNode, lights) have their pass in common with it.
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
