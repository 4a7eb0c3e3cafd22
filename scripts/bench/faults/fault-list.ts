import type { FaultRoom } from './fault-room.js';

export interface Fault {
  readonly name: string;
  /** The affected output; `encoder`, `whep` and `avatar` do not belong to the supervisor. */
  readonly hits: 'shaken' | 'tape' | 'encoder' | 'whep' | 'avatar';
  begin(room: FaultRoom): void | Promise<void>;
  end(room: FaultRoom): void | Promise<void>;
  /** A state that shows the fault was noticed; undefined where none is expected. */
  readonly noticed?: RegExp;
  readonly noticeWithinMs?: number;
  /** It may go unnoticed, but must not cost the connection. */
  readonly keepsConnection?: boolean;
  readonly holdMs: number;
  /** From the first try after its end until live; from its end where the connection is kept. */
  readonly recoverWithinMs: number;
}

const nothing = (): void => undefined;
const GONE = /backoff|wedged/;

export const FAULTS: readonly Fault[] = [
  {
    name: 'silence without close',
    hits: 'shaken',
    begin: ({ proxy }) => proxy.set({ kind: 'silence' }),
    end: ({ proxy }) => proxy.set({ kind: 'none' }),
    noticed: GONE,
    noticeWithinMs: 5000,
    holdMs: 8000,
    recoverWithinMs: 2000,
  },
  {
    name: 'reset',
    hits: 'shaken',
    begin: ({ proxy }) => proxy.reset(),
    end: nothing,
    noticed: GONE,
    noticeWithinMs: 1000,
    holdMs: 0,
    recoverWithinMs: 2000,
  },
  {
    name: 'latency 200 ms ± 100 ms',
    hits: 'shaken',
    begin: ({ proxy }) => proxy.set({ kind: 'latency', ms: 200, jitterMs: 100 }),
    end: ({ proxy }) => proxy.set({ kind: 'none' }),
    keepsConnection: true,
    holdMs: 10_000,
    recoverWithinMs: 2000,
  },
  {
    name: 'throttle to 300 kbit/s',
    hits: 'shaken',
    begin: ({ proxy }) => proxy.set({ kind: 'throttle', kbps: 300 }),
    end: ({ proxy }) => proxy.set({ kind: 'none' }),
    noticed: /degraded/,
    noticeWithinMs: 10_000,
    keepsConnection: true,
    holdMs: 15_000,
    // The state lasts for five seconds after the last trouble.
    recoverWithinMs: 9000,
  },
  {
    name: 'refusal',
    hits: 'shaken',
    begin: ({ proxy }) => proxy.refuse(),
    end: ({ proxy }) => proxy.listen(),
    noticed: GONE,
    noticeWithinMs: 1000,
    holdMs: 6000,
    recoverWithinMs: 2000,
  },
  {
    name: 'half open',
    hits: 'shaken',
    begin: ({ proxy }) => proxy.set({ kind: 'half-open' }),
    end: ({ proxy }) => proxy.set({ kind: 'none' }),
    noticed: GONE,
    noticeWithinMs: 5000,
    holdMs: 8000,
    recoverWithinMs: 2000,
  },
  {
    name: 'publish rejected',
    hits: 'shaken',
    begin: ({ proxy, rejecting }) => {
      proxy.targetPort = rejecting.port;
      proxy.reset();
    },
    end: ({ proxy, shaken }) => {
      proxy.targetPort = shaken.port;
    },
    noticed: GONE,
    noticeWithinMs: 1000,
    holdMs: 6000,
    recoverWithinMs: 2000,
  },
  {
    name: 'WebRTC loss of 2 %',
    hits: 'whep',
    begin: ({ viewer }) => {
      viewer!.proxy.loss = 0.02;
    },
    end: ({ viewer }) => {
      viewer!.proxy.loss = 0;
    },
    keepsConnection: true,
    holdMs: 10_000,
    recoverWithinMs: 2000,
  },
  {
    name: 'packets of an avatar without end',
    hits: 'avatar',
    begin: (room) => room.flood(),
    end: (room) => room.endFlood(),
    holdMs: 10_000,
    recoverWithinMs: 2000,
  },
  {
    name: 'encoder killed',
    hits: 'encoder',
    begin: (room) => void process.kill(room.videoEncoder(), 'SIGKILL'),
    end: nothing,
    holdMs: 4000,
    recoverWithinMs: 1000,
  },
  {
    name: 'encoder stopped (SIGSTOP)',
    hits: 'encoder',
    begin: (room) => void process.kill(room.videoEncoder(), 'SIGSTOP'),
    end: nothing,
    holdMs: 5000,
    recoverWithinMs: 1000,
  },
  {
    name: 'disk full',
    hits: 'tape',
    begin: (room) => room.fillDisk(true),
    end: (room) => room.fillDisk(false),
    noticed: /backoff/,
    noticeWithinMs: 5000,
    holdMs: 8000,
    // A GOP must be complete before anything is written.
    recoverWithinMs: 5000,
  },
];
