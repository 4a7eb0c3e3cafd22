import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends a process and everything below it, stopped ones too. The root is frozen first, so that it starts nothing while
 * its children are listed; encoders and senders lead sessions of their own, so a signal to a group would miss them.
 */
export function endTree(root: number): void {
  if (!send(root, 'SIGSTOP')) return;
  for (const pid of below(root).reverse()) send(pid, 'SIGKILL');
  send(root, 'SIGKILL');
}

/** All processes below one, parents before children. */
export function below(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of processes()) {
    const pid = Number(name);
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const next = [root];
  for (let pid = next.shift(); pid !== undefined; pid = next.shift()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      next.push(child);
    }
  }
  return found;
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // no /proc: children end with their pipes
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // it ended between the listing and the reading
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false; // it has ended
  }
}
