import { readFileSync } from 'node:fs';
import { pssMiB, readTree } from './process-tree.js';

/** The part that a process plays in a room. */
export type ProcessRole =
  | 'engine'
  | 'video encoder'
  | 'audio encoder'
  | 'reader of words'
  | 'models'
  | 'drawing'
  | 'voice'
  | 'other';

const BY_MODULE: readonly (readonly [RegExp, ProcessRole])[] = [
  [/ocr-process/, 'reader of words'],
  [/model-child/, 'models'],
  [/picture-child/, 'drawing'],
  [/espeak/, 'voice'],
];

/** The role of a process below the engine, from its command line. */
export function roleOf(commandLine: string): ProcessRole {
  if (/rawvideo/.test(commandLine)) return 'video encoder';
  if (/f32le|s16le/.test(commandLine)) return 'audio encoder';
  return BY_MODULE.find(([module]) => module.test(commandLine))?.[1] ?? 'other';
}

export type MemoryByRole = Partial<Record<ProcessRole, number>>;

/** Memory (PSS) of an engine and all below it by role, in MiB. */
function memoryByRole(root: number): MemoryByRole {
  const found: MemoryByRole = {};
  for (const pid of readTree(root).pids) {
    const role = pid === root ? 'engine' : roleOf(commandLineOf(pid));
    const mib = pssMiB(pid);
    if (mib > 0) found[role] = (found[role] ?? 0) + mib;
  }
  return found;
}

export const sumOf = (memory: MemoryByRole): number => Object.values(memory).reduce((sum, mib) => sum + mib, 0);

/** Samples a room's memory until it is stopped: its highest sum with its parts, and the mean. */
export function watchRoles(root: number, intervalMs = 1000): { stop(): { peak: MemoryByRole; meanMiB: number } } {
  let peak: MemoryByRole = {};
  let sum = 0;
  let count = 0;
  const timer = setInterval(() => {
    const now = memoryByRole(root);
    if (sumOf(now) > sumOf(peak)) peak = now;
    sum += sumOf(now);
    count += 1;
  }, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      return { peak, meanMiB: sum / Math.max(1, count) };
    },
  };
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it ended
  }
}
