// Holds src/ to the table in arrows.json: imports point down a floor, a folder with doors is entered through them only,
// nothing imports in a circle, and files of the frame path never wait or allocate late.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCircles, sourceGraph } from './source-graph.mjs';

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

/** Scripts share what tests use through the test kit alone. */
function scriptFaults(root) {
  const folder = join(root, 'scripts');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.m?[jt]s$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from\s*|import\(\s*)'(\.[^']+)'/g)]
        .map(([, path]) => posix.join(posix.dirname(file), path))
        .filter((target) => target.startsWith('test/') && !target.startsWith('test/kit/'))
        .map((target) => `${file}: imports ${target}; scripts import test/kit only`),
    );
}

const topOf = (file) => file.split('/')[1];

/** @returns {string[]} one sentence a fault, sorted by file */
export function importFaults(
  root,
  table = JSON.parse(readFileSync(join(root, 'scripts', 'lint', 'arrows.json'), 'utf8')),
) {
  const graph = sourceGraph(root);
  const floor = new Map(table.floors.flatMap((folders, level) => folders.map((folder) => [folder, level])));
  const faults = [];
  const reached = reachedFrom(graph, table.framePath.entry);
  for (const [file, { text, imports }] of graph) {
    const folder = topOf(file);
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
  for (const circle of importCircles(graph)) faults.push(`${circle[0]}: imports in a circle: ${circle.join(', ')}`);
  faults.push(...scriptFaults(root));
  return faults.sort((a, b) => (a < b ? -1 : 1));
}

// By its name: joined into a test this module has the test's address.
if (process.argv[1]?.endsWith('check-imports.mjs')) {
  const faults = importFaults(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length === 0) process.stdout.write('imports: no fault\n');
  process.exitCode = faults.length === 0 ? 0 : 1;
}
