/**
 * One error class and one table of codes for the whole engine. Code never parses messages: it reads `code` and
 * `details`. A message names the place, the expectation, the finding and the remedy.
 */

/** Maps a code to the HTTP status of an API answer. The code is the stable name. */
export const ERROR_CODES = {
  E_ROOM_JSON: 400,
  E_ROOM_INVALID: 400,
  E_ROOM_REFUSED: 422,
  E_ENV_MISSING: 400,
  E_ASSET_MISSING: 404,
  E_ASSET_INVALID: 422,
  E_ASSET_TOO_LARGE: 413,
  E_ASSET_TOO_COMPLEX: 422,
  E_ASSET_REFUSED: 422,
  E_SVG_UNSAFE: 422,
  E_FONT: 500,
  E_LAYER_INVALID: 400,
  E_LAYER_UNKNOWN: 404,
  E_LISTING_FETCH: 502,
  E_LISTING_INVALID: 422,
  E_LISTING_PAGE: 422,
  E_LLM_FAILED: 502,
  E_RECOGNISER_FAILED: 502,
  E_RECOGNISER_MISSING: 409,
  E_MODEL_FETCH: 502,
  E_MODEL_INVALID: 422,
  E_MODEL_MISSING: 404,
  E_PRESENTER_INVALID: 422,
  E_TEXT_REFUSED: 422,
  E_TEXT_TOO_LONG: 413,
  E_VOICE_UNKNOWN: 400,
  E_SPEECH_FAILED: 502,
  E_SPEECH_TIMEOUT: 504,
  E_FFMPEG_MISSING: 500,
  E_ENCODER_DIED: 502,
  E_ENCODER_STALLED: 504,
  E_BITSTREAM: 502,
  E_OUTPUT_INVALID: 400,
  E_OUTPUT_REFUSED: 502,
  E_OUTPUT_CONNECT: 502,
  E_OUTPUT_LOST: 502,
  E_OUTPUT_WEDGED: 504,
  E_DISK_FULL: 507,
  E_RECORDING: 500,
  E_RTMP_PROTOCOL: 502,
  E_SDP_INVALID: 400,
  E_TOO_MANY_VIEWERS: 503,
  E_PORT_IN_USE: 500,
  E_UNAUTHORIZED: 401,
  E_TOKEN_WEAK: 400,
  E_FOREIGN_ORIGIN: 403,
  E_FORBIDDEN: 403,
  E_TOO_MANY_REQUESTS: 429,
  E_NOT_FOUND: 404,
  E_BAD_REQUEST: 400,
  E_NATIVE: 500,
  E_LEDGER: 500,
  E_RISK: 500,
  E_STORE: 500,
  E_ROOM_RUNNING: 409,
  E_ROOM_CHANGED: 409,
  E_ROOM_OFF: 409,
  E_IN_USE: 409,
  E_TAKEOVER_OFF: 409,
  E_AVATAR_OFF: 409,
  E_RULE_STOP: 409,
  E_SCAN_FAILED: 500,
  E_PACKAGE: 500,
  E_MODEL_FAILED: 500,
  E_REDIS: 503,
  E_FLEET: 409,
  E_FLEET_STORE: 502,
  E_LEASE_LOST: 409,
  E_SEALED: 422,
  E_CLOSED: 409,
  E_REPLACED: 503,
  E_TIMEOUT: 504,
  E_INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorParts {
  /** Where it happened: `room.json: layers[3].src`, `output "taobao"`, `assets/a.svg:12`. */
  where: string;
  expected?: string;
  found?: string;
  /** The remedy. */
  todo?: string;
  cause?: unknown;
  details?: Record<string, unknown>;
}

export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly where: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly todo: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, parts: ErrorParts) {
    const { where, expected, found, todo } = parts;
    let message = where;
    if (expected !== undefined) message += `: expected ${expected}`;
    if (found !== undefined) message += `${expected === undefined ? ':' : ','} found ${found}`;
    if (todo !== undefined) message += `; ${todo}`;
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'EngineError';
    this.code = code;
    this.where = where;
    this.expected = expected;
    this.found = found;
    this.todo = todo;
    this.details = parts.details ?? {};
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code];
  }
}

export const isEngineError = (e: unknown): e is EngineError => e instanceof EngineError;

/** A module that was to be loaded now is gone, or is another version's: the package was installed or built again. */
function isReplaced(e: unknown): boolean {
  if (!(e instanceof Error)) return false;
  if ((e as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND')
    return /[\\/](?:dist|node_modules)[\\/]/.test(e.message);
  return e instanceof SyntaxError && e.message.includes('does not provide an export named');
}

/** Converts any thrown value to an EngineError; foreign errors become E_INTERNAL with the original as cause. */
export function toEngineError(e: unknown, where: string): EngineError {
  if (e instanceof EngineError) return e;
  if (isReplaced(e))
    return new EngineError('E_REPLACED', {
      where,
      expected: 'the program as it was when this process started',
      found: 'another version of it on the disk',
      todo: 'what runs goes on; start it again when that suits the show',
      cause: e,
    });
  const found = e instanceof Error ? e.message : String(e);
  return new EngineError('E_INTERNAL', { where, found, cause: e });
}

/** Removes the output's name from a message, for callers that name the output already. */
export const withoutOutput = (message: string): string => message.replace(/^output "[^"]*"(?: \([^)]*\))?: /, '');

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
