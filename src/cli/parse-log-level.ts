import { EngineError } from '../core/errors.js';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** ENGINE_LOG, or the default when it is unset. Throws E_BAD_REQUEST. */
export function logLevel(given: string | undefined, usual: string): string {
  if (given === undefined || given === '') return usual;
  if (LEVELS.includes(given)) return given;
  throw new EngineError('E_BAD_REQUEST', {
    where: 'ENGINE_LOG',
    expected: `one of ${LEVELS.join(', ')}`,
    found: `"${given}"`,
  });
}
