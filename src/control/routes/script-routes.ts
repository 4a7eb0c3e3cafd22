import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  lineBody,
  linePatch,
  linePut,
  scriptBody,
  scriptPatch,
  segmentBody,
  segmentPatch,
  segmentPut,
} from '../../config/script-edit.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';
import { parseBody } from '../parse-body.js';

/** A script of 500 segments in many wordings. */
const SCRIPT_BODY_BYTES = 8 * 1024 * 1024;

export const jumpBody = z.strictObject({
  segment: z.string().describe('Id of a segment'),
  line: z.string().optional().describe('Id of a line in it; default: its first'),
  now: z.boolean().optional().describe('Cut the script line on air instead of waiting for its end'),
});
export const skipBody = z.strictObject({
  now: z.boolean().optional().describe('End the line at once instead of at its sentence'),
});

type Segment = { Params: { segment: string } };
type Line = { Params: { segment: string; line: string } };

const SEGMENT = '/api/script/segments/:segment';
const LINE = `${SEGMENT}/lines/:line`;

/** `/api/script`: the running script, its edits, and moving through it. */
export function scriptRoutes(app: FastifyInstance, { script }: Pick<RoomHandle, 'script'>): void {
  const large = { bodyLimit: SCRIPT_BODY_BYTES };
  app.get('/api/script', () => script.snapshot());
  app.put('/api/script', large, (request) =>
    script.replace(parseBody(scriptBody, request.body, 'PUT /api/script').segments),
  );
  app.patch('/api/script', (request) => script.change(parseBody(scriptPatch, request.body, 'PATCH /api/script')));
  app.post('/api/script/segments', large, async (request, reply) => {
    const { after, ...segment } = parseBody(segmentBody, request.body, 'POST /api/script/segments');
    return reply.code(201).send(await script.addSegment(segment, after));
  });
  app.put<Segment>(SEGMENT, large, (request) =>
    script.putSegment(
      idOf(request.params.segment),
      parseBody(segmentPut, request.body, 'PUT /api/script/segments/:segment'),
    ),
  );
  app.patch<Segment>(SEGMENT, (request) =>
    script.patchSegment(
      request.params.segment,
      parseBody(segmentPatch, request.body, 'PATCH /api/script/segments/:segment'),
    ),
  );
  app.post<Segment>(`${SEGMENT}/lines`, async (request, reply) => {
    const { after, ...line } = parseBody(lineBody, request.body, 'POST /api/script/segments/:segment/lines');
    return reply.code(201).send(await script.addLine(request.params.segment, line, after));
  });
  app.put<Line>(LINE, ({ params, body }) =>
    script.putLine(
      params.segment,
      idOf(params.line),
      parseBody(linePut, body, 'PUT /api/script/segments/:segment/lines/:line'),
    ),
  );
  app.patch<Line>(LINE, ({ params, body }) =>
    script.patchLine(
      params.segment,
      params.line,
      parseBody(linePatch, body, 'PATCH /api/script/segments/:segment/lines/:line'),
    ),
  );
  app.post('/api/script/jump', (request) => script.jump(parseBody(jumpBody, request.body, 'POST /api/script/jump')));
  app.post('/api/script/skip', (request) => script.skip(parseBody(skipBody, request.body, 'POST /api/script/skip')));
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.post('/api/script/pause', () => script.pause());
    bare.post('/api/script/resume', () => script.resume());
    bare.delete<Segment>(SEGMENT, async (request, reply) => {
      await script.deleteSegment(request.params.segment);
      return reply.code(204).send();
    });
    bare.delete<Line>(LINE, async ({ params }, reply) => {
      await script.deleteLine(params.segment, params.line);
      return reply.code(204).send();
    });
  });
}

const id = segmentBody.shape.id.unwrap();

const idOf = (text: string): string => parseBody(id, text, 'the id in the address');
