import type { FastifyInstance } from 'fastify';
import type { RoomHandle, RoomSnapshot } from '../../core/room-handle.js';
import type { roomMetrics } from '../metrics.js';

/**
 * Public routes: `GET /healthz` and `GET /metrics`. None holds a secret. Only clients with the
 * token get the causes: the reasons of the slate, the replacements of the gate, and the risk.
 */
export function publicRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get('/healthz', { config: { public: true } }, (request, reply) => {
    const snapshot = room.snapshot();
    const { state, slate, frame, lateTicks } = snapshot;
    const ok = state === 'on-air' || state === 'blanked';
    const degraded = degradedBy(snapshot);
    const status = !ok ? state : degraded.length > 0 ? 'degraded' : 'ok';
    return reply.code(ok ? 200 : 503).send({
      ok,
      status,
      state,
      ...(request.holdsToken ? { slate } : {}),
      frame,
      lateTicks: lateTicks.total,
      ...(degraded.length > 0 ? { degraded } : {}),
    });
  });
  // The metrics library takes 4 MB: it is loaded on the first scrape.
  let metrics: ReturnType<typeof roomMetrics> | undefined;
  app.get('/metrics', { config: { public: true } }, async (request, reply) => {
    metrics ??= (await import('../metrics.js')).roomMetrics(room);
    return reply.header('content-type', metrics.contentType).send(await metrics.text(request.holdsToken));
  });
}

/**
 * Why a room on air is degraded, without the violated rules, since anybody may ask. A restart would not help, so the
 * status stays 200. A held risk is a slate.
 */
function degradedBy({ slate, ledger, outputs, alarms }: RoomSnapshot): string[] {
  const down = outputs.some(({ required, state }) => required === true && state !== 'live' && state !== 'degraded');
  return [
    ...(slate.length > 0 ? ['slate'] : []),
    ...(ledger.failing ? ['ledger'] : []),
    ...(down ? ['outputs'] : []),
    ...(alarms.some(({ kind }) => kind === 'machine-slow') ? ['machine'] : []),
  ];
}
