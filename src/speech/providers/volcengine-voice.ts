import { randomUUID } from 'node:crypto';
import { rawSamples } from './decode-audio.js';
import { VoiceFault } from './voice-fault.js';
import { callVoice, readJson } from './voice-http.js';
import type { HeardWord, SourceClip, SourceRequest, SourceSettings, VoiceSource } from './voice-source.js';

const USUAL_URL = 'https://openspeech.bytedance.com';
const USUAL_RESOURCE = 'seed-tts-1.0';
const RATE_HZ = 24_000;
const DONE = 20_000_000;
const TEXT_CODES: ReadonlySet<number> = new Set([40_402_003]);

interface Part {
  readonly code?: number;
  readonly message?: string;
  readonly data?: string | null;
  readonly sentence?: {
    readonly words?: readonly { readonly word?: unknown; readonly startTime?: unknown }[] | null;
  } | null;
  /** Gateways answer in this form. */
  readonly header?: { readonly code?: number; readonly message?: string };
}

/**
 * Volcengine (Doubao) V3: `POST /api/v3/tts/unidirectional`, answered by JSON lines with pieces of the sound. Voices of
 * model 1.0 time their words; voices of 2.0 are aligned.
 */
export class VolcengineVoice implements VoiceSource {
  readonly identity: string;
  private readonly base: string;

  constructor(private readonly settings: SourceSettings) {
    this.base = (settings.baseUrl ?? USUAL_URL).replace(/\/+$/, '');
    const { name, model = USUAL_RESOURCE, style = '' } = settings;
    this.identity = ['volcengine', this.base, model, name, style].join('|');
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const { name, model = USUAL_RESOURCE, style } = this.settings;
    const semitones = Math.max(-12, Math.min(12, Math.round(12 * Math.log2(pitch))));
    const reply = await callVoice({
      url: `${this.base}/api/v3/tts/unidirectional`,
      headers: { ...this.keys(), 'x-api-resource-id': model, 'x-api-request-id': randomUUID() },
      body: {
        user: { uid: 'showroom' },
        req_params: {
          text,
          speaker: name,
          audio_params: {
            format: 'pcm',
            sample_rate: RATE_HZ,
            speech_rate: Math.round(Math.max(-50, Math.min(100, (rate - 1) * 100))),
            enable_timestamp: true,
            ...(style === undefined ? {} : { emotion: style }),
          },
          // The judged text must be the audible text: by default the service leaves out text in brackets.
          additions: JSON.stringify({
            max_length_to_filter_parenthesis: 0,
            ...(semitones === 0 ? {} : { post_process: { pitch: semitones } }),
          }),
        },
      },
      signal,
    });
    const sound: Buffer[] = [];
    const words: HeardWord[] = [];
    let isDone = false;
    for (const part of (await readJson(reply, signal)) as Part[]) {
      const { code = 0, message = '' } = part.code === undefined ? (part.header ?? {}) : part;
      if (code === DONE) isDone = true;
      else if (code !== 0) throw faultOf(code, message);
      if (typeof part.data === 'string' && part.data !== '') sound.push(Buffer.from(part.data, 'base64'));
      for (const { word, startTime } of part.sentence?.words ?? [])
        if (typeof word === 'string' && typeof startTime === 'number')
          words.push({ text: word, atMs: startTime * 1000 });
    }
    if (!isDone) throw new VoiceFault('passing', 'an answer that ends before its last line');
    return { pcm: rawSamples(Buffer.concat(sound)), rateHz: RATE_HZ, words, phonemes: [] };
  }

  private keys(): Record<string, string> {
    const { apiKey = '', accountId } = this.settings;
    return accountId === undefined
      ? { 'x-api-key': apiKey }
      : { 'x-api-app-id': accountId, 'x-api-access-key': apiKey };
  }
}

/** 45 and 40 million are the caller's faults, 55 million the service's; quota and concurrency pass. */
function faultOf(code: number, message: string): VoiceFault {
  const found = `code ${code} (${message})`;
  if (TEXT_CODES.has(code)) return new VoiceFault('text', found);
  if (code >= 55_000_000 || /quota|concurren|limit/i.test(message)) return new VoiceFault('passing', found);
  return new VoiceFault('setup', found);
}
