import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import type { StudioApp } from '../app.js';
import { findRoom, member } from '../guard.js';
import { job } from '../schemas.js';
import type { Studio } from '../studio.js';

const params = z.object({ job: z.string().max(40) });

/** Work in the background: what it does now, and its end. */
export function jobRoutes(app: StudioApp, studio: Studio): void {
  app.get(
    '/api/jobs',
    {
      config: { right: 'viewer' },
      schema: {
        querystring: z.strictObject({ room: z.string().max(64).optional() }),
        response: { 200: z.object({ jobs: z.array(job) }) },
      },
    },
    (request) => {
      const { room } = request.query;
      if (room !== undefined) findRoom(studio, request.person, room);
      return { jobs: studio.jobs.list(member(request).organisation, room) };
    },
  );
  app.get('/api/jobs/:job', { config: { right: 'viewer' }, schema: { params, response: { 200: job } } }, (request) => {
    const found = studio.jobs.get(member(request).organisation, request.params.job);
    if (found === undefined) throw noJob(request.params.job);
    return found;
  });
  app.delete(
    '/api/jobs/:job',
    { config: { right: 'editor' }, schema: { params, response: { 204: z.null() } } },
    async (request, reply) => {
      if (!studio.jobs.cancel(member(request).organisation, request.params.job)) throw noJob(request.params.job);
      return reply.code(204).send(null);
    },
  );
}

const noJob = (id: string): EngineError =>
  new EngineError('E_NOT_FOUND', { where: `job ${id}`, expected: 'a job of your organisation', found: 'no such job' });
