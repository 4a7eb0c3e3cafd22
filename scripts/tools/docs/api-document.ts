import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../src/core/log.js';
import type { RoomHost } from '../../../src/core/room-host.js';
import { StudioServer } from '../../../src/server/studio-server.js';

/** Types that the studio's pages have from its server's description. */
export const API_TYPES = 'src/studio/api/openapi.d.ts';

/** A host that runs nothing. */
const noHost: RoomHost = {
  start: async () => undefined,
  stop: async () => undefined,
  drain: async () => undefined,
  status: () => ({ state: 'off', sinceMs: 0, restarts: 0, pid: null, error: '' }),
  endpoint: () => undefined,
  logs: async () => [],
  adopt: async () => [],
  close: async () => undefined,
};

type Json = Record<string, unknown>;

/** The answers of the studio's server: what its pages read. The version, which a release changes, stays out. */
export async function apiDocument(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'api-types-'));
  const server = await StudioServer.start({
    data,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    createHost: () => noHost,
  });
  try {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, Json> };
    const answers = Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(Object.entries(operations).map(([method, one]) => [method, answerOf(one as Json)])),
    ]);
    return JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Showroom studio', version: '' },
      paths: Object.fromEntries(answers),
    });
  } finally {
    await server.close();
    rmSync(data, { recursive: true, force: true });
  }
}

const answerOf = ({ responses }: Json): Json => {
  const success = Object.entries(responses as Json).filter(([status]) => status.startsWith('2'));
  return { responses: Object.fromEntries(success) };
};

/** The head of the written file names the description that it was made from. */
export const apiHead = (document: string): string =>
  `// Written by \`npm run tool -- write-api-types\` from the server's description ${createHash('sha256').update(document).digest('hex').slice(0, 16)}.`;
