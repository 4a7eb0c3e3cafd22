import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';
import { MAX_SAY_CHARACTERS } from '../routes/say-routes.js';
import { networkOf } from '../wrong-tokens.js';

/** Sessions that are remembered; a room has one show, so a session names a viewer only. */
const MAX_SESSIONS = 200;

const sessionid = z.union([z.string().max(200), z.number()]).optional();
const human = z.object({
  sessionid,
  text: z.string().min(1).max(MAX_SAY_CHARACTERS),
  type: z.enum(['echo', 'chat']),
  interrupt: z.boolean().optional(),
});
const session = z.object({ sessionid });
const offer = z.object({ sdp: z.string().min(1).max(200_000), type: z.literal('offer') });

/** `{code: 0, msg: "ok", data?}`. Unknown fields of a body are ignored: clients send options of other engines. */
const ok = (data?: unknown): object => ({ code: 0, msg: 'ok', ...(data === undefined ? {} : { data }) });
const no = (msg: string): object => ({ code: -1, msg });

/** The addresses of LiveTalking that have a meaning here; the others say why they have none. */
export function liveTalkingRoutes(app: FastifyInstance, room: RoomHandle): void {
  const sessions = new Set<string>();
  const known = (id: string | number | undefined): void => {
    const name = String(id ?? '');
    // "0" was the only session of older versions.
    if (name === '' || name === '0' || sessions.has(name)) return;
    throw new EngineError('E_BAD_REQUEST', { where: 'sessionid', found: 'session not found' });
  };

  app.post('/offer', async (request, reply) => {
    const { sdp } = parseBody(offer, request.body, 'POST /offer');
    const from = { holdsToken: true, address: networkOf(request.ip) };
    const { id, answer } = await room.whepOffer(sdp, from);
    sessions.add(id);
    if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.values().next().value!);
    return reply.send({ sdp: answer, type: 'answer', sessionid: id });
  });

  app.post('/human', async (request) => {
    const { sessionid: id, text, type, interrupt = false } = parseBody(human, request.body, 'POST /human');
    known(id);
    // Read aloud, Markdown's asterisks are words.
    const words = text.replaceAll('**', '');
    if (type === 'chat') {
      const { taken } = room.sources.takePage('livetalking', [{ id: randomUUID(), user: '', text: words }]);
      return taken > 0 ? ok() : no('the room takes no more comments now');
    }
    const { result, reason } = await room.say(words, { next: true, ...(interrupt ? { interrupt } : {}) });
    return result === 'refused' ? no(`refused: ${reason?.en ?? 'it breaks a rule'}`) : ok();
  });

  app.post('/interrupt_talk', async (request) => {
    known(parseBody(session, request.body ?? {}, 'POST /interrupt_talk').sessionid);
    // Its queue holds the lines sent here; the script and answers to viewers keep theirs.
    const { waiting, scheduled } = room.agenda.snapshot();
    for (const { id, kind } of [...waiting, ...scheduled]) {
      // If it has begun in the meantime, it is the line to skip.
      if (kind === 'operator') await room.agenda.cancel(id).catch(() => undefined);
    }
    await room.script.skip({ now: true });
    return ok();
  });

  app.post('/is_speaking', (request) => {
    known(parseBody(session, request.body ?? {}, 'POST /is_speaking').sessionid);
    return ok(room.snapshot().speaking !== null);
  });

  const without: Readonly<Record<string, string>> = {
    '/humanaudio': 'sound without words cannot be judged, so it is not played; send the words to /human',
    '/record': 'recordings are outputs of kind "recording" in the room file',
    '/set_audiotype': 'gestures and clips belong to the lines of the script',
  };
  for (const [path, msg] of Object.entries(without)) app.post(path, () => no(msg));
}
