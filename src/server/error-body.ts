import type { EngineError } from '../core/errors.js';

/** An error as the API answers it. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly where: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly todo?: string | undefined;
  readonly details: Record<string, unknown>;
}

export const errorBody = ({ code, message, where, expected, found, todo, details }: EngineError): ErrorBody => ({
  code,
  message,
  where,
  expected,
  found,
  todo,
  details: { ...details },
});
