import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bootMs } from '../../core/boot-clock.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { forkChild } from '../../core/processes/child-process.js';
import { endTree } from './end-tree.js';
import type { FromGuard, Launch, LeaseLine, ToGuard } from './guard-protocol.js';

export interface GuardEvents {
  onLaunched(room: string, pid: number): void;
  onEnded(room: string, how: 'by-itself' | 'asked' | 'lease-over', words: string): void;
}

/** Without a sign of life for so long a guard is frozen. */
const SILENT_MS = 4000;

/**
 * A worker's side of its guard. A guard that is frozen is killed, one that died is started again; the engines that it had
 * are killed with it, since nobody would enforce their leases but they themselves.
 */
export class Guard implements Closeable {
  private child: ChildProcess;
  private readonly rooms = new Set<string>();
  private readonly pids = new Map<string, number>();
  private aliveMs = bootMs();
  private readonly timer: NodeJS.Timeout;
  private isClosed = false;

  constructor(
    private readonly events: GuardEvents,
    private readonly log: Log,
  ) {
    this.child = this.fork();
    this.timer = setInterval(() => {
      if (bootMs() - this.aliveMs > SILENT_MS) this.child.kill('SIGKILL');
    }, 500);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  launch(launch: Launch): void {
    this.rooms.add(launch.room);
    this.send({ kind: 'launch', launch });
  }

  renew(leases: Readonly<Record<string, LeaseLine>>): void {
    if (Object.keys(leases).length > 0) this.send({ kind: 'renew', leases });
  }

  end(room: string, withinMs: number): void {
    this.send({ kind: 'end', room, withinMs });
  }

  kill(room: string): void {
    this.send({ kind: 'kill', room });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    if (this.child.connected) this.child.disconnect();
  }

  private send(message: ToGuard): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private fork(): ChildProcess {
    const isSource = import.meta.url.endsWith('.ts');
    const built = new URL('./guard-process.js', import.meta.url);
    const child = forkChild(fileURLToPath(isSource ? built.href.replace(/\.js$/, '.ts') : built), [], {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: isSource ? [`--import=${import.meta.resolve('tsx')}`] : ['--max-old-space-size=64'],
    });
    // Also after this process itself was frozen: only what is said from now on counts.
    this.aliveMs = bootMs() + SILENT_MS;
    child.on('message', (message: FromGuard) => {
      this.aliveMs = bootMs();
      if (message.kind === 'alive') return;
      if (message.kind === 'launched') {
        this.pids.set(message.room, message.pid);
        return this.events.onLaunched(message.room, message.pid);
      }
      this.rooms.delete(message.room);
      this.pids.delete(message.room);
      this.events.onEnded(message.room, message.how, message.words);
    });
    child.once('exit', (code, signal) => {
      if (this.isClosed) return;
      this.log.error({ code, signal, rooms: [...this.rooms] }, 'the guard ended; its rooms are started again');
      const lost = [...this.rooms];
      for (const pid of this.pids.values()) endTree(pid);
      this.rooms.clear();
      this.pids.clear();
      this.child = this.fork();
      for (const room of lost) this.events.onEnded(room, 'by-itself', 'its guard ended');
    });
    return child;
  }
}
