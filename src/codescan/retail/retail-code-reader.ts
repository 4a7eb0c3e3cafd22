import type { CodeReader } from '../code-reader.js';

export const retailCodeReader: CodeReader = {
  name: 'retail',
  formats: ['EAN', 'UPC', 'Code 128', 'Code 39', 'ITF'],
  method: 'areas of bars, upright, turned by a quarter and slanted',
  isOption: true,
  gains: [],
};
