import { z } from 'zod';
import { TAKEOVER_MODES } from '../../core/handles/takeover-handle.js';
import { sayAnswer } from './answers.js';
import { takeoverAudioQuery, takeoverBody, takeoverSayBody } from '../routes/takeover-routes.js';
import type { RouteDocs } from './route-doc.js';

const state = z.looseObject({
  on: z.boolean(),
  mode: z.enum(TAKEOVER_MODES).nullable(),
  recogniser: z.string().nullable(),
  noVoice: z.string().describe('Why a voice cannot take over; empty when it can'),
  quickPhrases: z.array(z.object({ id: z.string(), text: z.string() })),
});
const sdp = z.string().describe('Session description');

/** Routes by which a person takes over the show. */
export const TAKEOVER_DOCS: RouteDocs = {
  'GET /api/takeover': {
    tag: 'operate',
    summary: { en: 'Whether a person has taken over', zh: '人工接管状态' },
    answer: state,
  },
  'POST /api/takeover': {
    tag: 'operate',
    summary: { en: 'Take over the show', zh: '人工接管' },
    body: takeoverBody,
    answer: state,
    errors: [400, 409],
  },
  'DELETE /api/takeover': {
    tag: 'operate',
    summary: { en: 'Give the show back', zh: '结束接管' },
    answer: state,
  },
  'POST /api/takeover/say': {
    tag: 'operate',
    summary: { en: 'Speak a typed line or a quick phrase at once', zh: '立即播报文字或快捷话术' },
    body: takeoverSayBody,
    answer: sayAnswer,
    status: 202,
    errors: [400, 404, 409, 422],
  },
  'POST /api/takeover/audio': {
    tag: 'operate',
    summary: { en: 'Play a recording once its words are judged', zh: '播放录音（先识别并审核）' },
    body: z.string().describe('A WAV, MP3, Ogg or FLAC file, at most 30 MB and 10 minutes'),
    bodyType: 'audio/*',
    query: takeoverAudioQuery,
    answer: z.looseObject({ lines: z.int(), text: z.string(), durationMs: z.int(), silencedMs: z.int() }),
    status: 202,
    errors: [400, 409, 413, 422, 502],
  },
  'POST /whip/takeover': {
    tag: 'operate',
    summary: { en: 'Connect a microphone by WHIP', zh: '通过 WHIP 接入麦克风' },
    body: sdp,
    bodyType: 'application/sdp',
    answer: 'application/sdp',
    status: 201,
    errors: [400, 409],
  },
  'DELETE /whip/takeover/:id': {
    tag: 'operate',
    summary: { en: 'Disconnect the microphone', zh: '断开麦克风' },
    answer: 'text/plain',
    errors: [404],
  },
};
