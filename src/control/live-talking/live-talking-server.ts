/**
 * LiveTalking's HTTP interface on a port of its own, so that programs written for it can drive a room.
 *
 * Problem: those programs send no token and read `{code, msg}` with status 200, and cannot add a header or a query to
 * each address.
 * Rule: the token is asked for as everywhere. It may come as a Bearer token, as `?token=`, or at the start of the path
 * (`/token/TOKEN/human`), so that the program's base address carries it. What the room refuses is `code: -1` with
 * the reason.
 */
import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError, toEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { MAX_SAY_CHARACTERS, type RoomHandle } from '../../config/api/room-handle.js';
import { guardAccess, networkOf } from '../access.js';
import { depthWithin } from '../bodies.js';
import { Connections, usualLimits } from '../connections.js';
import { listen } from '../listen.js';
import { parsed } from '../api.js';

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
function liveTalkingRoutes(app: FastifyInstance, room: RoomHandle): void {
  const sessions = new Set<string>();
  const known = (id: string | number | undefined): void => {
    const name = String(id ?? '');
    // "0" was the only session of older versions.
    if (name === '' || name === '0' || sessions.has(name)) return;
    throw new EngineError('E_BAD_REQUEST', { where: 'sessionid', found: 'session not found' });
  };

  app.post('/offer', async (request, reply) => {
    const { sdp } = parsed(offer, request.body, 'POST /offer');
    const from = { holdsToken: true, address: networkOf(request.ip) };
    const { id, answer } = await room.whepOffer(sdp, from);
    sessions.add(id);
    if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.values().next().value!);
    return reply.send({ sdp: answer, type: 'answer', sessionid: id });
  });

  app.post('/human', async (request) => {
    const { sessionid: id, text, type, interrupt = false } = parsed(human, request.body, 'POST /human');
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
    known(parsed(session, request.body ?? {}, 'POST /interrupt_talk').sessionid);
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
    known(parsed(session, request.body ?? {}, 'POST /is_speaking').sessionid);
    return ok(room.snapshot().speaking !== null);
  });

  const without: Readonly<Record<string, string>> = {
    '/humanaudio': 'sound without words cannot be judged, so it is not played; send the words to /human',
    '/record': 'recordings are outputs of kind "recording" in the room file',
    '/set_audiotype': 'gestures and clips belong to the lines of the script',
  };
  for (const [path, msg] of Object.entries(without)) app.post(path, () => no(msg));
}

export interface LiveTalkingOptions {
  readonly room: RoomHandle;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  readonly log: Log;
}

const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 16;

export class LiveTalkingServer implements Closeable {
  private constructor(
    private readonly app: FastifyInstance,
    /** `http://host:port`. */
    readonly url: string,
    readonly routes: readonly { readonly method: string; readonly url: string }[],
  ) {}

  /** Throws E_PORT_IN_USE. */
  static async start({ room, host, port, token, log }: LiveTalkingOptions): Promise<LiveTalkingServer> {
    const connections = new Connections(usualLimits(), log);
    const app = fastify({
      logger: false,
      bodyLimit: MAX_BODY_BYTES,
      forceCloseConnections: true,
      serverFactory: (listener) => connections.server(listener),
      rewriteUrl: (request) => takeToken(request.url ?? '/', request.headers),
    });
    const routes: { method: string; url: string }[] = [];
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
    app.setErrorHandler((error, _request, reply) => replyWithCode(error, reply, log));
    app.setNotFoundHandler((request) => {
      throw new EngineError('E_NOT_FOUND', {
        where: `${request.method} ${request.url.split('?')[0]}`,
        found: 'an address of LiveTalking that this engine lacks',
      });
    });
    guardAccess(app, { token, loopback: /^(127\.|localhost$|::1$)/.test(host), log });
    connections.follow(app);
    takeAnyJson(app);
    liveTalkingRoutes(app, room);
    const { url } = await listen(app, host, port);
    return new LiveTalkingServer(app, url, routes);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** Moves the token from the address into the header; returns the address without it. */
function takeToken(url: string, headers: Record<string, unknown>): string {
  const inPath = /^\/token\/([^/?#]{1,200})(\/.*)?$/s.exec(url);
  const inQuery = /[?&]token=([^&#]{1,200})/.exec(url);
  const given = inPath?.[1] ?? inQuery?.[1];
  if (given === undefined) return url;
  if (headers['authorization'] === undefined) headers['authorization'] = `Bearer ${decoded(given)}`;
  return inPath === null ? url.replace(inQuery![0], inQuery![0].startsWith('?') ? '?' : '') : (inPath[2] ?? '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Its clients send JSON with any content type, or with none. */
function takeAnyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body: string, done) => {
    // A form with a sound file is refused by its route, without being read as JSON.
    if (/^multipart\//i.test(request.headers['content-type'] ?? '')) return done(null, undefined);
    if (body.trim() === '') return done(null, {});
    try {
      const value: unknown = JSON.parse(body);
      if (depthWithin(value, MAX_DEPTH)) return done(null, value);
    } catch {
      // Told below.
    }
    done(
      new EngineError('E_BAD_REQUEST', {
        where: request.url.split('?')[0]!,
        expected: 'JSON',
        found: 'a body that is not JSON',
      }),
    );
  });
}

/** Refusals of the room have status 200, as LiveTalking answers; access, size and unknown addresses keep theirs. */
function replyWithCode(error: unknown, reply: FastifyReply, log: Log): void {
  const size = (error as { statusCode?: number }).statusCode;
  const known = isEngineError(error) ? error : toEngineError(error, 'LiveTalking API');
  const own = size === undefined ? known.httpStatus : size;
  const status = [401, 403, 404, 413, 429].includes(own) ? own : 200;
  if (known.code === 'E_INTERNAL' && size === undefined)
    log.error({ error: String(known.cause ?? known) }, 'a request of the LiveTalking API failed');
  const msg = known.code === 'E_INTERNAL' ? 'the engine could not do it; see its log' : known.message;
  void reply.code(status).send({ code: -1, msg });
}
