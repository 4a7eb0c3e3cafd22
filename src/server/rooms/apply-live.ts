import type { RoomEndpoint } from '../../core/room-host.js';
import type { Log } from '../../core/log.js';
import { callEngine } from '../engine-call.js';
import { same } from './merge-rooms.js';
import type { Saved } from './rooms.js';

type Json = Record<string, unknown>;
interface Named extends Json {
  readonly id: string;
}

/** Sections that mean nothing on air. */
const QUIET: ReadonlySet<string> = new Set(['$schema', 'name', 'title']);

/**
 * Makes saved changes also true of a room on air, by the live edits that its API has. The engine judges each before it is
 * shown. Returns the sections for which there is no live edit, or one that was refused.
 */
export async function applyLive(
  endpoint: RoomEndpoint,
  { changed, before, after }: Saved,
  log: Log,
): Promise<string[]> {
  const left: string[] = [];
  // Products first: a script that names a new one is refused before it.
  const order = ['products', 'layers', 'presenter', 'audio', 'script'];
  const sections = changed.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  for (const section of sections) {
    if (QUIET.has(section)) continue;
    try {
      if (!(await applySection(endpoint, section, before[section], after[section]))) left.push(section);
    } catch (error) {
      log.warn({ section, error: String(error) }, 'a saved change waits for the next start of its room');
      left.push(section);
    }
  }
  return left;
}

async function applySection(endpoint: RoomEndpoint, section: string, was: unknown, is: unknown): Promise<boolean> {
  switch (section) {
    case 'products':
      return applyList(endpoint, '/api/products', was, is);
    case 'layers':
      return applyList(endpoint, '/api/layers', was, is);
    case 'script':
      return applyScript(endpoint, was, is);
    case 'presenter':
      await callEngine(endpoint, 'PUT', '/api/presenter', is);
      return true;
    case 'audio':
      await callEngine(endpoint, 'PATCH', '/api/audio', is);
      return true;
    default:
      return false;
  }
}

async function applyList(endpoint: RoomEndpoint, path: string, was: unknown, is: unknown): Promise<boolean> {
  const [before, after] = [named(was), named(is)];
  for (const [id, value] of after) {
    if (same(before.get(id), value)) continue;
    const { id: _id, ...rest } = value;
    await callEngine(endpoint, 'PUT', `${path}/${encodeURIComponent(id)}`, path === '/api/layers' ? rest : value);
  }
  for (const id of before.keys())
    if (!after.has(id)) await callEngine(endpoint, 'DELETE', `${path}/${encodeURIComponent(id)}`);
  return true;
}

async function applyScript(endpoint: RoomEndpoint, was: unknown, is: unknown): Promise<boolean> {
  const { segments: before, ...otherBefore } = (was ?? {}) as Json;
  const { segments: after, ...otherAfter } = (is ?? {}) as Json;
  if (!same(before, after)) await callEngine(endpoint, 'PUT', '/api/script', { segments: after ?? [] });
  return same(otherBefore, otherAfter);
}

const named = (list: unknown): Map<string, Named> =>
  new Map((Array.isArray(list) ? (list as Named[]) : []).map((one) => [one.id, one]));
