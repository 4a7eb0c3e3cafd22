import { EngineError, type ErrorCode } from '../../core/errors.js';
import type { AmfValue } from './amf0.js';
import { scrub, type RtmpUrl } from './rtmp-url.js';

export type Fields = { readonly [key: string]: AmfValue };
export const isFields = (value: AmfValue): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: AmfValue): string => (typeof value === 'string' ? value : '');

/** Builds a connection's errors, without its key. */
export class RtmpErrors {
  constructor(
    private readonly url: RtmpUrl,
    private readonly where: string,
  ) {}

  of(code: ErrorCode, found: string, cause?: unknown): EngineError {
    const todo =
      code === 'E_OUTPUT_REFUSED' ? 'check the key, and that nobody else publishes with it' : 'the engine retries';
    return new EngineError(code, { where: this.where, found: scrub(found, this.url), todo, cause });
  }

  /** Error from the information object of an `_error` or `onStatus`. */
  refusal(info: Fields): EngineError {
    const said = [textOf(info['code']), textOf(info['description'])].filter((part) => part !== '').join(': ');
    return this.of('E_OUTPUT_REFUSED', said === '' ? 'refused without a reason' : scrub(said, this.url));
  }
}
