import { pino } from 'pino';
import { visibleText } from './visible-text.js';

/** The small part of a logger that rooms use: `log.info({ fields }, 'message')`. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** JSON lines on standard error; known secret fields are removed, controls and marks of direction are escaped. */
export function createLog(level: string = process.env['ENGINE_LOG'] ?? 'info'): Log {
  const out = pino.destination({ fd: 2, sync: false });
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ['url', 'token', 'key', '*.url', '*.token', '*.key', 'authorization', '*.authorization'],
        censor: '***',
      },
    },
    { write: (line: string) => void out.write(visibleText(line)) },
  ) as unknown as Log;
}

const nothing = (): void => undefined;
/** A log that discards everything, for tests and offline work. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLog };
