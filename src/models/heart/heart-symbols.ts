import { readFileSync } from 'node:fs';
import { modelFile } from '../onnx.js';

let vocabulary: Readonly<Record<string, number>> | undefined;

/** The network's numbers of symbols, one a code point; 0 (a pause) for one that it does not know. */
export function heartSymbols(symbols: string): number[] {
  vocabulary ??= JSON.parse(readFileSync(modelFile('heart', 'vocab.json'), 'utf8')) as Record<string, number>;
  return Array.from(symbols, (symbol) => vocabulary![symbol] ?? 0);
}
