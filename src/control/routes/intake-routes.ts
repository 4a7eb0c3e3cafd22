import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';

const INTAKE_BODY_BYTES = 4 * 1024 * 1024;

export const captureBody = z.strictObject({
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
  app.post('/api/intake', { bodyLimit: INTAKE_BODY_BYTES, config: { holdsPage: true } }, async (request) => {
    const { save = false, add = false, url, html, data } = parseBody(captureBody, request.body, 'POST /api/intake');
    const taken = await room.intake.take({ url, html, data }, { save: save || add });
    if (!add) return { ...taken, added: false };
    const { id } = taken.product as { id: string };
    await room.products.put(id, taken.product);
    return { ...taken, added: true };
  });
}
