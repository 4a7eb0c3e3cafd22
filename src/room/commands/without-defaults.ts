import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';

/** A value without the keys that its schema fills in by itself. */
export function withoutDefaults(schema: z.ZodType, value: object): Readonly<Record<string, unknown>> {
  let bare: Record<string, unknown> = Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
  for (const key of Object.keys(bare)) {
    const { [key]: _dropped, ...rest } = bare;
    const parsed = schema.safeParse(rest);
    if (parsed.success && isDeepStrictEqual(clean(parsed.data), clean(value))) bare = rest;
  }
  return bare;
}

/** Without undefined keys, since they equal absent ones. */
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
