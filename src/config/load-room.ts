import { resolve } from 'node:path';
import type { z } from 'zod';
import { EngineError } from '../core/errors.js';
import { FileFault, readRegularFileSync } from '../core/files/regular-file.js';
import { jsonFaultOffset, jsonPlaces, type JsonPlaces } from './json-text.js';
import { resolveRoom } from './resolve-room.js';
import type { RoomConfig } from './room-config.js';
import { room, type RoomFile } from './room.js';
import { SECRET_OUTPUT_KEYS } from './sections/output.js';
import { PLATFORMS } from './sections/platform.js';
import { valueFault, type ValueFault } from './value-fault.js';

/** Freezes a value and all that it holds. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Layers that a show cannot do without for a moment. */
const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['presenter', 'label', 'caption']);

/** Checks the ids of segments and lines, and the layers that lines show. */
function scriptFaults({ script, layers }: Pick<RoomFile, 'script' | 'layers'>): ValueFault[] {
  const faults: ValueFault[] = uniqueIds(script.segments, 'script.segments');
  const onCue = new Set(layers.filter((l) => l.shown === 'on-cue').map((l) => l.id));
  const cues =
    onCue.size === 0 ? 'a layer with `shown: "on-cue"`; the room has no such layer' : `one of ${[...onCue].join(', ')}`;
  script.segments.forEach((segment, s) => {
    faults.push(...uniqueIds(segment.lines, `script.segments[${s}].lines`));
    segment.lines.forEach((line, l) =>
      line.show?.forEach((id, k) => {
        const where = `script.segments[${s}].lines[${l}].show[${k}]`;
        if (!onCue.has(id)) faults.push({ where, expected: cues, found: `"${id}"` });
      }),
    );
  });
  layers.forEach(({ shown, type }, i) => {
    if (shown === 'on-cue' && ALWAYS_SHOWN.has(type))
      faults.push({ where: `layers[${i}].shown`, expected: `"always" for a ${type}`, found: '"on-cue"' });
  });
  return faults;
}

function uniqueIds(list: readonly { readonly id?: string | undefined }[], where: string): ValueFault[] {
  const seen = new Set<string>();
  return list.flatMap(({ id }, i): ValueFault[] => {
    if (id === undefined) return [];
    const isTaken = seen.has(id);
    seen.add(id);
    return isTaken ? [{ where: `${where}[${i}].id`, expected: 'a name not used before', found: `"${id}" again` }] : [];
  });
}

/** Checks across values: unique names and existing references. */
function crossFaults(file: RoomFile): ValueFault[] {
  const faults: ValueFault[] = [];
  const unique = (list: readonly { id: string }[], what: string): void => {
    const seen = new Set<string>();
    list.forEach(({ id }, i) => {
      if (seen.has(id))
        faults.push({ where: `${what}[${i}].id`, expected: 'a name not used before', found: `"${id}" again` });
      seen.add(id);
    });
  };
  unique(file.layers, 'layers');
  unique(file.products, 'products');
  unique(file.outputs, 'outputs');
  unique(file.events.sources, 'events.sources');
  unique(file.replies.rules, 'replies.rules');
  unique(file.takeover.quickPhrases, 'takeover.quickPhrases');
  const products = new Set(file.products.map((p) => p.id));
  const list = products.size === 0 ? 'a product of this room (it has none)' : `one of ${[...products].join(', ')}`;
  file.script.segments.forEach((s, i) => {
    if (s.product !== undefined && !products.has(s.product))
      faults.push({ where: `script.segments[${i}].product`, expected: list, found: `"${s.product}"` });
  });
  faults.push(...scriptFaults(file), ...presenterFaults(file.presenter));
  file.layers.forEach((l, i) => {
    if (l.product !== undefined && !products.has(l.product))
      faults.push({ where: `layers[${i}].product`, expected: list, found: `"${l.product}"` });
  });
  file.outputs.forEach((o, i) => {
    if (o.kind !== 'rtmp' || o.backup !== 'together') return;
    const where = `outputs[${i}].backup`;
    if (o.backupUrl === undefined) faults.push({ where, expected: '"standby", or a backupUrl', found: '"together"' });
    else if (!PLATFORMS[o.platform].redundantIngest)
      faults.push({ where, expected: `"standby": ${o.platform} takes one ingest at a time`, found: '"together"' });
  });
  const presenters = file.layers.filter((l) => l.type === 'presenter').length;
  if (presenters !== 1)
    faults.push({ where: 'layers', expected: 'exactly one layer of type "presenter"', found: String(presenters) });
  const assistants = file.layers.filter((l) => l.type === 'assistant').length;
  if (file.assistant?.pack === undefined && assistants > 0)
    faults.push({
      where: 'assistant.pack',
      expected: 'a presenter for the layer of type "assistant"',
      found: 'no `pack`',
    });
  if (file.assistant?.pack !== undefined && assistants !== 1)
    faults.push({ where: 'layers', expected: 'exactly one layer of type "assistant"', found: String(assistants) });
  return faults;
}

function presenterFaults({ source = 'pack', external }: RoomFile['presenter']): ValueFault[] {
  if (source === 'pack' && external !== undefined)
    return [
      { where: 'presenter.external', expected: '"source": "whip" or "rtmp" beside it', found: '"source": "pack"' },
    ];
  const isPacked = external?.key.kind === 'alpha-right' || external?.key.kind === 'alpha-below';
  if (isPacked && external.fit === 'cover')
    return [{ where: 'presenter.external.fit', expected: '"contain" with packed alpha', found: '"cover"' }];
  if (source === 'rtmp' && external?.streamKey === undefined)
    return [
      {
        where: 'presenter.external.streamKey',
        expected: 'a key for the engine that pushes, such as "${AVATAR_KEY}"',
        found: 'no key',
      },
    ];
  return [];
}

/**
 * Replaces `${NAME}` in the addresses and tokens of outputs and webhooks only; no other part of a room holds secrets.
 */
function expandEnv(raw: unknown, path: string, env: NodeJS.ProcessEnv | undefined): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const room = { ...(raw as Record<string, unknown>) };
  const fill = (text: string, where: string, kind: unknown): string => {
    // A placeholder for a whole address must itself be a valid address.
    if (env === undefined && /^\$\{\w+\}$/.test(text) && /rl$/i.test(where))
      return kind === 'rtmp' || kind === 'srt' ? `${kind}://unset.invalid:1/app/unset` : 'https://unset.invalid/';
    return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const value = env === undefined ? 'unset' : env[name];
      if (value === undefined || value === '') {
        throw new EngineError('E_ENV_MISSING', {
          where: `${path}: ${where}`,
          expected: `environment variable ${name}`,
          found: 'not set',
          todo: `set ${name} before starting`,
        });
      }
      return value;
    });
  };
  const fillAll = (list: unknown, where: string): unknown =>
    !Array.isArray(list)
      ? list
      : list.map((one: unknown, i) => {
          if (typeof one !== 'object' || one === null) return one;
          const full: Record<string, unknown> = { ...one };
          for (const key of SECRET_OUTPUT_KEYS) {
            const value = full[key];
            if (typeof value === 'string') full[key] = fill(value, `${where}[${i}].${key}`, full['kind']);
          }
          return full;
        });
  if ('outputs' in room) room['outputs'] = fillAll(room['outputs'], 'outputs');
  for (const section of ['control', 'alerts']) {
    const value = room[section];
    if (typeof value === 'object' && value !== null && 'webhooks' in value)
      room[section] = { ...value, webhooks: fillAll(value.webhooks, `${section}.webhooks`) };
  }
  return room;
}

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
