/** Shapes that several routes share; they describe answers in /openapi.json. */
import { z } from 'zod';
import { ROLES } from './roles.js';

export const twoTexts = z.object({ en: z.string(), zh: z.string() });
export const role = z.enum(ROLES);
export const by = z.object({ id: z.string(), name: z.string() });
export const json = z.record(z.string(), z.unknown());

export const roomParams = z.object({ id: z.string().min(1).max(64) });

export const process = z.object({
  state: z.enum(['off', 'starting', 'preview', 'on-air', 'stopping', 'failed']),
  wanted: z.enum(['off', 'preview', 'on-air']).describe('What it was last asked to be'),
  since: z.string().nullable(),
  startedBy: z.string(),
  restarts: z.int(),
  pid: z.int().nullable(),
  error: z.string().describe('Why the engine ended last; empty while all is well'),
  live: z.array(z.string()).describe('Destinations that are to be on air now'),
});

export const room = z.object({
  id: z.string(),
  title: z.string(),
  language: z.string(),
  orientation: z.enum(['portrait', 'landscape']),
  width: z.int(),
  height: z.int(),
  template: z.string().nullable(),
  version: z.int(),
  updatedAt: z.string(),
  updatedBy: z.string(),
  products: z.int(),
  destinations: z.int(),
  position: z.int(),
  still: z.string(),
  process,
});

export const saved = z.object({
  version: z.int(),
  etag: z.string(),
  changed: z.array(z.string()),
  needsRestart: z.array(z.string()).describe('Sections that the running room takes over at its next start'),
});

const errorBody = z.object({
  code: z.string(),
  message: z.string(),
  where: z.string(),
  expected: z.string().optional(),
  found: z.string().optional(),
  todo: z.string().optional(),
  details: json,
});

export const job = z.object({
  id: z.string(),
  kind: z.string(),
  room: z.string().nullable(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  steps: z.array(
    z.object({
      id: z.string(),
      text: twoTexts,
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      done: z.number().optional(),
      of: z.number().optional(),
      note: twoTexts.optional(),
    }),
  ),
  result: z.unknown(),
  error: errorBody.nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
