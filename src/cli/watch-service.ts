import type { Closeable } from '../core/closeable.js';
import type { RoomHandle } from '../config/api/room-handle.js';
import { askForTime, ServiceWatchdog, type ServiceCall } from './service-watchdog.js';

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
