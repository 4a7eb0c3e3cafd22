import type { CodeReader } from '../code-reader.js';

export const roundCodeReader: CodeReader = {
  name: 'WeChat round',
  formats: ['WeChat mini program code'],
  method: 'ring markers, and spokes at equal angles; no library reads them',
  gains: [{ set: 'generated', codes: 14, found: 14, without: 0 }],
};
