import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { RoomHandle, RoomSnapshot } from '../../core/room-handle.js';
import type { roomMetrics } from '../metrics.js';
import { pageReply } from '../page-reply.js';

const PAGE_FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/console.css': ['console.css', 'text/css; charset=utf-8'],
  '/commands.css': ['commands.css', 'text/css; charset=utf-8'],
  '/viewers.css': ['viewers.css', 'text/css; charset=utf-8'],
  '/console.js': ['console.js', 'text/javascript; charset=utf-8'],
  '/alarms.js': ['alarms.js', 'text/javascript; charset=utf-8'],
  '/causes.js': ['causes.js', 'text/javascript; charset=utf-8'],
  '/ledger-words.js': ['ledger-words.js', 'text/javascript; charset=utf-8'],
  '/tables.js': ['tables.js', 'text/javascript; charset=utf-8'],
  '/rundown.js': ['rundown.js', 'text/javascript; charset=utf-8'],
  '/viewers.js': ['viewers.js', 'text/javascript; charset=utf-8'],
  '/take-over.js': ['take-over.js', 'text/javascript; charset=utf-8'],
  '/words.js': ['words.js', 'text/javascript; charset=utf-8'],
  '/late-fonts.js': ['late-fonts.js', 'text/javascript; charset=utf-8'],
  '/whep-player.js': ['whep-player.js', 'text/javascript; charset=utf-8'],
} as const;

/**
 * Public routes: the page's own files, `GET /healthz` and `GET /metrics`. None holds a secret. Only clients with the
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
  for (const [path, [file, type]] of Object.entries(PAGE_FILES)) {
    app.get(path, { config: { public: true } }, async (_request, reply) => {
      const content = await readFile(new URL(`../console/${file}`, import.meta.url));
      return pageReply(reply, type).send(content);
    });
  }
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
