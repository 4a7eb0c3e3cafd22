import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readTree } from './process-tree.js';

/** Memory of an engine and its children by use. */
export const MEMORY_CLASSES = [
  'V8 heaps',
  'C heap',
  'large blocks',
  'compiled code',
  'voice process',
  'encoder processes',
  'files',
] as const;
export type MemoryClass = (typeof MEMORY_CLASSES)[number];

export interface TreeMemory {
  /** Anonymous pages of all its processes, and the pages of mapped files counted once. */
  readonly totalMiB: number;
  readonly classes: Readonly<Record<MemoryClass, number>>;
}

export interface Mapping {
  readonly begin: number;
  readonly end: number;
  readonly permissions: string;
  /** Empty when anonymous. */
  readonly name: string;
  readonly anonymousKiB: number;
  readonly fileKiB: number;
}

/** The mappings in the text of /proc/PID/smaps. */
export function readMappings(smaps: string): Mapping[] {
  const found: Mapping[] = [];
  let current: Omit<Mapping, 'anonymousKiB' | 'fileKiB'> | undefined;
  let residentKiB = 0;
  for (const line of smaps.split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (head !== null) {
      current = { begin: Number(`0x${head[1]}`), end: Number(`0x${head[2]}`), permissions: head[3]!, name: head[4]! };
    } else if (line.startsWith('Rss:')) {
      residentKiB = Number(/\d+/.exec(line)![0]);
    } else if (line.startsWith('Anonymous:') && current !== undefined) {
      const anonymousKiB = Number(/\d+/.exec(line)![0]);
      found.push({ ...current, anonymousKiB, fileKiB: residentKiB - anonymousKiB });
      current = undefined;
    }
  }
  return found;
}

/** V8 allocates pages of this size at multiples of it; malloc allocates blocks of any size. */
const V8_PAGE = 256 << 10;
/** Start addresses of glibc's further arenas. */
const ARENA = 64 << 20;

/** The use of an anonymous mapping of the engine's own process. */
export function classOf({ begin, end, permissions, name }: Mapping): MemoryClass {
  if (name === '[heap]') return 'C heap';
  if (permissions.includes('x')) return 'compiled code';
  if (name !== '') return 'large blocks';
  if (begin % ARENA === 0) return 'C heap';
  return begin % V8_PAGE === 0 && (end - begin) % V8_PAGE === 0 ? 'V8 heaps' : 'large blocks';
}

/** Memory of a process and all below it by use, from /proc (Linux). */
export function treeMemory(root: number): TreeMemory {
  const kib = Object.fromEntries(MEMORY_CLASSES.map((name) => [name, 0])) as Record<MemoryClass, number>;
  const files = new Map<string, number>();
  for (const pid of readTree(root).pids) {
    let mappings: Mapping[];
    let program: string;
    try {
      mappings = readMappings(readFileSync(`/proc/${pid}/smaps`, 'utf8'));
      program = basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]!);
    } catch {
      continue; // it ended between the listing and the reading
    }
    const own = new Map<string, number>();
    for (const mapping of mappings) {
      const name: MemoryClass =
        pid === root ? classOf(mapping) : program === 'ffmpeg' ? 'encoder processes' : 'voice process';
      kib[name] += mapping.anonymousKiB;
      if (mapping.fileKiB > 0) own.set(mapping.name, (own.get(mapping.name) ?? 0) + mapping.fileKiB);
    }
    // Processes share pages of a file, so the process with the largest part has nearly all.
    for (const [name, size] of own) files.set(name, Math.max(files.get(name) ?? 0, size));
  }
  for (const size of files.values()) kib.files += size;
  const classes = Object.fromEntries(MEMORY_CLASSES.map((name) => [name, kib[name] / 1024])) as TreeMemory['classes'];
  return { totalMiB: MEMORY_CLASSES.reduce((sum, name) => sum + classes[name], 0), classes };
}
