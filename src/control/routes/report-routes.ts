import type { FastifyInstance } from 'fastify';
import { durationOf } from '../../core/duration.js';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';

interface Query {
  since?: string;
  format?: string;
  lang?: string;
}

const DAY = '24h';
const MAX_MS = 400 * 86_400_000;

/**
 * `GET /api/report?since=24h`: the figures of the last shows. With `format=html` and `lang=zh` or `en`: the same as a
 * page that loads nothing.
 */
export function reportRoutes(app: FastifyInstance, { report }: RoomHandle): void {
  app.get<{ Querystring: Query }>('/api/report', async (request, reply) => {
    const { since = DAY, format = 'json', lang = 'en' } = request.query;
    const sinceMs = durationOf(String(since));
    if (sinceMs === undefined || sinceMs <= 0 || sinceMs > MAX_MS) throw wrong('since', '30m, 24h or 7d', since);
    if (format !== 'json' && format !== 'html') throw wrong('format', 'json or html', format);
    if (lang !== 'en' && lang !== 'zh') throw wrong('lang', 'en or zh', lang);
    reply.header('cache-control', 'no-store');
    if (format === 'json') return report.report(sinceMs);
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .send(await report.page(sinceMs, lang));
  });
}

const wrong = (name: string, expected: string, found: unknown): EngineError =>
  new EngineError('E_BAD_REQUEST', {
    where: `GET /api/report: ${name}`,
    expected,
    found: JSON.stringify(found).slice(0, 60),
  });
