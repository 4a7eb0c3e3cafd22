import type { PhonemeMark } from '../speech-provider.js';

/**
 * `passing`: another try later may do better. `setup`: key, address, voice or account are wrong. `text`: this text is
 * refused, others are not.
 */
type VoiceFaultKind = 'passing' | 'setup' | 'text';

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

/** One piece of a line, as it goes to a service: plain words, without markup and pictures. */
export interface SourceRequest {
  readonly text: string;
  /** BCP-47. */
  readonly language: string;
  /** Speed, 1 is normal. */
  readonly rate: number;
  /** Pitch, 1 is normal. */
  readonly pitch: number;
}

/** A word as a service reports it. */
export interface HeardWord {
  readonly text: string;
  readonly atMs: number;
  /** UTF-16 offset in the request's text, where the service says it. */
  readonly at?: number;
}

export interface SourceClip {
  /** Mono. */
  readonly pcm: Int16Array;
  readonly rateHz: number;
  /** In order; empty when the service times no words. */
  readonly words: readonly HeardWord[];
  /** In samples of `pcm`; empty when the service times no sounds. */
  readonly phonemes: readonly PhonemeMark[];
}

/**
 * A service or model that speaks one voice. Throws a VoiceFault, or the signal's reason when it is aborted. Its key
 * goes into headers and into no message.
 */
export interface VoiceSource {
  /** Identifies voice, model and settings: another identity speaks other samples. Holds no key. */
  readonly identity: string;
  synthesise(request: SourceRequest, signal: AbortSignal): Promise<SourceClip>;
  close?(): Promise<void>;
}

/** A service's voice as the room file sets it, without defaults, and its key. */
export interface SourceSettings {
  readonly name: string;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
  readonly style?: string | undefined;
}
