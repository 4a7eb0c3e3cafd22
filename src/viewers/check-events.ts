import type { RoomConfig } from '../config/room-config.js';
import type { CheckFault } from '../admission/check-rights.js';

/** Environment variables that sources name, with their places in the room file. */
function sourceVariables(room: Pick<RoomConfig, 'events'>): { where: string; name: string }[] {
  return room.events.sources.flatMap((source, i) =>
    (['apiKey', 'token', 'cookie'] as const).flatMap((key) => {
      const value = (source as Partial<Record<typeof key, string>>)[key];
      return value === undefined ? [] : [{ where: `events.sources[${i}].${key}`, name: value.slice(2, -1) }];
    }),
  );
}

/** Variables that are not set here. A warning, since the room may go on air on another machine. */
export const checkEvents = (room: Pick<RoomConfig, 'events'>, env: NodeJS.ProcessEnv = process.env): CheckFault[] =>
  sourceVariables(room)
    .filter(({ name }) => (env[name] ?? '') === '')
    .map(({ where, name }) => ({
      severity: 'warning',
      where,
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name} before \`engine start\``,
    }));
