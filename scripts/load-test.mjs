// A loading hook of Node.js that start-test.mjs registers in front of tap's: that one sends the text of each imported
// file to the main thread, for coverage and for `--changed`, which are not used here.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export async function load(url, context, nextLoad) {
  const { format } = context;
  if (!url.startsWith('file:') || (format !== 'module' && format !== 'commonjs')) return nextLoad(url, context);
  // Node.js reads CommonJS itself.
  const source = format === 'module' ? readFileSync(fileURLToPath(url)) : null;
  return { format, source, shortCircuit: true };
}
