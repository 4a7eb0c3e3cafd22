import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';

export const INTAKE_BODY_BYTES = 4 * 1024 * 1024;

const capture = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(4000)
    .describe('Address of the product page'),
  html: z.string().optional().describe('The page as the browser shows it'),
  data: z
    .record(z.string().max(60), z.unknown())
    .optional()
    .describe("The page's own objects by their names there: detailData, context, __ICE_APP_CONTEXT__, jsonLd"),
  save: z.boolean().optional().describe('Also write it, with its pictures, beside the ledger'),
  add: z.boolean().optional().describe('Also add it to the products of the room on air'),
});

/** `POST /api/intake {url, html?, data?, save?, add?}`: a product page becomes a product. Nothing is fetched but its pictures. */
export function intakeRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.post('/api/intake', { bodyLimit: INTAKE_BODY_BYTES }, async (request) => {
    const { save = false, add = false, url, html, data } = parseBody(capture, request.body, 'POST /api/intake');
    if (add && room.putProduct === undefined)
      throw new EngineError('E_BAD_REQUEST', {
        where: 'POST /api/intake: add',
        expected: 'a room whose products can change on air',
        found: 'one whose products come from its file',
        todo: 'send save instead, and put the product into the room file',
      });
    const taken = await room.intake.take({ url, html, data }, { save: save || add });
    if (!add) return { ...taken, added: false };
    const { id } = taken.product as { id: string };
    await room.putProduct?.(id, taken.product);
    return { ...taken, added: true };
  });
}
