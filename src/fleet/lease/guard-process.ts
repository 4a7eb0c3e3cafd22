/**
 * Ends rooms whose lease is over, whatever happens to the worker.
 *
 * Problem: a worker that is frozen, killed or busy cannot end its rooms, and a frozen room cannot end itself; its sockets
 * would stay open while another worker publishes the same key.
 * Rule: this process starts the engines and holds a deadline for each on the machine's own clock. Only the worker's
 * renewals move a deadline. At the deadline the engine and everything below it are killed, which closes their sockets.
 * The engines hear each renewal on their standard input and hold the same deadline, so that they also end when this
 * process is frozen or killed. Without its worker the guard waits for the last deadline, then ends.
 * Numbers: a look every 40 ms; a sign of life every half second.
 */
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { bootMs } from '../../core/boot-clock.js';
import { OWNER_ONLY_FILE } from '../../core/files/own-folder.js';
import { spawnApart } from '../../core/processes/child-process.js';
import { endTree } from './end-tree.js';
import type { FromGuard, Launch, LeaseLine, ToGuard } from './guard-protocol.js';

interface Guarded {
  readonly child: ChildProcess;
  lease: LeaseLine;
  how: 'by-itself' | 'asked' | 'lease-over';
  /** Killed at this time although its lease goes on. */
  killMs: number;
}

const LOOK_MS = 40;
const ALIVE_MS = 500;
const guarded = new Map<string, Guarded>();

function tell(message: FromGuard): void {
  if (process.connected) process.send!(message);
}

function launch({ room, program, args, folder, env, logFile, lease }: Launch): void {
  if (guarded.has(room)) return;
  let log: number;
  try {
    log = openSync(logFile, 'a', OWNER_ONLY_FILE);
  } catch (error) {
    tell({ kind: 'ended', room, how: 'by-itself', words: `no log file: ${String(error)}` });
    return;
  }
  const child = spawnApart(program, args, { cwd: folder, stdio: ['pipe', log, log], env });
  closeSync(log);
  const one: Guarded = { child, lease, how: 'by-itself', killMs: Infinity };
  guarded.set(room, one);
  const ended = (words: string): void => {
    if (guarded.get(room) !== one) return;
    guarded.delete(room);
    tell({ kind: 'ended', room, how: one.how, words });
  };
  child.once('error', (error) => ended(error.message));
  child.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : signal));
  // An engine that ends while a lease is written to it.
  child.stdin!.on('error', () => undefined);
  hear(one, lease);
  if (child.pid !== undefined) tell({ kind: 'launched', room, pid: child.pid });
}

function hear(one: Guarded, lease: LeaseLine): void {
  one.lease = lease;
  const { stdin } = one.child;
  // A frozen engine reads nothing; its lines must not pile up here.
  if (stdin !== null && stdin.writableLength < 4096) stdin.write(`${JSON.stringify(lease)}\n`);
}

process.on('message', (message: ToGuard) => {
  if (message.kind === 'launch') return launch(message.launch);
  if (message.kind === 'renew') {
    for (const [room, lease] of Object.entries(message.leases)) {
      const one = guarded.get(room);
      if (one !== undefined) hear(one, lease);
    }
    return;
  }
  const one = guarded.get(message.room);
  if (one === undefined) return tell({ kind: 'ended', room: message.room, how: 'asked', words: 'not running' });
  one.how = 'asked';
  if (message.kind === 'end') {
    one.killMs = bootMs() + message.withinMs;
    one.child.kill('SIGTERM');
  } else if (one.child.pid !== undefined) endTree(one.child.pid);
});

setInterval(() => {
  const nowMs = bootMs();
  for (const one of guarded.values()) {
    const { pid } = one.child;
    if (pid === undefined || nowMs < Math.min(one.lease.untilMs, one.killMs)) continue;
    if (one.how === 'by-itself') one.how = 'lease-over';
    endTree(pid);
  }
  if (!process.connected && guarded.size === 0) process.exit(0);
}, LOOK_MS);
setInterval(() => tell({ kind: 'alive' }), ALIVE_MS);

// A terminal's Ctrl-C and a stop of the service reach the worker, which ends the rooms in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
