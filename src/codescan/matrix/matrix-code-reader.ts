import type { CodeReader } from '../code-reader.js';

export const matrixCodeReader: CodeReader = {
  name: 'matrix',
  formats: ['Data Matrix', 'Aztec'],
  method: 'regions made of cells: enlarged, closed, sharpened, blurred, by the histogram',
  costMs: 0.47,
  gains: [
    { set: 'placed', codes: 179, found: 162, without: 156 },
    { set: 'generated', codes: 253, found: 251, without: 250 },
  ],
};
