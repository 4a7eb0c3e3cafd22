/**
 * Writes the types of the studio's pages to build/studio, from the description of its server, where a source is newer than
 * they are. The lint and the type check run it.
 *
 *     npm run tool -- write-api-types
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import openapi, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { packageRoot } from '../../../src/core/files/paths.js';
import { silentLog } from '../../../src/core/log.js';
import type { RoomHost } from '../../../src/core/room-host.js';
import { StudioServer } from '../../../src/server/studio-server.js';

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

async function describeServer(): Promise<OpenAPI3> {
  const data = mkdtempSync(join(tmpdir(), 'api-types-'));
  const server = await StudioServer.start({
    data,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    createHost: () => noHost,
  });
  try {
    return onlySuccess((await (await fetch(`${server.url}/openapi.json`)).json()) as OpenAPI3);
  } finally {
    await server.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** The pages read a refusal in one place, so a route's type is that of its success. */
function onlySuccess(document: OpenAPI3): OpenAPI3 {
  for (const path of Object.values(document.paths ?? {})) {
    for (const { responses } of Object.values(path) as { responses?: Record<string, unknown> }[]) {
      for (const status of Object.keys(responses ?? {})) if (!status.startsWith('2')) delete responses![status];
    }
  }
  return document;
}

/** The server's sources: those of pages say nothing about it. */
const newestSource = (): number =>
  readdirSync(join(packageRoot(), 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/^(studio|browser)\b/.test(name))
    .reduce((time, name) => Math.max(time, statSync(join(packageRoot(), 'src', name)).mtimeMs), 0);

const file = join(packageRoot(), 'build', 'studio', 'openapi.d.ts');
if (!existsSync(file) || statSync(file).mtimeMs < newestSource()) {
  const nodes = await openapi(await describeServer(), { immutable: true, alphabetize: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, astToString(nodes));
}
