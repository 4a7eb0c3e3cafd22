import { z } from 'zod';
import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { member, roomOf } from '../guard.js';
import { job, roomParams, saved, twoTexts } from '../schemas.js';
import { STYLES } from '../../writer/plan-schema.js';
import type { Studio } from '../studio.js';
import { savedView } from '../views.js';
import { fixFor, findingText, applyFix } from '../rooms/fixes.js';
import { callEngine } from '../engine-call.js';

const language = z.string().min(2).max(35);
const surface = z.enum(['speech', 'caption', 'reply']).default('speech');
const hit = z.object({
  start: z.int(),
  end: z.int(),
  match: z.string(),
  rule: z.string(),
  kind: z.string(),
  action: z.string(),
});
const WRITE_STEPS = [
  { id: 'write', text: { en: 'Writing the script', zh: '撰写脚本' } },
  { id: 'judge', text: { en: 'Judging the lines', zh: '审核台词' } },
  { id: 'save', text: { en: 'Saving', zh: '保存' } },
];
const CHECK_STEPS = [{ id: 'check', text: { en: 'Checking the room', zh: '检查直播间' } }];

/** Script, judge, voice, questions to the host, and the check of a room. */
export function scriptRoutes(app: StudioApp, studio: Studio): void {
  const { rooms } = studio;
  let rules: { id: string; text: TwoTexts }[] | undefined;

  app.post(
    '/api/rooms/:id/script/write',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Writes the script from the products; a job',
        params: roomParams,
        body: z.strictObject({
          minutes: z.number().min(1).max(600).default(10),
          style: z.enum(STYLES).default(STYLES[0]),
          wordings: z.int().min(1).max(20).default(3),
          languages: z.array(language).max(18).default([]).describe('Default: the language of the room'),
          products: z.array(z.string().max(64)).max(50).optional(),
          keep: z.boolean().default(false).describe('Keeps the segments of other products'),
        }),
        response: { 202: job },
      },
    },
    async (request, reply) => {
      const row = roomOf(request);
      const { organisation, id, name } = member(request);
      const { keep, ...input } = request.body;
      const started = studio.jobs.run(
        { kind: 'script', organisation, room: row.id, steps: WRITE_STEPS },
        async ({ signal, step }) => {
          step('write');
          const written = await studio.work.run(
            'script',
            { file: rooms.file(row.id), ...input, useModel: false },
            { signal, onProgress: ({ done }) => step(done > 1 ? 'judge' : 'write') },
          );
          step('save');
          const done = await rooms.edit(row, { id, name }, (document) => {
            const { script = {} } = document as { script?: { segments?: { id?: string; product?: string }[] } };
            const fresh = new Set(written.segments.map((one) => one.id));
            const kept = keep
              ? (script.segments ?? []).filter(
                  (one) => !fresh.has(one.id ?? '') && input.products?.includes(one.product ?? '') !== true,
                )
              : [];
            return { ...document, script: { ...script, segments: [...kept, ...written.segments] } };
          });
          const { lines, seconds, leftOut } = written;
          return { ...(await savedView(studio, row, done)), lines, seconds, leftOut };
        },
      );
      audit(studio, request, { action: 'script.write', what: `${input.minutes} min`, after: input });
      return reply.code(202).send(started);
    },
  );
  app.post(
    '/api/rooms/:id/script/judge',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'Judges texts as the room does before it speaks or shows them',
        params: roomParams,
        body: z.strictObject({
          texts: z
            .array(
              z.strictObject({
                id: z.string().max(100),
                text: z.string().max(4000),
                language: language.optional(),
                product: z.string().max(64).optional(),
                surface,
              }),
            )
            .min(1)
            .max(500),
        }),
        response: {
          200: z.object({
            results: z.array(
              z.object({
                id: z.string(),
                verdict: z.enum(['clean', 'warn', 'refused']),
                hits: z.array(hit.extend({ text: twoTexts, suggestion: z.string().optional() })),
                seconds: z.number(),
                spokenAs: z.string(),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const judged = await studio.work.ask('judge', {
        file: rooms.file(roomOf(request).id),
        texts: request.body.texts,
      });
      const named = { clean: 'clean', review: 'warn', violation: 'refused' } as const;
      return {
        results: judged.map(({ id, verdict, hits, seconds, spokenAs, suggestion }) => ({
          id,
          verdict: named[verdict],
          hits: hits.map(({ start, end, match, rule, kind, action, text }) => ({
            start,
            end,
            match,
            rule,
            kind,
            action: String(action),
            text,
            ...(suggestion === null ? {} : { suggestion }),
          })),
          seconds,
          spokenAs,
        })),
      };
    },
  );
  app.post(
    '/api/rooms/:id/script/line',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Another wording of one line, judged; nothing is saved',
        params: roomParams,
        body: z.strictObject({ segment: z.int().min(0).max(999), line: z.int().min(0).max(999) }),
        response: { 200: z.object({ text: z.string() }) },
      },
    },
    async (request) => ({
      text: await studio.work.ask('line', { file: rooms.file(roomOf(request).id), ...request.body }),
    }),
  );
  app.post(
    '/api/rooms/:id/voice',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'A line in the presenter’s voice, as WAV',
        params: roomParams,
        body: z.strictObject({
          text: z.string().trim().min(1).max(600),
          language: language.optional(),
          role: z.enum(['host', 'assistant']).default('host'),
        }),
        response: { 200: z.unknown() },
      },
    },
    async (request, reply) => {
      const { wav, voice } = await studio.work.ask('voice', { file: rooms.file(roomOf(request).id), ...request.body });
      return reply.type('audio/wav').header('x-voice', encodeURIComponent(voice)).send(Buffer.from(wav));
    },
  );
  app.post(
    '/api/rooms/:id/ask',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'What the host would answer; nothing is said',
        params: roomParams,
        body: z.strictObject({ text: z.string().trim().min(1).max(500) }),
        response: { 200: z.unknown() },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const endpoint = studio.host.endpoint(row.id);
      if (endpoint !== undefined) return callEngine(endpoint, 'POST', '/api/ask', request.body);
      return studio.work.ask('ask', { file: rooms.file(row.id), text: request.body.text });
    },
  );
  app.get(
    '/api/rules',
    {
      config: { right: 'viewer' },
      schema: {
        response: { 200: z.object({ rules: z.array(z.object({ id: z.string(), text: twoTexts })) }) },
      },
    },
    async () => {
      rules ??= await studio.work.ask('rules', undefined as never);
      return { rules };
    },
  );

  app.post(
    '/api/rooms/:id/check',
    {
      config: { right: 'viewer' },
      schema: { summary: 'Checks the whole room as `engine check`; a job', params: roomParams, response: { 202: job } },
    },
    async (request, reply) => {
      const row = roomOf(request);
      const { organisation } = member(request);
      const started = studio.jobs.run(
        { kind: 'check', organisation, room: row.id, steps: CHECK_STEPS },
        async ({ signal, step }) => {
          step('check');
          const { version } = await rooms.read(row);
          const report = await studio.work.run(
            'check',
            { file: rooms.file(row.id) },
            {
              signal,
              onProgress: ({ done, of, what }) =>
                step('check', { done, of, note: { en: `Checking ${what}`, zh: `正在检查第 ${done} 项` } }),
            },
          );
          return {
            room: row.id,
            version,
            checked: report.checked,
            faults: report.faults.map((fault) => ({
              ...fault,
              text: findingText(fault),
              fix: fixFor(fault),
            })),
            missing: report.missing,
          };
        },
      );
      return reply.code(202).send(started);
    },
  );
  app.post(
    '/api/rooms/:id/fix',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Mends a finding of the check where there is a way',
        params: roomParams,
        body: z.strictObject({ fix: z.string().max(60), where: z.string().max(200) }),
        response: { 200: saved },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const { fix, where } = request.body;
      const done = await rooms.edit(row, { id, name }, (document) => applyFix(document, fix, where));
      audit(studio, request, { action: 'room.fix', what: `${fix} at ${where}` });
      return savedView(studio, row, done);
    },
  );
}
