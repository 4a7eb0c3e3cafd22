/** The server of the studio: accounts, rooms, and everything that its pages use. */
import { rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { allowNoBody, replyWithError } from '../control/bodies.js';
import { listen } from '../control/listen.js';
import { LiveJournal } from './live/live-journal.js';
import { acceptSockets } from '../control/connections.js';
import type { Closeable } from '../core/closeable.js';
import { CloseStack } from '../core/close-stack.js';
import { EngineError } from '../core/errors.js';
import { makeFolder, packageVersion } from '../core/files/paths.js';
import type { RoomHost, RoomHostEvents } from '../core/room-host.js';
import type { Log } from '../core/log.js';
import { isLoopbackHost } from '../core/net/public-address.js';
import { OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import { AuditTable } from '../store/studio/audit-table.js';
import { DestinationsTable } from '../store/studio/destinations-table.js';
import { LinksTable, SettingsTable } from '../store/studio/links-table.js';
import { openStudioDatabase } from '../store/studio/open-studio.js';
import { RoomsTable } from '../store/studio/rooms-table.js';
import { SchedulesTable } from '../store/studio/schedules-table.js';
import { Seal } from '../store/studio/seal.js';
import { Accounts } from './accounts/accounts.js';
import { Attempts } from './accounts/attempts.js';
import { linkTo, originOf } from './accounts/links.js';
import { Mailer } from './accounts/mailer.js';
import { createApp } from './app.js';
import { Destinations } from './destinations/destinations.js';
import { guardRoutes, LOCAL_ORGANISATION, type GuardedRoute } from './guard.js';
import { Jobs } from './jobs/jobs.js';
import { PushSender } from './live/push-sender.js';
import { StudioLive } from './live/studio-live.js';
import { describeApi, openapiRoute } from './describe-api.js';
import { servePages } from './pages.js';
import { RoomRuns } from './rooms/room-runs.js';
import { RoomSecrets } from './rooms/room-secrets.js';
import { Rooms } from './rooms/rooms.js';
import { ROUTES } from './routes/index.js';
import { Schedules } from './schedules/schedules.js';
import type { Studio } from './studio.js';
import { processView } from './views.js';
import { StudioWork } from './work/studio-work.js';

export interface StudioOptions {
  /** Folder of all data. */
  readonly data: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Without accounts: whoever reaches the port is the owner. On loopback only. */
  readonly noAuth?: boolean;
  /** As people reach the studio, such as `https://studio.example.com`. */
  readonly publicUrl?: string | undefined;
  readonly trustedProxies?: readonly string[];
  readonly log: Log;
  /** Makes the host of the rooms' processes. */
  readonly createHost: (parts: {
    data: string;
    seal: Seal;
    events: RoomHostEvents;
    /** Keys that a room's engine gets in its environment. */
    secrets: (room: string) => Record<string, string>;
  }) => RoomHost;
  /** Origins of push services beside those of the browsers. */
  readonly pushServices?: readonly string[];
  /** Room of the package that a first studio without accounts puts on air. */
  readonly demo?: string | undefined;
}

/** Who a push service may write to: an address with TLS, else the first person of the studio. */
function contactOf(origin: string, accounts: Accounts): string {
  if (origin.startsWith('https:')) return origin;
  const organisation = accounts.firstOrganisation();
  const [first] = organisation === undefined ? [] : accounts.people(organisation);
  return `mailto:${first?.email ?? 'studio@showroom.invalid'}`;
}

const SETUP_MS = 24 * 3_600_000;
const DAY_MS = 86_400_000;

export class StudioServer implements Closeable {
  private constructor(
    readonly studio: Studio,
    /** `http://host:port`, without a trailing slash. */
    readonly url: string,
    readonly port: number,
    readonly routes: readonly GuardedRoute[],
    private readonly stack: CloseStack,
  ) {}

  /** Throws E_PORT_IN_USE, E_STORE, and E_BAD_REQUEST for a studio without accounts on a network. */
  static async start(options: StudioOptions): Promise<StudioServer> {
    const { data, host, port, noAuth = false, publicUrl, trustedProxies = [], log } = options;
    const loopback = host === 'localhost' || isLoopbackHost(host);
    if (noAuth && !loopback)
      throw new EngineError('E_BAD_REQUEST', {
        where: '--no-auth',
        expected: `a loopback address with --host (127.0.0.1)`,
        found: isIP(host) === 0 ? host : `${host}, which the network reaches`,
        todo: 'leave --no-auth out: the studio prints a link that makes the first account',
      });
    const stack = new CloseStack(log);
    try {
      await makeFolder(data, OWNER_ONLY_FOLDER);
      const seal = await Seal.open(join(data, 'studio.key'));
      const db = await openStudioDatabase(join(data, 'studio.db'));
      stack.add({
        async close() {
          db.close();
        },
      });
      await rm(join(data, 'tmp'), { recursive: true, force: true });
      const settings = new SettingsTable(db);
      const links = new LinksTable(db);
      const roomsTable = new RoomsTable(db);
      const accounts = await Accounts.open({ db, secret: seal.derive('sessions').toString('base64'), log });
      const journal = new LiveJournal();
      const audits = new AuditTable(db);
      const folder = join(data, 'rooms');
      const rooms = new Rooms({
        table: roomsTable,
        folder,
        shared: [join(data, 'media'), join(data, 'presenters')],
        onSaved: (row, { version, etag, changed, before, after }, by) => {
          live.send(row.organisation, { type: 'file', room: row.id, data: { version, etag, by, changed } });
          const parts = (document: Record<string, unknown>): unknown =>
            Object.fromEntries(changed.map((key) => [key, document[key]]));
          audits.add({
            organisation: row.organisation,
            room: row.id,
            by,
            action: 'room.save',
            what: changed.join(', '),
            before: parts(before),
            after: parts(after),
          });
        },
        onList: (organisation) => live.send(organisation, { type: 'rooms' }),
      });
      const secrets = new RoomSecrets(settings, seal);
      const destinations = new Destinations(new DestinationsTable(db), seal);
      const work = stack.add(new StudioWork());
      const push = new PushSender(
        db,
        settings,
        seal,
        log,
        () => contactOf(originOf({ settings, publicUrl }), accounts),
        options.pushServices,
      );
      const roomHost = options.createHost({
        data,
        seal,
        secrets: (id) => secrets.environment(id),
        events: {
          onReady: (id) => runs.ready(id),
          onChange: (id, status) => runs.processChanged(id, status),
        },
      });
      const runs: RoomRuns = new RoomRuns({
        table: roomsTable,
        rooms,
        host: roomHost,
        destinations,
        live: () => live,
        log,
      });
      const live: StudioLive = new StudioLive({
        journal,
        row: (id) => roomsTable.get(id),
        rows: (organisation) => roomsTable.list(organisation),
        process: (row) => processView({ runs }, row),
        onAlarm: (row, alarm) => void push.alarm(row, alarm),
      });
      stack.add(live);
      stack.add(roomHost);
      stack.add(runs);
      const jobs = new Jobs(log, (job, organisation) =>
        live.send(organisation, { type: 'job', ...(job.room === null ? {} : { room: job.room }), data: job }),
      );
      stack.add({
        async close() {
          jobs.close();
        },
      });
      const rowOf = (id: string) => {
        const row = roomsTable.get(id);
        if (row === undefined) throw new EngineError('E_NOT_FOUND', { where: `room ${id}`, found: 'no such room' });
        return row;
      };
      const by = { id: 'schedule', name: 'Schedule' };
      const schedules = stack.add(
        new Schedules({
          table: new SchedulesTable(db),
          start: async (id, ids) => void (await runs.start(rowOf(id), ids, by)),
          end: async (id) => void (await runs.stop(rowOf(id), true, by)),
          onChange: (id) => {
            const row = roomsTable.get(id);
            if (row !== undefined) live.send(row.organisation, { type: 'schedules', room: id });
          },
          log,
        }),
      );
      const version = packageVersion();
      const studio: Studio = {
        version,
        data,
        noAuth,
        publicUrl,
        log,
        accounts,
        attempts: new Attempts(),
        links,
        settings,
        seal,
        audits,
        mailer: new Mailer(settings, seal, log),
        rooms,
        secrets,
        runs,
        host: roomHost,
        destinations,
        schedules,
        journal,
        live,
        push,
        jobs,
        work,
        get demo() {
          return settings.get<string>('demo') ?? null;
        },
      };
      const app = createApp({ trustedProxies });
      stack.add({ close: () => app.close() });
      app.setErrorHandler((error, request, reply) => {
        if (error instanceof EngineError && typeof error.details['retryAfterS'] === 'number')
          reply.header('retry-after', error.details['retryAfterS']);
        replyWithError(error, request, reply, log);
      });
      app.setNotFoundHandler((request) => {
        throw new EngineError('E_NOT_FOUND', {
          where: `${request.method} ${request.url.split('?')[0]!.slice(0, 200)}`,
          found: 'no such address',
          todo: '/openapi.json lists all addresses',
        });
      });
      const routes = guardRoutes(app, studio, { loopback });
      app.addHook('onSend', async (request, reply) => {
        if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
          reply.header('cache-control', 'no-store');
      });
      allowNoBody(app as never);
      await acceptSockets(app as never);
      await describeApi(app, version);
      await app.register(async (scope) => {
        for (const add of ROUTES) add(scope as typeof app, studio);
        openapiRoute(scope as typeof app);
        servePages(scope as typeof app);
      });
      const bound = await listen(app as never, host, port);
      const daily = setInterval(() => {
        accounts.prune();
        audits.prune();
      }, DAY_MS);
      daily.unref();
      stack.add({
        async close() {
          clearInterval(daily);
        },
      });
      if (settings.get('origin') === undefined && publicUrl === undefined) settings.put('origin', bound.url);
      await runs.begin();
      schedules.begin();
      return new StudioServer(studio, bound.url, bound.port, routes, stack);
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** A link that makes the first owner, once; undefined when there is one already. */
  setupLink(): string | undefined {
    const { noAuth, accounts, links, publicUrl } = this.studio;
    if (noAuth || accounts.isSetUp) return undefined;
    links.removeKind('setup');
    const { code } = links.add('setup', LOCAL_ORGANISATION, {}, SETUP_MS);
    return linkTo({ settings: this.studio.settings, publicUrl: publicUrl ?? this.url }, 'setup', code);
  }

  /** Rooms stay on air. */
  close(): Promise<void> {
    return this.stack.close();
  }
}
