import { createHash } from 'node:crypto';
import type { ViewerEvent } from '../../config/api/events-handle.js';

const MAX_TEXT = 500;
const MAX_NAME = 60;
const MAX_ID = 120;
const MAX_COUNT = 1_000_000;
/** The last moment that a date can hold. */
const LAST_MS = 8.64e15;

/** An event as a platform reported it, not yet trusted. */
export interface RawEvent {
  /** The platform's id of the event. */
  readonly id: unknown;
  readonly platform: string;
  readonly kind: ViewerEvent['kind'];
  readonly user?: unknown;
  readonly text?: unknown;
  readonly count?: unknown;
  readonly atMs?: unknown;
}

/**
 * Brings a stranger's event into the engine's shape: one line of text, bounded lengths, an id of this source. Returns
 * undefined for a comment without words and for an event without an id.
 */
export function shapeEvent(source: string, raw: RawEvent): ViewerEvent | undefined {
  const id = oneLine(raw.id, 10_000);
  const text = oneLine(raw.text, MAX_TEXT);
  if (id === '' || (raw.kind === 'comment' && text === '')) return undefined;
  const count = Math.floor(numberOf(raw.count));
  const atMs = numberOf(raw.atMs);
  return {
    id: `${source}:${id.length > MAX_ID ? shortHash(id) : id}`,
    platform: raw.platform,
    kind: raw.kind,
    user: oneLine(raw.user, MAX_NAME),
    ...(text === '' ? {} : { text }),
    ...(count >= 1 ? { count: Math.min(MAX_COUNT, count) } : {}),
    ...(atMs > 0 && atMs <= LAST_MS ? { atMs } : {}),
  };
}

/** NaN for lists and objects: one nested deeply would overflow the stack on its way to a number. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' ? Number(value) : NaN;

/** Characters that change the direction of what follows, and marks of direction. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Controls and line breaks become blanks, marks of direction are dropped; a cut never leaves half of a surrogate pair. */
export function oneLine(value: unknown, max: number): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, max * 4)
    .replace(DIRECTIONS, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
}

/** 96 bits of a hash, for ids. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** The members of a parsed JSON object; empty for anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The value of a JSON text; undefined for other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
