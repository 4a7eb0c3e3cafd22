/**
 * Decides who may use a route.
 *
 * Problem: one route without a check opens an organisation's rooms to everybody.
 * Rule: every route names its right when it is registered, or the server does not start. A request that changes
 * something comes from the studio's own pages or from a program. A room of another organisation does not exist. Changes
 * with cookies and WebSockets are refused from other sites whatever the cookie's own rules are.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireLoopbackHost } from '../control/auth.js';
import { requireOwnOrigin, WrongTokens } from '../control/access.js';
import { EngineError } from '../core/errors.js';
import type { RoomRow } from '../store/studio/rooms-table.js';
import type { Person } from './accounts/accounts.js';
import type { StudioApp } from './app.js';
import { hasRight, type Right, type Role } from './roles.js';
import type { Studio } from './studio.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; every route of the studio has it. */
    right?: Right;
    /** The right depends on the request: the handler checks it with `requireRight`. */
    ownRights?: boolean;
  }
  interface FastifyRequest {
    person: Person | null;
    /** Of addresses below `/api/rooms/:id`. */
    roomRow: RoomRow | null;
  }
}

/** Whoever sits at a machine without accounts. */
export const LOCAL_ORGANISATION = 'local';
const LOCAL: Person = {
  id: 'local',
  name: 'Local',
  email: '',
  twoFactorEnabled: false,
  organisation: LOCAL_ORGANISATION,
  role: 'owner',
};

export interface GuardedRoute {
  readonly method: string;
  readonly url: string;
  readonly right: Right;
}

/** Call it before any route is added. Returns the list of routes, which fills as they are added. */
export function guardRoutes(app: StudioApp, studio: Studio, { loopback }: { loopback: boolean }): GuardedRoute[] {
  const routes: GuardedRoute[] = [];
  const wrongKeys = new WrongTokens(studio.log);
  app.addHook('onRoute', ({ method, url, config }) => {
    const right = config?.right;
    if (right === undefined) throw new Error(`${[method].flat().join(',')} ${url}: a route without a right`);
    for (const one of [method].flat()) routes.push({ method: one, url, right });
  });
  app.decorateRequest('person', null);
  app.decorateRequest('roomRow', null);
  app.addHook('onRequest', async (request, reply) => {
    if (loopback) requireLoopbackHost(request);
    requireOwnOrigin(request);
    request.person = await whoSends(request, studio);
    const right = request.is404 ? 'public' : (request.routeOptions.config.right ?? 'owner');
    if (request.person === null && request.headers.authorization !== undefined)
      countWrongKey(request, reply, wrongKeys);
    requireRight(request, right);
    const { id } = (request.params ?? {}) as { id?: string };
    if (id !== undefined && request.routeOptions.url?.startsWith('/api/rooms/:id') === true)
      request.roomRow = findRoom(studio, request.person, id);
  });
  return routes;
}

async function whoSends(request: FastifyRequest, studio: Studio): Promise<Person | null> {
  if (studio.noAuth) return LOCAL;
  if (!request.url.startsWith('/api/')) return null;
  return (await studio.accounts.identify(headersOf(request))) ?? null;
}

/** @throws EngineError E_UNAUTHORIZED, E_FORBIDDEN */
export function requireRight(request: FastifyRequest, right: Right): void {
  if (right === 'public') return;
  const { person } = request;
  const where = `${request.method} ${request.url.split('?')[0]}`;
  if (person === null)
    throw new EngineError('E_UNAUTHORIZED', {
      where,
      expected: 'a session, or Authorization: Bearer KEY',
      found: 'nobody signed in',
      todo: 'sign in again',
    });
  if (right === 'user' || hasRight(person.role, right)) return;
  throw new EngineError('E_FORBIDDEN', {
    where,
    expected: `the role ${right}, or a higher one`,
    found: person.role ?? 'no role in an organisation',
    todo: 'ask an owner of the organisation',
  });
}

/** A room of another organisation is as unknown as one that does not exist. */
export function findRoom(studio: Pick<Studio, 'rooms'>, person: Person | null, id: string): RoomRow {
  const room = studio.rooms.row(id);
  if (room !== undefined && person !== null && room.organisation === person.organisation) return room;
  throw new EngineError('E_NOT_FOUND', {
    where: `room ${id.slice(0, 64)}`,
    expected: 'a room of your organisation',
    found: 'no such room',
  });
}

/** The person of a route that needs a role. */
export function member(request: FastifyRequest): Person & { organisation: string; role: Role } {
  const { person } = request;
  if (person === null || person.organisation === null || person.role === null)
    throw new EngineError('E_FORBIDDEN', { where: request.url.split('?')[0]!, found: 'no organisation' });
  return { ...person, organisation: person.organisation, role: person.role };
}

/** Settings of the machine are for whoever set the studio up, not for the owners of other organisations on it. */
export function requireHost(studio: Pick<Studio, 'accounts' | 'noAuth'>, request: FastifyRequest): void {
  if (studio.noAuth || member(request).organisation === studio.accounts.firstOrganisation()) return;
  throw new EngineError('E_FORBIDDEN', {
    where: `${request.method} ${request.url.split('?')[0]}`,
    expected: 'an owner of the organisation that runs this studio',
    found: 'an owner of another one',
    todo: 'ask whoever runs this studio',
  });
}

/** The room of a route below `/api/rooms/:id`. */
export function roomOf(request: FastifyRequest): RoomRow {
  const { roomRow } = request;
  if (roomRow === null) throw new EngineError('E_NOT_FOUND', { where: request.url.split('?')[0]!, found: 'no room' });
  return roomRow;
}

export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith(':')) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function countWrongKey(request: FastifyRequest, reply: FastifyReply, wrongKeys: WrongTokens): void {
  const retryAfterS = wrongKeys.note(request.ip);
  if (retryAfterS === 0) return;
  reply.header('retry-after', retryAfterS).header('connection', 'close');
  throw new EngineError('E_TOO_MANY_REQUESTS', {
    where: request.url.split('?')[0]!,
    expected: 'the right key',
    found: 'too many wrong keys from this address',
    todo: `try again in ${retryAfterS} s`,
  });
}
