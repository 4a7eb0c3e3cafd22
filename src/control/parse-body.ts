import type { z } from 'zod';
import { valueFault } from '../config/value-fault.js';
import { EngineError } from '../core/errors.js';

/** Checks a request body; throws E_BAD_REQUEST with the first wrong field. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown, where: string): z.infer<T> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, body, schema);
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: fault.where === '' ? where : `${where}: ${fault.where}` });
}
