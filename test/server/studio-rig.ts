import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoomEndpoint, RoomHost, RoomHostEvents, RunStatus } from '../../src/core/room-host.js';
import { silentLog } from '../../src/core/log.js';
import { newRoom } from '../../src/templates/new-room.js';
import type { Role } from '../../src/server/roles.js';
import { StudioServer, type StudioOptions } from '../../src/server/studio-server.js';
import type { RoomRow } from '../../src/store/studio/rooms-table.js';

export const PASSWORD = 'a-password-of-some-length';

/** A host without processes: rooms run at once, on an engine that the test provides. */
export class FakeHost implements RoomHost {
  readonly running = new Map<string, RoomEndpoint>();
  engine: RoomEndpoint = { url: 'http://127.0.0.1:9', token: 'none' };
  constructor(private readonly events: RoomHostEvents) {}
  async start({ id }: { id: string }): Promise<void> {
    if (this.running.has(id)) return;
    this.running.set(id, this.engine);
    this.events.onChange(id, this.status(id));
    this.events.onReady(id);
  }
  async stop(id: string): Promise<void> {
    this.running.delete(id);
    this.events.onChange(id, this.status(id));
  }
  drain(id: string): Promise<void> {
    return this.stop(id);
  }
  status(id: string): RunStatus {
    return { state: this.running.has(id) ? 'running' : 'off', sinceMs: 1, restarts: 0, pid: null, error: '' };
  }
  endpoint(id: string): RoomEndpoint | undefined {
    return this.running.get(id);
  }
  async logs(): Promise<string[]> {
    return ['a line'];
  }
  async adopt(): Promise<string[]> {
    return [];
  }
  async close(): Promise<void> {
    this.running.clear();
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // Answers are asserted by the tests.
  // eslint-disable-next-line
  readonly body: any;
}

/** Somebody with a cookie jar of one cookie. */
export class Client {
  cookie = '';
  constructor(
    readonly url: string,
    readonly headers: Record<string, string> = {},
  ) {}

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const raw = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const reply = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...this.headers,
        ...headers,
      },
      ...(raw === undefined ? {} : { body: raw }),
    });
    const text = await reply.text();
    for (const cookie of reply.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      if (pair.includes('session_token')) this.cookie = pair.endsWith('=') ? '' : pair;
    }
    let value: unknown = text;
    try {
      value = JSON.parse(text);
    } catch {
      // A page.
    }
    return { status: reply.status, headers: reply.headers, body: value };
  }

  get = (path: string, headers?: Record<string, string>): Promise<Reply> => this.call('GET', path, undefined, headers);
  post = (path: string, body: unknown = {}, headers?: Record<string, string>): Promise<Reply> =>
    this.call('POST', path, body, headers);
}

export interface Rig {
  readonly server: StudioServer;
  readonly host: FakeHost;
  readonly data: string;
  anybody(): Client;
  /** The first owner, by the set-up link. */
  owner: Client;
  /** Somebody whom the owner has invited. */
  invite(role: Role, name?: string): Promise<Client>;
  room(name?: string): Promise<RoomRow>;
  close(): Promise<void>;
}

export async function startStudio(options: Partial<StudioOptions> = {}): Promise<Rig> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'studio-'));
  let host!: FakeHost;
  const server = await StudioServer.start({
    data,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    createHost: ({ events }) => (host = new FakeHost(events)),
    ...options,
  });
  const anybody = (): Client => new Client(server.url);
  const owner = anybody();
  if (options.noAuth !== true && !server.studio.accounts.isSetUp) {
    const code = server.setupLink()!.split('#')[1]!;
    await owner.post('/api/setup', {
      code,
      name: 'Ona',
      email: 'ona@example.com',
      password: PASSWORD,
      organisation: 'Shop',
    });
  }
  let guests = 0;
  return {
    server,
    host,
    data,
    anybody,
    owner,
    async invite(role, name = role) {
      guests += 1;
      const email = `${name}${guests}@example.com`;
      const { link } = (await owner.post('/api/people/invitations', { email, role })).body;
      const guest = anybody();
      await guest.post(`/api/invitations/${String(link).split('#')[1]}`, { name, password: PASSWORD });
      return guest;
    },
    async room(name = 'Lamp shop') {
      const organisation = options.noAuth === true ? 'local' : server.studio.accounts.firstOrganisation()!;
      return server.studio.rooms.create(
        { name, organisation, template: null, by: { id: 'test', name: 'Test' } },
        async (folder) => void newRoom(folder, 'minimal'),
      );
    },
    async close() {
      await server.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}
