import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { MAX_CLIP_SECONDS } from '../../core/handles/desk-handle.js';
import { actorOf } from '../actor.js';
import { ignoreBodies } from '../bodies.js';
import { parseBody } from '../parse-body.js';

export const ruleBody = z.strictObject({ on: z.boolean() });
export const commentAnswerBody = z.strictObject({ text: z.string().trim().min(1).max(1000) });
export const hiddenViewerBody = z.strictObject({
  platform: z.string().min(1).max(40),
  user: z.string().min(1).max(200),
});
export const acknowledgeBody = z.strictObject({ kind: z.string().max(40), subject: z.string().max(200) }).partial();
export const clipQuery = z.strictObject({ seconds: z.coerce.number().int().min(1).max(MAX_CLIP_SECONDS).default(30) });

type Named = { Params: { id: string } };

/** What a person at the desk sees and does beside script, products and sound. */
export function deskRoutes(app: FastifyInstance, room: Pick<RoomHandle, 'desk' | 'snapshot'>): void {
  const { desk } = room;
  const snapshot = (): ReturnType<RoomHandle['snapshot']> => room.snapshot();
  const seqOf = (request: FastifyRequest<{ Params: { seq: string } }>): number =>
    parseBody(z.coerce.number().int().min(1), request.params.seq, `${request.method} /api/comments/:seq`);

  app.get('/api/rules', () => ({ rules: desk.rules() }));
  app.put<Named>('/api/rules/:id', (request) => {
    desk.setRule(request.params.id, parseBody(ruleBody, request.body, 'PUT /api/rules/:id').on);
    return { rules: desk.rules() };
  });
  app.post<{ Params: { seq: string } }>('/api/comments/:seq/answer', async (request, reply) => {
    const { text } = parseBody(commentAnswerBody, request.body, 'POST /api/comments/:seq/answer');
    const result = await desk.answerComment(seqOf(request), text);
    return reply.code(result.result === 'refused' ? 422 : 202).send(result);
  });
  app.get('/api/viewers/hidden', () => ({ hidden: desk.hidden() }));
  app.post('/api/viewers/hidden', (request) => {
    desk.hide(parseBody(hiddenViewerBody, request.body, 'POST /api/viewers/hidden'));
    return { hidden: desk.hidden() };
  });
  app.delete('/api/viewers/hidden', (request) => {
    desk.unhide(parseBody(hiddenViewerBody, request.body, 'DELETE /api/viewers/hidden'));
    return { hidden: desk.hidden() };
  });
  app.post('/api/alarms/acknowledge', (request) => {
    const which = parseBody(acknowledgeBody, request.body, 'POST /api/alarms/acknowledge');
    return { acknowledged: desk.acknowledge(which, actorOf(request)) };
  });
  app.put<Named>('/api/outputs/:id', async (request) => {
    await desk.putOutput(request.params.id, request.body);
    return { outputs: snapshot().outputs };
  });
  app.get('/api/clip', async (request, reply) => {
    const { seconds } = parseBody(clipQuery, request.query, 'GET /api/clip');
    return reply.header('content-type', 'video/mp4').send(await desk.clip(seconds));
  });
  app.get<{ Params: { file: string } }>('/api/evidence/:file', async (request, reply) => {
    const { contentType, body } = await desk.evidence(request.params.file);
    return reply.header('content-type', contentType).header('x-content-type-options', 'nosniff').send(body);
  });
  app.get<Named>('/api/products/:id/picture', async (request, reply) => {
    const { contentType, body } = await desk.productPicture(request.params.id);
    return reply.header('content-type', contentType).header('cache-control', 'private, no-cache').send(body);
  });
  app.get('/api/machine', () => desk.machine());
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.post<{ Params: { seq: string } }>('/api/comments/:seq/show', async (request, reply) => {
      const result = await desk.showComment(seqOf(request));
      return reply.code(result.result === 'refused' ? 422 : 202).send(result);
    });
    bare.delete<Named>('/api/outputs/:id', async (request, reply) => {
      await desk.removeOutput(request.params.id);
      return reply.code(204).send();
    });
    bare.post<Named>('/api/outputs/:id/reconnect', (request) => {
      desk.reconnectOutput(request.params.id);
      return { outputs: snapshot().outputs };
    });
    bare.post('/api/recording', async () => {
      await desk.record(true);
      return { outputs: snapshot().outputs };
    });
    bare.delete('/api/recording', async (_request, reply) => {
      await desk.record(false);
      return reply.code(204).send();
    });
  });
}
