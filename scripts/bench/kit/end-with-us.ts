import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

const children = new Set<ChildProcess>();
const SIGNALS = ['SIGTERM', 'SIGHUP'] as const;
/** Ample time for a room to close. */
const PATIENCE_MS = 8000;

/**
 * Ends a child when this process is signalled or exits. Otherwise `timeout`, a CI job or a closed terminal would end a
 * bench and leave its room on air, where it takes CPU from the next measurement. Ctrl-C needs nothing: a terminal
 * interrupts the whole group.
 */
export function endWithUs(child: ChildProcess): void {
  if (children.size === 0) {
    for (const signal of SIGNALS) process.once(signal, end);
    process.once('exit', kill);
  }
  children.add(child);
  child.once('close', () => {
    children.delete(child);
    if (children.size > 0) return;
    for (const signal of SIGNALS) process.removeListener(signal, end);
    process.removeListener('exit', kill);
  });
}

function end(signal: NodeJS.Signals): void {
  const closed = [...children].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of children) child.kill('SIGTERM');
  const leave = (): never => process.exit(128 + constants.signals[signal]);
  void Promise.all(closed).then(leave);
  setTimeout(leave, PATIENCE_MS);
}

function kill(): void {
  for (const child of children) child.kill('SIGKILL');
}
