import type { RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { EventSink } from '../../config/api/events-handle.js';
import { EventSources } from '../../viewers/sources/event-sources.js';
import { checkEvents } from '../../viewers/check-events.js';

export interface OpenSourcesOptions {
  readonly room: Pick<RoomConfig, 'events'>;
  readonly sink: EventSink;
  readonly log: Log;
  readonly env?: NodeJS.ProcessEnv;
}

/** Connects the room's sources of events; they reconnect by themselves until the stack closes. */
export function openSources(
  { room, sink, log, env = process.env }: OpenSourcesOptions,
  stack: CloseStack,
): EventSources {
  return stack.add(new EventSources(room.events.sources, { sink, log, env }));
}

/** Refuses a room whose sources lack a key, before anything else is loaded. Throws E_ENV_MISSING. */
export function requireSourceKeys(room: Pick<RoomConfig, 'events'>, env: NodeJS.ProcessEnv = process.env): void {
  const [missing] = checkEvents(room, env);
  if (missing === undefined) return;
  const { where, expected, found, todo } = missing;
  throw new EngineError('E_ENV_MISSING', { where, expected, found, ...(todo === undefined ? {} : { todo }) });
}
