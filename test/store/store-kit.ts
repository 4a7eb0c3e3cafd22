import { join } from 'node:path';
import type { Test } from 'tap';
import type { Log } from '../../src/core/log.js';
import { silentLog } from '../../src/core/log.js';
import { ShowStore, type ShowStoreOptions } from '../../src/store/show-store.js';

export const DAY_MS = 86_400_000;
export const NOW = Date.UTC(2026, 6, 1, 12);
export const config = { enabled: true, keepDays: 90, userNames: 'hash' } as const;

export interface Said {
  readonly level: string;
  readonly message: string;
}

export function recordingLog(): { log: Log; said: Said[] } {
  const said: Said[] = [];
  const at = (level: string) => (_fields: object, message: string) => void said.push({ level, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return { log, said };
}

/** A store without a timer; records are written by `flush`. */
export async function openStore(t: Test, options: Partial<ShowStoreOptions> = {}) {
  const file = options.file ?? join(t.testdir(), 'room', 'ledger.store.sqlite');
  const store = await ShowStore.open({ file, config, log: silentLog, nowMs: () => NOW, writeMs: 0, ...options });
  t.teardown(() => store.close());
  return { file, store };
}

export const line = (n: number, atMs = NOW) => ({
  ...{ line: `say-${n}`, text: `Sentence number ${n} of this show`, atMs, untilMs: atMs + 3000 },
  ...{ kind: 'script', role: 'host', language: 'en' },
});
export const start = { room: 'shop', version: '0.1.0', atMs: NOW };
