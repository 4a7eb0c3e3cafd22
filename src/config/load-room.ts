import { resolve } from 'node:path';
import type { z } from 'zod';
import { deepFreeze } from './deep-freeze.js';
import { EngineError } from '../core/errors.js';
import { FileFault, readRegularFileSync } from '../core/files/regular-file.js';
import { crossFaults } from './cross-faults.js';
import { expandEnv } from './expand-env.js';
import { jsonFaultOffset } from './json-fault.js';
import { jsonPlaces, type JsonPlaces } from './json-places.js';
import { resolveRoom } from './resolve-room.js';
import type { RoomConfig } from './room-config.js';
import { room } from './room.js';
import { valueFault, type ValueFault } from './value-fault.js';

/** One fault of a room file, with its line. */
export interface RoomFault extends ValueFault {
  /** Line in the room file, when known. */
  readonly line?: number | undefined;
}

export interface LoadOptions {
  env?: NodeJS.ProcessEnv;
  /** Leaves environment variables unread; placeholders stand in for their values. */
  withoutKeys?: boolean;
  /** The folder that contains `var/`, the default place of ledgers. */
  cwd?: string;
}

const MAX_ROOM_BYTES = 32 * 1024 * 1024;
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission to read it',
};

/**
 * Reads and checks a room file. Throws E_ROOM_JSON (not valid JSON, with line and column), E_ROOM_INVALID (all faults
 * in `details.faults`) or E_ENV_MISSING (a `${NAME}` that is not set).
 */
export function loadRoom(file: string, options: LoadOptions = {}): RoomConfig {
  const path = resolve(options.cwd ?? process.cwd(), file);
  let text: string;
  try {
    text = readRegularFileSync(path, MAX_ROOM_BYTES).toString('utf8');
  } catch (cause) {
    const system = cause instanceof FileFault ? (cause.cause as NodeJS.ErrnoException | undefined) : undefined;
    throw new EngineError('E_ROOM_JSON', {
      where: path,
      expected: 'a readable room file',
      found: UNREADABLE[system?.code ?? ''] ?? String((cause as Error).message),
      todo: '`engine new my-room` makes one to start from',
      cause,
    });
  }
  return parseRoom(text, path, options);
}

/** As `loadRoom`, for a text in memory. `path` resolves relative references and appears in messages. */
export function parseRoom(text: string, path: string, options: LoadOptions = {}): RoomConfig {
  const raw = parseJson(text, path);
  const places = jsonPlaces(text);
  refuseDuplicate(places, path);
  const result = room.safeParse(
    expandEnv(raw, path, options.withoutKeys === true ? undefined : (options.env ?? process.env)),
  );
  if (!result.success) throw faulty(path, valueFaults(result.error, raw), places);
  const faults = crossFaults(result.data);
  if (faults.length > 0) throw faulty(path, faults, places);
  return deepFreeze(resolveRoom(result.data, path, options.cwd ?? process.cwd()));
}

function parseJson(raw: string, path: string): unknown {
  const text = raw.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const offset = jsonFaultOffset(text) ?? text.length;
    const before = text.slice(0, offset).split('\n');
    const rest = text.slice(offset, offset + 20).split('\n')[0]!;
    throw new EngineError('E_ROOM_JSON', {
      where: `${path}:${before.length}:${before.at(-1)!.length + 1}`,
      expected: 'JSON',
      found: offset >= text.length ? 'the end of the file' : JSON.stringify(rest === '' ? text[offset] : rest),
      cause,
    });
  }
}

function refuseDuplicate({ duplicate }: JsonPlaces, path: string): void {
  if (duplicate === undefined) return;
  const { where, line, firstLine } = duplicate;
  throw new EngineError('E_ROOM_JSON', {
    where: `${path}:${line}: ${where}`,
    expected: 'each key of an object once',
    found: `a duplicate (first in line ${firstLine})`,
    todo: 'remove one of them',
  });
}

function valueFaults(error: z.ZodError, raw: unknown): RoomFault[] {
  return error.issues.map((issue) => {
    const fault = valueFault(issue, raw, room);
    if (fault.where === '') return { ...fault, where: 'top level' };
    if (
      /^(llm|recogniser|(presenter|assistant)\.voice(\.fallback\[\d+\])?)\.(apiKey|baseUrl)$/.test(fault.where) ||
      /^events\.sources\[\d+\]\.(apiKey|token|cookie|\w*[uU]rl)$/.test(fault.where)
    )
      return { where: fault.where, expected: fault.expected, found: 'something else, which is not shown' };
    if (!/^(outputs|control\.webhooks|alerts\.webhooks)\[\d+\]\.(url|backupUrl|token|secret)$/.test(fault.where))
      return fault;
    return { where: fault.where, expected: fault.expected, found: 'an address in another form' };
  });
}

function faulty(path: string, found: readonly RoomFault[], places: JsonPlaces): EngineError {
  const faults = found.map(({ at, ...fault }) => ({ ...fault, line: places.lineOf(at ?? fault.where) }));
  const [first, ...rest] = faults;
  const more =
    rest.length === 0
      ? ''
      : ` (and ${rest.length} more: ${rest
          .slice(0, 5)
          .map((f) => f.where)
          .join(', ')})`;
  const { where, line, expected, todo } = first!;
  return new EngineError('E_ROOM_INVALID', {
    where: `${path}${line === undefined ? '' : `:${line}`}: ${where}`,
    expected,
    found: `${first!.found}${more}`,
    ...(todo === undefined ? {} : { todo }),
    details: { faults },
  });
}
