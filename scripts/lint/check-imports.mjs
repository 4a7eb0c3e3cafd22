// Holds src/ to the table in arrows.json: imports point down a floor, a folder with doors is entered through them only,
// no folder exceeds its maximum, nothing imports in a circle, and files of the frame path never wait or allocate late.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCircles, sourceGraph } from './source-graph.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const FRAME_PATH = '// frame path';
/** Work that must not happen between two frames. */
const NOT_ON_FRAME_PATH = [
  [/\bJSON\./, 'JSON'],
  [/\bawait\b/, 'await'],
  [/\basync\b/, 'async'],
  [/\bfrom 'zod'/, 'zod'],
  [/\bconsole\./, 'console'],
  [/\bfrom 'pino'/, 'logging'],
];

/** Modules that the entry loads at run time; type-only imports are left out. */
function reachedFrom(graph, entry) {
  const reached = new Set(graph.has(entry) ? [entry] : []);
  for (const file of reached) for (const next of graph.get(file).imports) if (!next.type) reached.add(next.file);
  return reached;
}

const topOf = (file) => file.split('/')[1];

/** @returns {string[]} one sentence per fault, sorted by file */
export function importFaults(root, table = JSON.parse(readFileSync(join(here, 'arrows.json'), 'utf8'))) {
  const graph = sourceGraph(root);
  const floor = new Map(table.floors.flatMap((folders, level) => folders.map((folder) => [folder, level])));
  const faults = [];
  const counts = new Map();
  const reached = reachedFrom(graph, table.framePath.entry);
  for (const [file, { text, imports }] of graph) {
    const folder = topOf(file);
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    if (!floor.has(folder)) faults.push(`${file}: src/${folder} is not in scripts/lint/arrows.json`);
    for (const { file: target } of imports) {
      const other = topOf(target);
      if (other === folder) continue;
      if (floor.get(other) <= floor.get(folder))
        faults.push(`${file}: imports ${target}; imports point down, and folders on one floor never import each other`);
      const doors = table.doors[other];
      if (doors !== undefined && !doors.includes(target.slice(`src/${other}/`.length)))
        faults.push(`${file}: imports ${target}; enter src/${other} by ${doors.join(', ')}`);
    }
    if (!text.startsWith(FRAME_PATH)) {
      if (reached.has(file) && !table.framePath.unmarked.includes(file))
        faults.push(`${file}: reached from ${table.framePath.entry}, so its first line is "${FRAME_PATH}"`);
      continue;
    }
    const code = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '');
    for (const [pattern, name] of NOT_ON_FRAME_PATH)
      if (pattern.test(code)) faults.push(`${file}: ${name} on the frame path`);
  }
  for (const [folder, count] of counts)
    if (count > table.maxSourcesInFolder) faults.push(`${folder}: ${count} files, at most ${table.maxSourcesInFolder}`);
  for (const circle of importCircles(graph)) faults.push(`${circle[0]}: imports in a circle: ${circle.join(', ')}`);
  return faults.sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = importFaults(dirname(dirname(here)));
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length === 0) process.stdout.write('imports: no fault\n');
  process.exitCode = faults.length === 0 ? 0 : 1;
}
