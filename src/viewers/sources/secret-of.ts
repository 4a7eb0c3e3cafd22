import { EngineError } from '../../core/errors.js';

/** The value of a `${NAME}` of the room file; undefined when the file names none. Throws E_ENV_MISSING. */
export function secretOf(reference: string | undefined, env: NodeJS.ProcessEnv, where: string): string | undefined {
  if (reference === undefined) return undefined;
  const name = reference.slice(2, -1);
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new EngineError('E_ENV_MISSING', {
    where,
    expected: `environment variable ${name}`,
    found: 'not set',
    todo: `set ${name} before starting, or remove the source`,
  });
}
