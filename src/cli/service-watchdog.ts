/**
 * Reports a room to a service manager (sd_notify(3)).
 *
 * Problem: a live process does not prove a live show; the loop has its own thread and may hang while everything else
 * answers. The manager must restart a hung loop, and leave a working one alone however busy the machine is.
 * Rule: "ready" is sent when the room is on air, and "alive" only when the loop has finished a frame since the last
 * report.
 * Numbers: four checks in the manager's watchdog interval.
 */
import type { Closeable } from '../core/closeable.js';
import type { ServiceNotice } from '../native/service-notice.js';
import type { RoomHandle } from '../config/api/room-handle.js';

type Environment = Record<string, string | undefined>;

export interface ServiceCall {
  readonly socketPath: string;
  /** The manager's watchdog interval; undefined when it does not watch. */
  readonly spanMs: number | undefined;
}

/**
 * The manager's request to this process, removed from the environment so that no child answers it; undefined without
 * one.
 */
export function takeServiceCall(env: Environment, pid: number): ServiceCall | undefined {
  const { NOTIFY_SOCKET: socketPath, WATCHDOG_USEC: span, WATCHDOG_PID: whose } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (socketPath === undefined || socketPath === '') return undefined;
  const spanMs = Number(span ?? Number.NaN) / 1000;
  const ours = whose === undefined || Number(whose) === pid;
  return { socketPath, spanMs: ours && spanMs > 0 ? spanMs : undefined };
}

export interface WatchdogOptions {
  readonly call: ServiceCall;
  readonly notice: ServiceNotice;
  /** The last frame that the loop has finished. */
  readonly frame: () => number;
  /** One line shown by `systemctl status`. */
  readonly status: () => string;
  /** Calls back every `ms`; returns a function that cancels it. */
  readonly every: (ms: number, callback: () => void) => () => void;
}

const UNWATCHED_MS = 10_000;
const MORE_EVERY_MS = 30_000;
const MORE_MS = 90_000;
/** Twenty minutes in all: a room that has not loaded by then is restarted. */
const MORE_TIMES = 40;

/**
 * Asks the manager for more time while a room loads: the first scan of a new clip may take minutes. Close it when the
 * room is on air or has failed.
 */
export function askForTime({ notice, every }: Pick<WatchdogOptions, 'notice' | 'every'>): Closeable {
  let asked = 0;
  const end = every(MORE_EVERY_MS, () => {
    asked += 1;
    if (asked > MORE_TIMES) end();
    else notice(`EXTEND_TIMEOUT_USEC=${MORE_MS * 1000}\nSTATUS=loading and judging the room's content`);
  });
  return { close: async () => end() };
}

export class ServiceWatchdog implements Closeable {
  private lastFrame = -1;
  private closed = false;
  private readonly stop: () => void;

  constructor(private readonly options: WatchdogOptions) {
    const { call, notice, frame, status, every } = options;
    this.lastFrame = frame();
    notice(`READY=1\nSTATUS=${oneLine(status())}`);
    this.stop = every(call.spanMs === undefined ? UNWATCHED_MS : call.spanMs / 4, () => this.check());
  }

  private check(): void {
    const { call, notice, frame, status } = this.options;
    const now = frame();
    const alive = now > this.lastFrame;
    this.lastFrame = now;
    const text = `STATUS=${oneLine(status())}`;
    notice(alive && call.spanMs !== undefined ? `WATCHDOG=1\n${text}` : text);
  }

  close(): Promise<void> {
    if (!this.closed) this.options.notice('STOPPING=1');
    this.closed = true;
    this.stop();
    return Promise.resolve();
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const every = (ms: number, callback: () => void): (() => void) => {
  const timer = setInterval(callback, ms);
  return () => clearInterval(timer);
};

/** Asks the service manager for more time before the room is on air; close it then. */
export async function watchStart(call: ServiceCall | undefined): Promise<Closeable> {
  if (call === undefined) return { close: () => Promise.resolve() };
  const { serviceNotice } = await import('../native/service-notice.js');
  return askForTime({ notice: serviceNotice(call.socketPath), every });
}

/** Reports a room on air to the service manager; close it when the room begins to stop. */
export async function watchService(call: ServiceCall | undefined, room: RoomHandle): Promise<Closeable> {
  if (call === undefined) return { close: () => Promise.resolve() };
  const { serviceNotice } = await import('../native/service-notice.js');
  return new ServiceWatchdog({
    call,
    notice: serviceNotice(call.socketPath),
    frame: () => room.snapshot().frame,
    status: () => {
      const { state, name, frames, lateTicks } = room.snapshot();
      return `${name}: ${state}, ${frames.released} frames released, ${frames.replaced} replaced, ${lateTicks.total} late`;
    },
    every,
  });
}
