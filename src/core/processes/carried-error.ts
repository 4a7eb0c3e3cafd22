import { EngineError } from '../errors.js';

/** An EngineError as plain data, since messages between processes and threads lose the class of an error. */
export interface CarriedError extends Pick<EngineError, 'code' | 'where' | 'expected' | 'found' | 'todo' | 'details'> {
  readonly kind: 'refused';
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
