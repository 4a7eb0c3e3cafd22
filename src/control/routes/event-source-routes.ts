import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';

const MAX_PAGE_COMMENTS = 100;

export const pageBatchBody = z.strictObject({
  site: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?$/, 'expected a host name, with its port where it has one')
    .describe('Host of the live page'),
  events: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200).describe('Stable: a second comment with the same id is dropped'),
        user: z.string().max(200).default('').describe("The viewer's name"),
        text: z.string().min(1).max(2000).describe('The words'),
      }),
    )
    .max(MAX_PAGE_COMMENTS)
    .describe('New comments; none is a sign of life'),
});

/**
 * `GET /api/events/sources`: the connections to platforms. `POST /api/events/page {site, events}`: comments that the
 * browser extension reads on a live page.
 */
export function eventSourceRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get('/api/events/sources', () => ({ sources: room.sources.health() }));
  app.post('/api/events/page', { bodyLimit: 512 * 1024 }, (request) => {
    const { site, events } = parseBody(pageBatchBody, request.body, 'POST /api/events/page');
    return room.sources.takePage(site, events);
  });
}
