/** What every refused request says. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly where: string;
  readonly expected?: string;
  readonly found?: string;
  readonly todo?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  /** Seconds until another try is allowed. */
  readonly retryAfter: number | null;

  constructor(status: number, body: ErrorBody, retryAfter: number | null = null) {
    super(body.message);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

const isBody = (value: unknown): value is { error: ErrorBody } =>
  typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'object';

/** A refused or unreachable request as an error with words. */
export function errorOf(response: Response | undefined, body: unknown): ApiError {
  const after = Number(response?.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(after) ? after : null;
  const status = response?.status ?? 0;
  if (isBody(body)) return new ApiError(status, body.error, retryAfter);
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const code = typeof said['code'] === 'string' ? said['code'] : `E_HTTP_${status}`;
  const message = typeof said['message'] === 'string' ? said['message'] : `HTTP ${status}`;
  return new ApiError(status, { code, message, where: response?.url ?? '' }, retryAfter);
}
