/**
 * Where shows go. Keys are sealed in the database, leave it only towards an engine of this machine, and are in no answer,
 * log or audit line.
 */
import { output, type OutputConfig } from '../../config/sections/output.js';
import { EngineError } from '../../core/errors.js';
import { maskUrl } from '../../core/secrets.js';
import type { DestinationRow, DestinationsTable } from '../../store/studio/destinations-table.js';
import type { Seal } from '../../store/studio/seal.js';
import { PRESETS, presetOf, type DestinationKind } from './presets.js';

export interface DestinationBody {
  readonly name?: string | undefined;
  readonly preset?: string | undefined;
  readonly server?: string | undefined;
  readonly backupServer?: string | null | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  readonly latencyMs?: number | undefined;
  readonly required?: boolean | undefined;
}

export interface DestinationView {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  readonly kind: DestinationKind;
  readonly server: string;
  readonly hasBackup: boolean;
  readonly keyEnd: string | null;
  readonly hasKey: boolean;
  readonly hasPassphrase: boolean;
  readonly latencyMs: number | null;
  readonly required: boolean;
  readonly rooms: string[];
  readonly lastTest: unknown;
}

interface Secrets {
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
}

const KEY_END = 4;
/** The end of a shorter key would be half of it. */
const MIN_KEY_FOR_END = 12;

export class Destinations {
  constructor(
    private readonly table: DestinationsTable,
    private readonly seal: Seal,
  ) {}

  list(organisation: string): DestinationView[] {
    return this.table.list(organisation).map((row) => this.view(row));
  }

  /** Throws E_NOT_FOUND, for another organisation's too. */
  get(organisation: string, id: string): DestinationView {
    return this.view(this.row(organisation, id));
  }

  /** The one of a preset without an address, which is the same however often it is added. */
  present(organisation: string, preset: string): DestinationView | undefined {
    const kind = presetOf(preset)?.kind;
    if (kind !== 'camera' && kind !== 'recording') return undefined;
    return this.list(organisation).find((one) => one.preset === preset);
  }

  add(organisation: string, body: DestinationBody): DestinationView {
    const id = this.freeId(body.name ?? '', body.preset ?? 'output');
    const row = this.changed(
      {
        id,
        organisation,
        name: '',
        preset: '',
        kind: 'rtmp',
        server: '',
        backup_server: null,
        sealed: null,
        key_end: null,
        latency_ms: null,
        required: 1,
        last_test: null,
        created_ms: Date.now(),
      },
      body,
    );
    this.table.put(row);
    return this.view(row);
  }

  change(organisation: string, id: string, body: DestinationBody): DestinationView {
    const row = this.changed(this.row(organisation, id), body);
    this.table.put(row);
    return this.view(row);
  }

  remove(organisation: string, id: string): DestinationView {
    const view = this.get(organisation, id);
    this.table.remove(id);
    return view;
  }

  noteTest(id: string, result: unknown): void {
    this.table.noteTest(id, result);
  }

  /** Ids of a room, in the order in which they were added. */
  ofRoom(room: string): { id: string; live: boolean }[] {
    return this.table.ofRoom(room);
  }

  setRoom(organisation: string, room: string, ids: readonly string[]): void {
    for (const id of ids) this.row(organisation, id);
    this.table.setRoom(room, ids);
  }

  setLive(organisation: string, room: string, id: string, isLive: boolean): void {
    this.row(organisation, id);
    this.table.setLive(room, id, isLive);
  }

  nothingLive(room: string): void {
    this.table.nothingLive(room);
  }

  /**
   * The output as the engine takes it, with its key; undefined for a camera, which has none.
   *
   * @param folder the room's own, for recordings
   */
  output(organisation: string, id: string, folder: string): OutputConfig | undefined {
    const row = this.row(organisation, id);
    const value = outputOf(row, this.secrets(row), folder);
    return value === undefined ? undefined : output.parse(value);
  }

  /** Readable: it stands in alarms, logs and reports. */
  private freeId(name: string, preset: string): string {
    const base = slugOf(name) || slugOf(preset) || 'output';
    let id = base;
    for (let n = 2; this.table.has(id); n += 1) id = `${base}-${n}`;
    return id;
  }

  private changed(row: DestinationRow, body: DestinationBody): DestinationRow {
    const preset = presetOf(body.preset ?? row.preset);
    if (preset === undefined)
      throw new EngineError('E_BAD_REQUEST', {
        where: 'preset',
        expected: `one of ${PRESETS.map(({ id }) => id).join(', ')}`,
        found: String(body.preset ?? ''),
      });
    const before = this.secrets(row);
    const secrets = { key: body.key ?? before.key, passphrase: body.passphrase ?? before.passphrase };
    const isEmpty = (secrets.key ?? '') === '' && (secrets.passphrase ?? '') === '';
    const server = (body.server ?? (row.server === '' ? preset.servers[0]?.url : row.server) ?? '').trim();
    const next: DestinationRow = {
      ...row,
      name: body.name ?? (row.name === '' ? preset.name.en : row.name),
      preset: preset.id,
      kind: preset.kind,
      server,
      backup_server: body.backupServer === undefined ? row.backup_server : body.backupServer,
      sealed: isEmpty ? null : this.seal.seal(JSON.stringify(secrets), place(row.id)),
      key_end: keyEnd(secrets.key),
      latency_ms: body.latencyMs ?? row.latency_ms,
      required: (body.required ?? row.required === 1) ? 1 : 0,
    };
    this.check(next, secrets);
    return next;
  }

  /** The engine's own schema decides; its words name no key. */
  private check(row: DestinationRow, secrets: Secrets): void {
    if (/[?&#]|@/.test(row.server) && row.kind === 'rtmp')
      throw refuse('server', 'an address without a key', 'one with a query', 'put what follows the app into the key');
    const value = outputOf(row, secrets, '/recordings');
    if (value === undefined) return;
    const read = output.safeParse(value);
    if (!read.success) {
      const issue = read.error.issues[0]!;
      const isKey = row.kind === 'rtmp' && (secrets.key ?? '') === '';
      throw refuse(
        isKey ? 'key' : 'server',
        isKey ? 'the stream key' : issue.message,
        isKey ? 'none' : maskUrl(row.server),
      );
    }
  }

  private secrets({ sealed, id }: DestinationRow): Secrets {
    return sealed === null ? {} : (JSON.parse(this.seal.open(sealed, place(id))) as Secrets);
  }

  private row(organisation: string, id: string): DestinationRow {
    const row = this.table.get(organisation, id);
    if (row !== undefined) return row;
    throw new EngineError('E_NOT_FOUND', {
      where: `destination ${id.slice(0, 64)}`,
      expected: 'a destination of your organisation',
      found: 'no such destination',
    });
  }

  private view(row: DestinationRow): DestinationView {
    const { key, passphrase } = this.secrets(row);
    return {
      id: row.id,
      name: row.name,
      preset: row.preset,
      kind: row.kind as DestinationKind,
      server: row.server,
      hasBackup: row.backup_server !== null,
      keyEnd: row.key_end,
      hasKey: (key ?? '') !== '',
      hasPassphrase: (passphrase ?? '') !== '',
      latencyMs: row.latency_ms,
      required: row.required === 1,
      rooms: this.table.roomsOf(row.id),
      lastTest: row.last_test === null ? null : (JSON.parse(row.last_test) as unknown),
    };
  }
}

function outputOf(row: DestinationRow, { key = '', passphrase = '' }: Secrets, folder: string): object | undefined {
  const { id, kind, server, backup_server: backup } = row;
  const required = row.required === 1;
  const preset = presetOf(row.preset);
  switch (kind as DestinationKind) {
    case 'rtmp':
      return {
        id,
        kind,
        url: joined(server, key),
        ...(backup === null ? {} : { backupUrl: joined(backup, key) }),
        platform: preset?.platform ?? 'generic',
        required,
      };
    case 'srt': {
      const url = new URL(URL.canParse(server) ? server : `srt://${server}`);
      if (key !== '') url.searchParams.set('streamid', key);
      if (passphrase !== '') url.searchParams.set('passphrase', passphrase);
      // A bare port has no query mark of its own.
      return {
        id,
        kind,
        url: String(url),
        required,
        ...(row.latency_ms === null ? {} : { latencyMs: row.latency_ms }),
      };
    }
    case 'whip':
      return { id, kind, url: server, required, ...(key === '' ? {} : { token: key }) };
    case 'recording':
      return { id, kind, dir: `${folder}/recordings/${id}`, required: false, maxMb: 20_000 };
    case 'camera':
      return undefined;
  }
}

/** Some keys are a query of the address. */
function joined(server: string, key: string): string {
  const [base = '', query] = server.split('?');
  const path = `${base.replace(/\/+$/, '')}/${key.replace(/^\/+/, '')}`;
  return query === undefined ? path : `${path}${key.includes('?') ? '&' : '?'}${query}`;
}

const keyEnd = (key: string | undefined): string | null =>
  key === undefined || key.length < MIN_KEY_FOR_END ? null : key.slice(-KEY_END);

const place = (id: string): string => `destination ${id}`;

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);

const refuse = (where: string, expected: string, found: string, todo?: string): EngineError =>
  new EngineError('E_BAD_REQUEST', { where, expected, found, ...(todo === undefined ? {} : { todo }) });
