import { isEmbedded, type CloudProviderId, type FallbackVoice, type Voice } from '../../config/sections/voice.js';
import { EngineError } from '../../core/errors.js';
import { cacheFolder } from '../../core/files/own-folder.js';
import type { Log } from '../../core/log.js';
import { ClipCache } from '../clip-cache.js';
import type { EmbeddedProvider } from '../embedded-provider.js';
import { findVoice } from '../find-voice.js';
import { PiperVoice } from '../piper/piper-voice.js';
import { SherpaVoice } from '../sherpa/sherpa-voice.js';
import {
  type VoiceSource,
  type SourceSettings,
  VoiceFault,
  type HeardWord,
  type SourceClip,
  type SourceRequest,
} from '../providers/voice-source.js';
import type { SpeechChunk } from '../speech-provider.js';
import { AzureVoice } from '../providers/azure-voice.js';
import { CosyVoice } from '../providers/cosyvoice-voice.js';
import { ElevenLabsVoice } from '../providers/elevenlabs-voice.js';
import { MiniMaxVoice } from '../providers/minimax-voice.js';
import { CharacterCount, type LinkClip, VoiceLink } from './voice-link.js';
import { VoiceChain, type ChainStep } from './voice-chain.js';
import { decodeAudio, rawSamples } from '../providers/decode-audio.js';
import { callVoice, mediaType, readBytes, readJson } from '../providers/voice-http.js';
import { randomUUID } from 'node:crypto';

const USUAL_URL = 'https://api.openai.com/v1';
const USUAL_MODEL = 'gpt-4o-mini-tts';

const VOLCENGINE_VOICE_USUAL_URL = 'https://openspeech.bytedance.com';
const USUAL_RESOURCE = 'seed-tts-1.0';
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
    this.base = (settings.baseUrl ?? VOLCENGINE_VOICE_USUAL_URL).replace(/\/+$/, '');
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

/** The sample rate of `pcm` by the protocol. */
const RATE_HZ = 24_000;
/** Answers to a route that is not there. */
const NO_ROUTE = /^status (404|405|422|501)/;

/**
 * A server of OpenAI's speech protocol: `POST {base}/audio/speech`.
 *
 * The protocol times no words. Kokoro-FastAPI has a route beside it that does, so a server that is not OpenAI's own is
 * asked for that one first, once: a server without it says so.
 */
export class OpenAiVoice implements VoiceSource {
  readonly identity: string;
  private readonly base: string;
  private captioned: 'unknown' | 'yes' | 'no';

  constructor(private readonly settings: SourceSettings) {
    this.base = (settings.baseUrl ?? USUAL_URL).replace(/\/+$/, '');
    this.captioned = new URL(this.base).hostname === 'api.openai.com' ? 'no' : 'unknown';
    const { name, model = USUAL_MODEL, style = '' } = settings;
    this.identity = ['openai', this.base, model, name, style].join('|');
  }

  async synthesise(request: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    if (this.captioned !== 'no') {
      try {
        const clip = await this.speakCaptioned(request, signal);
        this.captioned = 'yes';
        return clip;
      } catch (error) {
        if (this.captioned === 'yes' || !(error instanceof VoiceFault) || !NO_ROUTE.test(error.message)) throw error;
        this.captioned = 'no';
      }
    }
    const { url, headers } = this.call('/audio/speech');
    const reply = await callVoice({ url, headers, body: this.body(request), signal });
    const type = mediaType(reply);
    const { pcm, rateHz } = decodeAudio(await readBytes(reply, signal), type, RATE_HZ);
    return { pcm, rateHz, words: [], phonemes: [] };
  }

  private call(path: string): { url: string; headers: Record<string, string> } {
    const { apiKey } = this.settings;
    return {
      url: `${this.base}${path}`,
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    };
  }

  private body({ text, rate }: SourceRequest): Record<string, unknown> {
    const { name, model = USUAL_MODEL, style } = this.settings;
    return {
      model,
      input: text,
      voice: name,
      response_format: 'pcm',
      speed: rate,
      ...(style === undefined ? {} : { instructions: style }),
    };
  }

  /** JSON objects, each with a piece of the sound or its timestamps, in either order. */
  private async speakCaptioned(request: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const { headers } = this.call('');
    const url = `${this.base.replace(/\/v1$/, '')}/dev/captioned_speech`;
    const body = { ...this.body(request), stream: false, return_timestamps: true };
    const sound: Buffer[] = [];
    const words: HeardWord[] = [];
    for (const part of (await readJson(await callVoice({ url, headers, body, signal }), signal)) as CaptionedPart[]) {
      if (typeof part?.audio === 'string') sound.push(Buffer.from(part.audio, 'base64'));
      for (const { word, start_time: startS } of part?.timestamps ?? [])
        if (typeof word === 'string' && typeof startS === 'number') words.push({ text: word, atMs: startS * 1000 });
    }
    const bytes = Buffer.concat(sound);
    if (bytes.length === 0) throw new VoiceFault('passing', 'a captioned answer without sound');
    const { pcm, rateHz } =
      bytes.subarray(0, 4).toString('latin1') === 'RIFF'
        ? decodeAudio(bytes, 'audio/wav', RATE_HZ)
        : { pcm: rawSamples(bytes), rateHz: RATE_HZ };
    return { pcm, rateHz, words, phonemes: [] };
  }
}

interface CaptionedPart {
  readonly audio?: unknown;
  readonly timestamps?: readonly { readonly word?: unknown; readonly start_time?: unknown }[] | null;
}

const SOURCES: Readonly<Record<CloudProviderId, new (settings: SourceSettings) => VoiceSource>> = {
  openai: OpenAiVoice,
  cosyvoice: CosyVoice,
  azure: AzureVoice,
  elevenlabs: ElevenLabsVoice,
  volcengine: VolcengineVoice,
  minimax: MiniMaxVoice,
};

const cloudSource = (provider: CloudProviderId, settings: SourceSettings): VoiceSource =>
  new SOURCES[provider](settings);

/** About three hours of speech at 24 kHz. */
const MAX_CACHE_BYTES = 512 << 20;
const USUAL_TIMEOUT_MS = 15_000;

export interface OpenChainOptions {
  /** Voices of the room that may be asked for: the presenter's, an assistant's. */
  readonly voices: readonly Voice[];
  /** Where keys are; undefined: nothing is called, and none is needed. */
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly embedded: EmbeddedProvider;
  /** Keeps the day's characters; undefined: in memory alone. */
  readonly countFile?: string | undefined;
  readonly cacheDir?: string | undefined;
  readonly log: Log;
  /** Wall clock in ms for days; for tests, which give rests the same clock. */
  readonly nowMs?: () => number;
}

/** Whether a room asks for more than the embedded voices. */
export const needsChain = (voices: readonly Voice[]): boolean => voices.some(({ provider }) => !isEmbedded(provider));

/** The chains of a room's voices. Throws E_ENV_MISSING for a key that is not set, E_ASSET_MISSING for a model. */
export function openChain(options: OpenChainOptions): VoiceChain {
  const { embedded, log, nowMs = Date.now } = options;
  const clips = new ClipCache<LinkClip>(options.cacheDir ?? cacheFolder('voices'), MAX_CACHE_BYTES);
  const steadyMs = options.nowMs ?? performance.now.bind(performance);
  const count = new CharacterCount(options.countFile, nowMs);
  const reference = (text: string, language: string, signal: AbortSignal): Promise<SpeechChunk | undefined> =>
    referenceOf(embedded, text, language, signal);
  const known = new Map<string, VoiceLink>();
  const stepOf = (setting: Voice | FallbackVoice, where: string): ChainStep => {
    const { provider } = setting;
    if (provider === undefined || isEmbedded(provider)) return { setting, link: undefined };
    const { source, secrets, paid } = openSource(setting, where, options);
    const name = voiceName(setting);
    // Two chains may share a voice: its rests and counts are one.
    const link =
      known.get(source.identity) ??
      new VoiceLink({
        provider,
        name,
        source,
        secrets,
        paid,
        languages: setting.languages,
        timeoutMs: setting.timeoutMs ?? USUAL_TIMEOUT_MS,
        maxCharactersPerDay: setting.maxCharactersPerDay,
        clips,
        count,
        reference,
        steadyMs,
      });
    known.set(source.identity, link);
    return { setting, link };
  };
  const chains = options.voices
    .filter(({ provider }) => !isEmbedded(provider))
    .map((voice) => [
      stepOf(voice, 'presenter.voice'),
      ...(voice.fallback ?? []).map((one, i) => stepOf(one, `presenter.voice.fallback[${i}]`)),
    ]);
  return new VoiceChain({ embedded, chains, count, log });
}

/** A model on this machine speaks its only voice unless one is named. */
export const voiceName = ({ name, provider }: Pick<Voice, 'name' | 'provider'>): string => name ?? provider ?? '';

interface OpenedSource {
  readonly source: VoiceSource;
  readonly secrets: readonly string[];
  readonly paid: boolean;
}

function openSource(
  setting: Voice | FallbackVoice,
  where: string,
  { env, embedded, log }: OpenChainOptions,
): OpenedSource {
  const { provider, model = '', timeoutMs = USUAL_TIMEOUT_MS } = setting;
  if (provider === 'piper') {
    const source = new PiperVoice({ model, speaker: setting.name, espeak: embedded.espeak, timeoutMs, log, where });
    return { source, secrets: [], paid: false };
  }
  if (provider === 'sherpa') {
    const source = new SherpaVoice({ folder: model, speaker: setting.name, timeoutMs, log, where });
    return { source, secrets: [], paid: false };
  }
  const apiKey = setting.apiKey === undefined ? undefined : keyOf(setting.apiKey, env, `${where}.apiKey`);
  const { name, baseUrl, region, accountId, style } = setting;
  const settings = { name: name ?? '', model: setting.model, baseUrl, region, accountId, style, apiKey };
  return {
    source: cloudSource(provider as CloudProviderId, settings),
    secrets: apiKey === undefined ? [] : [apiKey],
    paid: true,
  };
}

function keyOf(placeholder: string, env: NodeJS.ProcessEnv | undefined, where: string): string {
  const name = placeholder.slice(2, -1);
  const key = env === undefined ? 'unset' : env[name]?.trim();
  if (key === undefined || key === '')
    throw new EngineError('E_ENV_MISSING', {
      where,
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name} before starting, or choose another voice`,
    });
  // A header cannot carry it, and the error of the attempt would show it.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new EngineError('E_ENV_MISSING', {
      where,
      expected: `a key in ${name}`,
      found: 'spaces, line breaks or characters that a header cannot carry',
      todo: `set ${name} to the key alone`,
    });
  return key;
}

/** eSpeak's rendering with its times; undefined for a language that it does not speak, and when it fails. */
async function referenceOf(
  { espeak }: EmbeddedProvider,
  text: string,
  language: string,
  signal: AbortSignal,
): Promise<SpeechChunk | undefined> {
  try {
    const voice = findVoice(await espeak.voices(), language);
    for await (const chunk of espeak.speak({ text, language, voice, rate: 1, pitch: 1 }, signal)) return chunk;
  } catch (error) {
    if (signal.aborted) throw error;
  }
  return undefined;
}
