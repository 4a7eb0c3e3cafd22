import { EngineError, type ErrorCode } from '../errors.js';

/** An EngineError as plain data, since messages between processes and threads lose the class of an error. */
export interface CarriedError {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly where: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly todo: string | undefined;
  readonly details: Record<string, unknown>;
}

/** Undefined for any other error. */
export function carriedError(error: unknown): CarriedError | undefined {
  if (!(error instanceof EngineError)) return undefined;
  const { code, where, expected, found, todo, details } = error;
  return { kind: 'refused', code, where, expected, found, todo, details };
}

export function errorFrom({ code, where, expected, found, todo, details }: CarriedError): EngineError {
  return new EngineError(code, {
    where,
    details,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    ...(todo === undefined ? {} : { todo }),
  });
}
