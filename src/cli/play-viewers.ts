import type { Closeable } from '../core/closeable.js';
import type { EventsHandle } from '../config/api/events-handle.js';
import { simulatedViewers } from '../viewers/simulator/simulated-viewers.js';

export interface PlayViewersOptions {
  readonly events: Pick<EventsHandle, 'take'>;
  readonly perMinute: number;
  readonly seed: number;
  /** Keeps the ids of two runs apart. */
  readonly run: string;
}

/** The greeting comes first. */
const FIRST_MS = 4000;

/** Plays simulated viewers into a room until it is closed. */
export function playViewers({ events, perMinute, seed, run }: PlayViewersOptions): Closeable {
  const viewers = simulatedViewers(seed, run);
  const intervalMs = 60_000 / perMinute;
  let timer = setTimeout(next, Math.min(FIRST_MS, intervalMs));
  timer.unref();
  function next(): void {
    timer = setTimeout(next, intervalMs);
    timer.unref();
    events.take([viewers.next().value]);
  }
  return { close: async () => clearTimeout(timer) };
}
