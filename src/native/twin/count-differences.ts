import type { Kernels } from '../../core/kernels.js';

/** Number of positions at which two equally long buffers differ. */
export const countDifferences: Kernels['countDifferences'] = (a, b) => {
  let count = 0;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) count += 1;
  return count;
};
