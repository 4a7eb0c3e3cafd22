/**
 * `passing`: another try later may do better. `setup`: key, address, voice or account are wrong. `text`: this text is
 * refused, others are not.
 */
export type VoiceFaultKind = 'passing' | 'setup' | 'text';

/** Why a voice gave no sound. */
export class VoiceFault extends Error {
  constructor(
    readonly kind: VoiceFaultKind,
    message: string,
    /** The service asks for this pause. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

const SETUP: ReadonlySet<number> = new Set([401, 402, 403, 404, 405]);
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** The fault of an HTTP status; `said`: the message of the service. */
export function statusFault(status: number, said: string, retryAfter: string | null | undefined): VoiceFault {
  const kind = SETUP.has(status) ? 'setup' : status >= 500 || PASSING.has(status) ? 'passing' : 'text';
  return new VoiceFault(kind, `status ${status}${said === '' ? '' : ` (${said})`}`, pauseMs(retryAfter ?? null));
}

/** Seconds or a date, as RFC 9110 has it. */
function pauseMs(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null || header === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
