import { z } from 'zod';
import { SPEECH_LINKS } from '../../core/handles/avatar-handle.js';
import { SOURCE_STEPS } from '../../core/handles/source-step.js';
import type { RouteDocs } from './route-doc.js';

const state = z.looseObject({
  source: z.enum(['pack', 'whip', 'rtmp']),
  step: z.enum(SOURCE_STEPS).nullable().describe('What viewers see of it; null for a presenter of the room itself'),
  connected: z.boolean(),
  picture: z.object({ width: z.int(), height: z.int() }).nullable(),
  received: z.int().describe('Decoded pictures'),
  dropped: z.int().describe('Pictures that came faster than the room shows them'),
  lostPackets: z.int(),
  lostTags: z.int(),
  decoders: z.int().describe('Starts of the decoder'),
  speech: z
    .object({
      sent: z.int(),
      failed: z.int(),
      dropped: z.int(),
      lastError: z.string(),
      link: z.enum(SPEECH_LINKS).nullable().describe('State of the WHIP connection; null for LiveTalking'),
    })
    .nullable()
    .describe('Lines that were sent to the other engine'),
});
const sdp = z.string().describe('Session description');

/** Routes of a presenter whose pictures come from another engine. */
export const AVATAR_DOCS: RouteDocs = {
  'GET /api/presenter/source': {
    tag: 'operate',
    summary: { en: 'State of an external avatar', zh: '外部数字人状态' },
    answer: state,
  },
  'POST /whip/avatar': {
    tag: 'operate',
    summary: { en: 'Send an avatar by WHIP', zh: '通过 WHIP 推送数字人画面' },
    body: sdp,
    bodyType: 'application/sdp',
    query: z.object({ key: z.string().optional().describe('Stream key, for engines that send no header') }),
    answer: 'application/sdp',
    status: 201,
    errors: [400, 401, 409, 429],
  },
  'DELETE /whip/avatar/:id': {
    tag: 'operate',
    summary: { en: 'Disconnect the avatar', zh: '断开数字人画面' },
    answer: 'text/plain',
    errors: [404],
  },
};
