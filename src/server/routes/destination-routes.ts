import { z } from 'zod';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { PRESETS } from '../destinations/presets.js';
import { TEST_STEPS, testPush } from '../destinations/test-push.js';
import { member, roomOf } from '../guard.js';
import { job, process, roomParams, twoTexts } from '../schemas.js';
import type { Studio } from '../studio.js';
import { processView } from '../views.js';

const kind = z.enum(['rtmp', 'srt', 'whip', 'recording', 'camera']);
const destination = z.object({
  id: z.string(),
  name: z.string(),
  preset: z.string(),
  kind,
  server: z.string(),
  hasBackup: z.boolean(),
  keyEnd: z.string().nullable().describe('Last characters of the key; the key itself is never answered'),
  hasKey: z.boolean(),
  hasPassphrase: z.boolean(),
  latencyMs: z.int().nullable(),
  required: z.boolean(),
  rooms: z.array(z.string()),
  lastTest: z.unknown(),
});
const body = z
  .strictObject({
    name: z.string().trim().min(1).max(60),
    preset: z.string().max(20),
    server: z.string().trim().max(500),
    backupServer: z.string().trim().max(500).nullable(),
    key: z.string().trim().max(1000),
    passphrase: z.string().max(80),
    latencyMs: z.int().min(20).max(8000),
    required: z.boolean(),
  })
  .partial();
const params = z.object({ destination: z.string().max(64) });
/** What an audit line may hold. */
const named = ({ key, passphrase, ...rest }: z.infer<typeof body>): object => ({
  ...rest,
  ...(key === undefined ? {} : { key: 'changed' }),
  ...(passphrase === undefined ? {} : { passphrase: 'changed' }),
});

/** Where shows go: presets, destinations with sealed keys, test pushes, and which rooms use them. */
export function destinationRoutes(app: StudioApp, studio: Studio): void {
  const { destinations, runs, rooms } = studio;
  app.get(
    '/api/destination-presets',
    {
      config: { right: 'viewer' },
      schema: {
        response: {
          200: z.object({
            presets: z.array(
              z.looseObject({
                id: z.string(),
                name: twoTexts,
                kind,
                servers: z.array(z.object({ name: z.string(), url: z.string() })),
                keyHelp: twoTexts,
              }),
            ),
          }),
        },
      },
    },
    () => ({ presets: PRESETS.map((one) => ({ ...one, servers: [...one.servers] })) }),
  );
  app.get(
    '/api/destinations',
    { config: { right: 'viewer' }, schema: { response: { 200: z.object({ destinations: z.array(destination) }) } } },
    (request) => ({ destinations: destinations.list(member(request).organisation) }),
  );
  app.post(
    '/api/destinations',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Adds a destination; a camera and a recording are there once, and answered with 200 when they were',
        body: body.required({ preset: true }),
        response: { 200: destination, 201: destination },
      },
    },
    async (request, reply) => {
      const { organisation } = member(request);
      const present = destinations.present(organisation, request.body.preset);
      if (present !== undefined) return reply.code(200).send(present);
      const added = destinations.add(organisation, request.body);
      audit(studio, request, { action: 'destination.add', what: added.name, after: named(request.body) });
      return reply.code(201).send(added);
    },
  );
  app.patch(
    '/api/destinations/:destination',
    { config: { right: 'editor' }, schema: { params, body, response: { 200: destination } } },
    (request) => {
      const { organisation } = member(request);
      const { name, server, preset } = destinations.get(organisation, request.params.destination);
      const changed = destinations.change(organisation, request.params.destination, request.body);
      audit(studio, request, {
        action: 'destination.change',
        what: changed.name,
        before: { name, server, preset },
        after: named(request.body),
      });
      return changed;
    },
  );
  app.delete(
    '/api/destinations/:destination',
    { config: { right: 'editor' }, schema: { params, response: { 204: z.null() } } },
    async (request, reply) => {
      const gone = destinations.remove(member(request).organisation, request.params.destination);
      audit(studio, request, { action: 'destination.remove', what: gone.name, before: { server: gone.server } });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/destinations/:destination/test',
    {
      config: { right: 'operator' },
      schema: {
        summary: 'Pushes a test picture for some seconds; a job whose steps are the links of the chain',
        params,
        response: { 202: job },
      },
    },
    async (request, reply) => {
      const { organisation } = member(request);
      const view = destinations.get(organisation, request.params.destination);
      const output = destinations.output(organisation, view.id, studio.data);
      audit(studio, request, { action: 'destination.test', what: view.name });
      const started = studio.jobs.run(
        { kind: 'test-push', organisation, room: null, steps: TEST_STEPS },
        async ({ signal, step }) => {
          const result = await testPush({ view, output, work: studio.work, signal, step });
          destinations.noteTest(view.id, { ...result, at: new Date().toISOString() });
          return result;
        },
      );
      return reply.code(202).send(started);
    },
  );
  app.get(
    '/api/rooms/:id/destinations',
    {
      config: { right: 'viewer' },
      schema: {
        params: roomParams,
        response: { 200: z.object({ destinations: z.array(destination.extend({ live: z.boolean() })) }) },
      },
    },
    (request) => {
      const { id, organisation } = roomOf(request);
      return {
        destinations: destinations
          .ofRoom(id)
          .map((one) => ({ ...destinations.get(organisation, one.id), live: one.live })),
      };
    },
  );
  app.put(
    '/api/rooms/:id/destinations',
    {
      config: { right: 'editor' },
      schema: {
        params: roomParams,
        body: z.strictObject({ ids: z.array(z.string().max(64)).max(30) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id, organisation } = roomOf(request);
      const before = destinations.ofRoom(id);
      const { ids } = request.body;
      // One that leaves the room leaves the show.
      for (const one of before)
        if (one.live && !ids.includes(one.id))
          await runs.setLive(roomOf(request), one.id, false).catch(() => undefined);
      destinations.setRoom(organisation, id, ids);
      audit(studio, request, {
        action: 'room.destinations',
        what: ids.map((one) => destinations.get(organisation, one).name).join(', '),
        before: before.map((one) => one.id),
      });
      return reply.code(204).send(null);
    },
  );
  for (const [word, isLive] of [
    ['on', true],
    ['off', false],
  ] as const) {
    app.post(
      `/api/rooms/:id/destinations/:destination/${word}`,
      {
        config: { right: 'operator' },
        schema: {
          summary: isLive ? 'A destination joins the show on air' : 'A destination leaves the show on air',
          params: roomParams.extend(params.shape),
          response: { 200: process },
        },
      },
      async (request) => {
        const row = roomOf(request);
        const { destination: which } = request.params;
        await runs.setLive(row, which, isLive);
        audit(studio, request, { action: `destination.${word}`, what: destinations.get(row.organisation, which).name });
        return processView(studio, rooms.row(row.id)!);
      },
    );
  }
}
