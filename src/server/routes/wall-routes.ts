import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import { durationOf } from '../../core/time.js';
import { EngineError } from '../../core/errors.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { member, requireHost, roomOf } from '../guard.js';
import { room, roomParams } from '../schemas.js';
import { treeUse, Usage } from '../process-use.js';
import type { Studio } from '../studio.js';
import { roomView } from '../views.js';

const MAX_MS = 400 * 86_400_000;
const MAX_SESSIONS = 100;

/** The wall of all rooms, the machine, reports and the audit. */
export function wallRoutes(app: StudioApp, studio: Studio): void {
  const { rooms, live } = studio;
  const usage = new Usage();
  /** Of a room that runs on another machine. */
  const fetchRecords = async (id: string): Promise<void> => studio.host.fetchRecords?.(id, rooms.folder(id));
  app.get(
    '/api/wall',
    {
      config: { right: 'viewer' },
      schema: {
        response: {
          200: z.object({ rooms: z.array(z.object({ room, summary: z.looseObject({ level: z.string() }) })) }),
        },
      },
    },
    (request) => ({
      rooms: rooms
        .list(member(request).organisation)
        .map((row) => ({ room: roomView(studio, row), summary: { ...live.summary(row) } })),
    }),
  );
  app.put(
    '/api/wall/order',
    {
      config: { right: 'operator' },
      schema: { body: z.strictObject({ ids: z.array(z.string().max(64)).max(500) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { organisation } = member(request);
      const own = rooms.list(organisation);
      for (const [i, id] of request.body.ids.entries()) {
        const row = own.find((one) => one.id === id);
        if (row !== undefined) rooms.place(row, i + 1);
      }
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/machine',
    {
      config: { right: 'viewer' },
      schema: {
        response: {
          200: z.object({
            cores: z.int(),
            cpu: z.number().describe('Share of all cores since the last call'),
            load: z.number(),
            memory: z.object({ usedMb: z.number(), totalMb: z.number() }),
            disk: z.object({ freeMb: z.number(), totalMb: z.number() }),
            rooms: z.array(z.object({ id: z.string(), cpu: z.number(), rssMb: z.number() })),
            studio: z.object({ rssMb: z.number() }),
          }),
        },
      },
    },
    async (request) => {
      const disk = await statfs(studio.data);
      const mb = (bytes: number): number => Math.round(bytes / 1e6);
      const own = rooms.list(member(request).organisation);
      const list = own.flatMap((row) => {
        const { pid } = studio.host.status(row.id);
        const use = pid === null ? undefined : treeUse(pid);
        return use === undefined ? [] : [{ id: row.id, cpu: usage.share(row.id, use.cpuMs), rssMb: mb(use.rssBytes) }];
      });
      return {
        cores: cpus().length,
        cpu: usage.machine(),
        load: loadavg()[0]!,
        memory: { usedMb: mb(totalmem() - freemem()), totalMb: mb(totalmem()) },
        disk: { freeMb: mb(disk.bavail * disk.bsize), totalMb: mb(disk.blocks * disk.bsize) },
        rooms: list,
        studio: { rssMb: mb(process.memoryUsage.rss()) },
      };
    },
  );
  app.get(
    '/api/rooms/:id/report/sessions',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'Shows of a room that can be reported, newest first',
        params: roomParams,
        response: {
          200: z.object({
            sessions: z.array(
              z.object({
                id: z.string(),
                startedAt: z.string(),
                endedAt: z.string(),
                ended: z.enum(['stopped', 'failed', 'killed', 'on-air']),
                frames: z.int(),
                replaced: z.int(),
                late: z.int(),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      await fetchRecords(roomOf(request).id);
      const found = await studio.work.ask('sessions', { file: rooms.file(roomOf(request).id), sinceMs: MAX_MS });
      return {
        sessions: found.slice(0, MAX_SESSIONS).map(({ id, atMs, untilMs, ended, frames, replaced, late }) => ({
          id: String(id),
          startedAt: new Date(atMs).toISOString(),
          endedAt: new Date(untilMs).toISOString(),
          ended,
          frames,
          replaced,
          late,
        })),
      };
    },
  );
  app.get(
    '/api/rooms/:id/report',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'Figures of the shows in a time that ends now, or at `until`; or of one show',
        params: roomParams,
        querystring: z.strictObject({
          since: z.string().max(10).default('24h'),
          until: z.iso.datetime().optional(),
          session: z.string().max(20).optional(),
        }),
        response: { 200: z.unknown() },
      },
    },
    async (request) => {
      const { id } = roomOf(request);
      const file = rooms.file(id);
      await fetchRecords(id);
      const { since, until, session } = request.query;
      if (session !== undefined) {
        const shows = await studio.work.ask('sessions', { file, sinceMs: MAX_MS });
        const one = shows.find(({ id }) => String(id) === session);
        if (one === undefined)
          throw new EngineError('E_NOT_FOUND', { where: `show ${session}`, found: 'no such show of this room' });
        return studio.work.ask('report', { file, span: { atMs: one.atMs, untilMs: one.untilMs } });
      }
      const sinceMs = durationOf(since);
      if (sinceMs === undefined || sinceMs <= 0 || sinceMs > MAX_MS)
        throw new EngineError('E_BAD_REQUEST', { where: 'since', expected: '30m, 24h or 7d', found: since });
      const untilMs = until === undefined ? Date.now() : Math.min(Date.parse(until), Date.now());
      return studio.work.ask('report', { file, span: { atMs: untilMs - sinceMs, untilMs } });
    },
  );
  app.get(
    '/api/audit',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Who changed what, newest first',
        querystring: z.strictObject({
          room: z.string().max(64).optional(),
          limit: z.coerce.number().int().min(1).max(500).default(100),
          before: z.coerce.number().int().min(1).optional(),
        }),
        response: {
          200: z.object({
            entries: z.array(
              z.object({
                id: z.int(),
                at: z.string(),
                by: z.object({ id: z.string(), name: z.string() }),
                room: z.string().nullable(),
                action: z.string(),
                what: z.string(),
                before: z.unknown(),
                after: z.unknown(),
              }),
            ),
          }),
        },
      },
    },
    (request) => {
      const { room: which, limit, before } = request.query;
      const entries = studio.audits.list(member(request).organisation, {
        limit,
        ...(which === undefined ? {} : { room: which }),
        ...(before === undefined ? {} : { before }),
      });
      return {
        entries: entries.map(({ id, atMs, by, room: of, action, what, before: was, after }) => ({
          id,
          at: new Date(atMs).toISOString(),
          by: { ...by },
          room: of,
          action,
          what,
          before: was ?? null,
          after: after ?? null,
        })),
      };
    },
  );

  const smtp = z.strictObject({
    host: z.string().min(1).max(200),
    port: z.int().min(1).max(65_535),
    secure: z.boolean(),
    user: z.string().max(200),
    from: z.string().min(3).max(200),
  });
  app.get(
    '/api/settings/smtp',
    {
      config: { right: 'owner' },
      schema: { response: { 200: z.object({ smtp: smtp.extend({ hasPassword: z.boolean() }).nullable() }) } },
    },
    (request) => {
      requireHost(studio, request);
      return { smtp: studio.mailer.view() };
    },
  );
  app.put(
    '/api/settings/smtp',
    {
      config: { right: 'owner' },
      schema: {
        body: smtp.extend({ password: z.string().max(500).optional() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      requireHost(studio, request);
      const { password, ...rest } = request.body;
      studio.mailer.put(rest, password);
      audit(studio, request, { action: 'settings.smtp', what: rest.host, after: rest });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/settings/smtp',
    { config: { right: 'owner' }, schema: { response: { 204: z.null() } } },
    async (request, reply) => {
      requireHost(studio, request);
      studio.mailer.remove();
      audit(studio, request, { action: 'settings.smtp', what: 'removed' });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/settings/smtp/test',
    {
      config: { right: 'owner' },
      schema: { summary: 'Sends a mail to oneself', response: { 200: z.object({ to: z.string() }) } },
    },
    async (request) => {
      requireHost(studio, request);
      const to = member(request).email;
      await studio.mailer.send({ to, subject: 'Showroom', text: 'Mail works. 邮件设置有效。' });
      return { to };
    },
  );
}
