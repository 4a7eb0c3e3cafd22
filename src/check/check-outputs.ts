import { readFileSync } from 'node:fs';
import type { RoomConfig } from '../config/room-config.js';
import { SECRET_OUTPUT_KEYS } from '../config/sections/output.js';
import type { CheckFault } from '../admission/check-rights.js';

const MAX_PORT = 65_535;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/i;
/**
 * A variable of the environment without braces. Keys are longer than a word, so a lone dollar sign belongs to a key.
 */
const BARE_NAME = /\$([A-Z_][A-Z0-9_]+)/;
/** A shorter last part of an address is a stream's name, not its key. */
const MIN_KEY_CHARS = 8;

/** One value of the file, before variables of the environment are replaced. */
interface Written {
  readonly where: string;
  readonly key: (typeof SECRET_OUTPUT_KEYS)[number];
  readonly text: string;
}

/** Addresses that cannot work, and stream keys written in the file. Never prints a value: it may be a key. */
export function checkOutputs(room: Pick<RoomConfig, 'file'>): CheckFault[] {
  const raw = JSON.parse(readFileSync(room.file, 'utf8').replace(/^\uFEFF/, '')) as {
    outputs?: unknown;
    control?: { webhooks?: unknown };
  };
  const values = [...written(raw.outputs, 'outputs'), ...written(raw.control?.webhooks, 'control.webhooks')];
  return values.flatMap((one) =>
    [portFault(one), nameFault(one), keyWarning(one)].filter((fault) => fault !== undefined),
  );
}

function written(list: unknown, where: string): Written[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: Record<string, unknown>, i) =>
    SECRET_OUTPUT_KEYS.flatMap((key) => {
      const text = one[key];
      return typeof text === 'string' ? [{ where: `${where}[${i}].${key}`, key, text }] : [];
    }),
  );
}

function portFault({ where, key, text }: Written): CheckFault | undefined {
  if (key === 'token') return undefined;
  const port = addressOf(text)?.port;
  if (port === undefined || (Number(port) > 0 && Number(port) <= MAX_PORT)) return undefined;
  return { severity: 'fault', where, expected: `a port from 1 to ${MAX_PORT}`, found: port };
}

function nameFault({ where, text }: Written): CheckFault | undefined {
  const name = BARE_NAME.exec(text)?.[1];
  if (name === undefined) return undefined;
  const found = `$${name}, which would be sent as it is`;
  return { severity: 'fault', where, expected: `\${${name}}, with braces`, found };
}

function keyWarning(one: Written): CheckFault | undefined {
  if (!holdsKey(one)) return undefined;
  return {
    severity: 'warning',
    where: one.where,
    expected: '${NAME}, with the key in the environment variable NAME: room files are copied, sent and kept in backups',
    found: 'a key in plain text',
  };
}

function holdsKey({ key, text }: Written): boolean {
  if (key === 'token') return !text.includes('${');
  const address = addressOf(text);
  if (address === undefined || LOOPBACK.test(address.host)) return false;
  const { scheme, password, path, query } = address;
  const open = (part: string): boolean => part !== '' && !part.includes('${') && !BARE_NAME.test(part);
  if (open(password)) return true;
  if (scheme.startsWith('rtmp')) {
    const last = path.slice(path.lastIndexOf('/') + 1);
    return `${last}${query}`.length >= MIN_KEY_CHARS && open(`${last}${query}`);
  }
  const secrets = new URLSearchParams(query);
  return ['streamid', 'passphrase', 'key', 'token', 'access_token', 'sign'].some((name) =>
    open(secrets.get(name) ?? ''),
  );
}

function addressOf(text: string) {
  const m = /^([a-z]+):\/\/(?:[^@/?#]*?(?::([^@/?#]*))?@)?(\[[0-9a-f:.]+\]|[^:/?#]*)(?::(\d+))?([^?]*)\??(.*)$/i.exec(
    text,
  );
  if (m === null) return undefined;
  const [, scheme = '', password = '', host = '', port, path = '', query = ''] = m;
  return { scheme: scheme.toLowerCase(), password, host, port, path, query };
}
