// Reads the import graph of a checkout from its import statements.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s*'(\.[^']+)'|\bimport\('(\.[^']+)'\)|new URL\('(\.[^']+\.js)', import\.meta\.url\)/g;

/** @returns {Map<string, { text: string, imports: { file: string, type: boolean }[] }>} by path relative to `root` */
export function sourceGraph(root, folder = 'src') {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const known = new Set(files);
  const graph = new Map();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [];
    for (const [, type, from, lazy, url] of text.matchAll(STATEMENT)) {
      const path = posix.join(posix.dirname(file), from ?? lazy ?? url);
      const found = [path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx'), path].find((one) => known.has(one));
      if (found !== undefined) imports.push({ file: found, type: type !== undefined });
    }
    graph.set(file, { text, imports });
  }
  return graph;
}

/** Groups of modules that import each other in a circle, type-only imports included. */
export function importCircles(graph) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const open = new Set();
  const circles = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    open.add(file);
    for (const next of graph.get(file).imports) {
      if (!order.has(next.file)) visit(next.file);
      if (open.has(next.file)) low.set(file, Math.min(low.get(file), low.get(next.file)));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.lastIndexOf(file));
    for (const one of circle) open.delete(one);
    if (circle.length > 1) circles.push(circle.sort((a, b) => (a < b ? -1 : 1)));
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
