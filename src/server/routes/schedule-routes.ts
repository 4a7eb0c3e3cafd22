import { z } from 'zod';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { roomOf } from '../guard.js';
import { roomParams } from '../schemas.js';
import type { Studio } from '../studio.js';

const body = z
  .strictObject({
    start: z.string().max(20).describe('Wall time in the zone: 2026-12-02T20:00'),
    minutes: z.int().min(1).max(10_080).nullable().describe('Null: until somebody ends it'),
    timeZone: z.string().max(60),
    repeat: z.enum(['once', 'daily', 'weekdays', 'weekly']),
    days: z.array(z.int().min(1).max(7)).max(7).describe('For weekly; Monday is 1'),
    destinations: z.array(z.string().max(64)).max(30).nullable().describe('Null: all of the room'),
    enabled: z.boolean(),
  })
  .partial();
const schedule = z.object({
  id: z.string(),
  room: z.string(),
  start: z.string(),
  minutes: z.int().nullable(),
  timeZone: z.string(),
  repeat: z.enum(['once', 'daily', 'weekdays', 'weekly']),
  days: z.array(z.int()).readonly(),
  destinations: z.array(z.string()).readonly().nullable(),
  enabled: z.boolean(),
  next: z.object({ startsAt: z.string(), endsAt: z.string().nullable() }).nullable(),
  last: z.object({ startedAt: z.string(), endsAt: z.string().nullable(), error: z.string() }).nullable(),
});
const params = roomParams.extend({ schedule: z.string().max(40) });

/** Shows that start and end by themselves. */
export function scheduleRoutes(app: StudioApp, studio: Studio): void {
  const { schedules } = studio;
  app.get(
    '/api/rooms/:id/schedules',
    {
      config: { right: 'viewer' },
      schema: { params: roomParams, response: { 200: z.object({ schedules: z.array(schedule) }) } },
    },
    (request) => ({ schedules: schedules.list(roomOf(request).id) }),
  );
  app.post(
    '/api/rooms/:id/schedules',
    {
      config: { right: 'operator' },
      schema: { params: roomParams, body: body.required({ start: true, timeZone: true }), response: { 201: schedule } },
    },
    async (request, reply) => {
      const added = schedules.add(roomOf(request).id, request.body);
      audit(studio, request, { action: 'schedule.add', what: added.start, after: request.body });
      return reply.code(201).send(added);
    },
  );
  app.patch(
    '/api/rooms/:id/schedules/:schedule',
    { config: { right: 'operator' }, schema: { params, body, response: { 200: schedule } } },
    (request) => {
      const changed = schedules.change(roomOf(request).id, request.params.schedule, request.body);
      audit(studio, request, { action: 'schedule.change', what: changed.start, after: request.body });
      return changed;
    },
  );
  app.delete(
    '/api/rooms/:id/schedules/:schedule',
    { config: { right: 'operator' }, schema: { params, response: { 204: z.null() } } },
    async (request, reply) => {
      const gone = schedules.remove(roomOf(request).id, request.params.schedule);
      audit(studio, request, { action: 'schedule.remove', what: gone.start });
      return reply.code(204).send(null);
    },
  );
}
