/**
 * What a monitor reads of a worker: `/metrics` of the worker, `/healthz`, and `/discovery`, the list of all workers and
 * rooms of the fleet in the form of Prometheus's HTTP service discovery. Nothing here is secret, and nothing changes.
 */
import { createServer, type Server } from 'node:http';
import type { Closeable } from '../../core/closeable.js';
import type { RoomStatus, WorkerBeat } from '../records.js';

export type WorkerCounters = Readonly<
  Record<
    | 'takeovers'
    | 'restarts'
    | 'renewals'
    | 'renewalsFailed'
    | 'claims'
    | 'leasesLost'
    | 'redisFailures'
    | 'endsWaiting',
    number
  >
>;

export interface WorkerPageSource {
  beat(): WorkerBeat;
  rooms(): readonly RoomStatus[];
  counters(): WorkerCounters;
  fleet(): Promise<{ readonly workers: readonly WorkerBeat[]; readonly rooms: readonly RoomStatus[] }>;
}

export interface WorkerPage extends Closeable {
  readonly port: number;
}

export async function serveWorkerPage(source: WorkerPageSource, host: string, port: number): Promise<WorkerPage> {
  const server = createServer((request, reply) => {
    void answer(source, request.url ?? '/').then(
      ({ status, type, text }) => {
        reply.writeHead(status, { 'content-type': type });
        reply.end(request.method === 'HEAD' ? '' : text);
      },
      (error: unknown) => {
        reply.writeHead(503, { 'content-type': 'text/plain' });
        reply.end(String(error));
      },
    );
  });
  await listen(server, host, port);
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });

async function answer(source: WorkerPageSource, url: string): Promise<{ status: number; type: string; text: string }> {
  const path = url.split('?')[0];
  if (path === '/metrics')
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text: metricsOf(source) };
  if (path === '/discovery')
    return { status: 200, type: 'application/json', text: JSON.stringify(targetsOf(await source.fleet())) };
  if (path === '/healthz') {
    const { draining, rooms } = source.beat();
    return { status: 200, type: 'application/json', text: JSON.stringify({ ok: true, draining, rooms: rooms.length }) };
  }
  return { status: 404, type: 'text/plain', text: 'not found' };
}

interface Target {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** https://prometheus.io/docs/prometheus/latest/http_sd/ */
export function targetsOf({
  workers,
  rooms,
}: {
  workers: readonly WorkerBeat[];
  rooms: readonly RoomStatus[];
}): Target[] {
  const up = new Set(workers.map(({ name }) => name));
  return [
    ...workers.flatMap(({ name, metrics }) =>
      metrics === null ? [] : [{ targets: [metrics], labels: { job: 'showroom-worker', worker: name } }],
    ),
    ...rooms.flatMap(({ room, url, worker }) =>
      url === null || worker === null || !up.has(worker)
        ? []
        : [{ targets: [new URL(url).host], labels: { job: 'showroom-room', worker, room } }],
    ),
  ];
}

function metricsOf(source: WorkerPageSource): string {
  const beat = source.beat();
  const worker = `worker="${beat.name}"`;
  const counters = source.counters();
  const lines: string[] = [];
  const metric = (name: string, kind: 'gauge' | 'counter', help: string, values: readonly [string, number][]): void => {
    lines.push(`# HELP showroom_${name} ${help}`, `# TYPE showroom_${name} ${kind}`);
    for (const [labels, value] of values) lines.push(`showroom_${name}{${labels}} ${value}`);
  };
  metric('worker_capacity_rooms', 'gauge', 'Reference rooms that the worker carries.', [[worker, beat.capacity]]);
  metric('worker_used_rooms', 'gauge', 'Reference rooms that are taken.', [[worker, beat.used]]);
  metric('worker_rooms', 'gauge', 'Rooms on the worker.', [[worker, beat.rooms.length]]);
  metric('worker_draining', 'gauge', '1 while it takes no rooms.', [[worker, Number(beat.draining)]]);
  metric('worker_claimed_rooms', 'gauge', 'Rooms on air under a claim, because Redis is out of reach.', [
    [worker, beat.claimed],
  ]);
  metric('worker_info', 'gauge', 'Version.', [[`${worker},version="${beat.version}"`, 1]]);
  metric('worker_takeovers_total', 'counter', 'Rooms taken since the start.', [[worker, counters.takeovers]]);
  metric('worker_engine_restarts_total', 'counter', 'Engines started again.', [[worker, counters.restarts]]);
  metric('worker_renewals_total', 'counter', 'Renewals of leases.', [[worker, counters.renewals]]);
  metric('worker_renewals_failed_total', 'counter', 'Renewals without an answer.', [[worker, counters.renewalsFailed]]);
  metric('worker_claims_total', 'counter', 'Claims written to the store.', [[worker, counters.claims]]);
  metric('worker_leases_lost_total', 'counter', 'Rooms ended because their lease was over.', [
    [worker, counters.leasesLost],
  ]);
  metric('worker_redis_failures_total', 'counter', 'Reads and writes of Redis that failed.', [
    [worker, counters.redisFailures],
  ]);
  metric('worker_ends_waiting', 'gauge', 'Ends of stopped rooms that Redis does not have yet.', [
    [worker, counters.endsWaiting],
  ]);
  const rooms = source.rooms();
  metric(
    'room_cores',
    'gauge',
    'Cores that a room takes.',
    rooms.map(({ room, cores }) => [`${worker},room="${room}"`, cores]),
  );
  metric(
    'room_on_air',
    'gauge',
    '1 while the room is on air.',
    rooms.map(({ room, state }) => [`${worker},room="${room}"`, Number(state === 'on-air')]),
  );
  metric(
    'room_fence',
    'gauge',
    'Fencing token.',
    rooms.map(({ room, fence }) => [`${worker},room="${room}"`, fence]),
  );
  return `${lines.join('\n')}\n`;
}
