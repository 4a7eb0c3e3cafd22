import type { z } from 'zod';
import { EngineError } from '../core/errors.js';

/** Checks a request body; throws E_BAD_REQUEST that names the first wrong field. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown, where: string): z.infer<T> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = issue.path.map(String).join('.');
  throw new EngineError('E_BAD_REQUEST', {
    where: field === '' ? where : `${where}: ${field}`,
    expected:
      issue.code === 'unrecognized_keys' ? 'only known fields' : issue.message.replace(/^Invalid input: expected /, ''),
    found: issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'something else',
  });
}
