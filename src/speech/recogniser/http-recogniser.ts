import { setTimeout as wait } from 'node:timers/promises';
import {
  AnswerTooLarge,
  faultMessageIn,
  type HeldAnswer,
  heldFetch,
  noAnswerReason,
} from '../../core/net/held-fetch.js';
import { TimeLimit } from '../../core/sleep.js';
import { withoutSecret } from '../../core/secrets.js';
import { EngineError } from '../../core/errors.js';
import {
  RECOGNISER_RATE_HZ,
  type RecogniseRequest,
  type Recogniser,
  type Transcript,
  type HeardText,
} from './speech-recogniser.js';

const MAX_WORDS = 5000;

type Fields = Readonly<Record<string, unknown>>;

/** The transcript of a `verbose_json` or `json` answer; undefined for anything else. */
export function readTranscript(answer: string): Transcript | undefined {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    return undefined;
  }
  if (!isFields(value) || typeof value['text'] !== 'string') return undefined;
  const words = heardTexts(value['words'], 'word');
  return {
    text: value['text'],
    words: words.length > 0 ? words : heardTexts(wordsInSegments(value['segments']), 'word'),
    segments: heardTexts(value['segments'], 'text'),
  };
}

/** Several servers (whisper.cpp, faster-whisper) list the words within their segments. */
function wordsInSegments(segments: unknown): unknown {
  if (!Array.isArray(segments) || segments.length > MAX_WORDS) return [];
  return segments.flatMap((one: unknown) => (isFields(one) && Array.isArray(one['words']) ? one['words'] : []));
}

/** A list with a damaged item counts as none: words must not fall out of it. */
function heardTexts(list: unknown, key: 'word' | 'text'): HeardText[] {
  if (!Array.isArray(list) || list.length > MAX_WORDS) return [];
  const texts = list.map((one: unknown): HeardText | undefined => {
    if (!isFields(one)) return undefined;
    const { start, end } = one;
    const text = one[key] ?? one['word'] ?? one['text'];
    if (typeof text !== 'string' || typeof start !== 'number' || typeof end !== 'number') return undefined;
    if (!(start >= 0) || !(end >= start)) return undefined;
    return { text, startMs: start * 1000, endMs: end * 1000 };
  });
  return texts.includes(undefined) ? [] : (texts as HeardText[]);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** A mono sound as a WAV file of 16 bits. */
export function wavOf(pcm: Float32Array, rateHz: number): Buffer<ArrayBuffer> {
  const wav = Buffer.alloc(44 + 2 * pcm.length);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + 2 * pcm.length, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rateHz, 24);
  wav.writeUInt32LE(2 * rateHz, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(2 * pcm.length, 40);
  for (let i = 0; i < pcm.length; i += 1)
    wav.writeInt16LE(Math.round(Math.max(-1, Math.min(1, pcm[i]!)) * 32_767), 44 + 2 * i);
  return wav;
}

/*
 * The problem: a server may be slow, refuse for a while, or cut its answer, and a live voice waits only seconds.
 * The rule: one time limit for a piece of voice with all its tries; a failure that may pass (408, 429, 5xx, a lost
 * connection, a cut answer) is tried again within it, after `Retry-After` where the server asks for one. The key goes
 * into one header and into no message; a redirect is not followed, since it would take the key elsewhere.
 */

const FIRST_DELAY_MS = 150;
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const MAX_FOUND_CHARS = 200;
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504]);

export interface HttpRecogniserOptions {
  /** Address before "/audio/transcriptions". */
  readonly baseUrl: string;
  readonly model: string;
  /** Never shown. */
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
}

class Fault extends Error {
  constructor(
    message: string,
    readonly passes: boolean,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** Audio transcriptions of an OpenAI-compatible server. */
export class HttpRecogniser implements Recogniser {
  readonly name: string;
  private readonly address: string;

  constructor(private readonly options: HttpRecogniserOptions) {
    this.address = `${options.baseUrl.replace(/\/+$/, '')}/audio/transcriptions`;
    this.name = `${options.model} at ${new URL(this.address).host}`;
  }

  async recognise({ pcm, language, signal }: RecogniseRequest): Promise<Transcript> {
    const { timeoutMs } = this.options;
    const limit = new TimeLimit(timeoutMs, signal);
    try {
      return await this.within(limit, language, pcm, signal);
    } finally {
      limit.end();
    }
  }

  private async within(
    limit: TimeLimit,
    language: string,
    pcm: Float32Array,
    signal: AbortSignal,
  ): Promise<Transcript> {
    const { timeoutMs } = this.options;
    const wav = wavOf(pcm, RECOGNISER_RATE_HZ);
    let last = 'no answer';
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.once(wav, language, limit.signal);
      } catch (error) {
        signal.throwIfAborted();
        if (limit.isOver) throw this.failed(`no words within ${timeoutMs / 1000} s${tries > 1 ? ` (${last})` : ''}`);
        const fault = error instanceof Fault ? error : new Fault(noAnswerReason(error), true);
        if (!fault.passes) throw this.failed(fault.message);
        last = fault.message;
        // The limit ends the waiting.
        await wait(fault.retryAfterMs ?? FIRST_DELAY_MS * 2 ** (tries - 1), undefined, { signal: limit.signal }).catch(
          () => undefined,
        );
        signal.throwIfAborted();
        if (limit.isOver) throw this.failed(`${last}, and no words within ${timeoutMs / 1000} s`);
      }
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async once(wav: Buffer<ArrayBuffer>, language: string, signal: AbortSignal): Promise<Transcript> {
    const { model, apiKey } = this.options;
    const form = new FormData();
    form.append('file', new Blob([wav], { type: 'audio/wav' }), 'voice.wav');
    form.append('model', model);
    form.append('language', language.split('-')[0]!.toLowerCase());
    form.append('response_format', 'verbose_json');
    form.append('timestamp_granularities[]', 'word');
    form.append('timestamp_granularities[]', 'segment');
    form.append('temperature', '0');
    const reply = await heldFetch(this.address, {
      method: 'POST',
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      body: form,
      redirect: 'error',
      signal,
    });
    const text = await bounded(reply);
    if (!reply.ok) {
      const after = Number(reply.headers.get('retry-after') ?? Number.NaN);
      const found = `status ${reply.status}${faultMessageIn(text)}`;
      throw new Fault(found, PASSING.has(reply.status), after >= 0 ? after * 1000 : undefined);
    }
    const transcript = readTranscript(text);
    if (transcript === undefined) throw new Fault('an answer without a transcript', true);
    return transcript;
  }

  private failed(found: string): EngineError {
    const { apiKey } = this.options;
    const shown = withoutSecret(found, apiKey);
    return new EngineError('E_RECOGNISER_FAILED', {
      where: `recogniser ${this.name}`,
      expected: 'the words of a piece of voice',
      found: shown.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, MAX_FOUND_CHARS),
    });
  }
}

/** The text of an answer; a larger one is a fault. */
async function bounded(reply: HeldAnswer): Promise<string> {
  if (!reply.ok) return reply.beginning();
  return reply.text(MAX_ANSWER_BYTES).catch((error: unknown) => {
    if (!(error instanceof AnswerTooLarge)) throw error;
    throw new Fault(`an answer of more than ${MAX_ANSWER_BYTES >> 20} MB`, false);
  });
}
