import { isEmbedded, type CloudProviderId, type FallbackVoice, type Voice } from '../../config/sections/voice.js';
import { EngineError } from '../../core/errors.js';
import { cacheFolder } from '../../core/files/own-folder.js';
import type { Log } from '../../core/log.js';
import { ClipCache } from '../clip-cache.js';
import type { EmbeddedProvider } from '../embedded-provider.js';
import { findVoice } from '../find-voice.js';
import { PiperVoice } from '../piper/piper-voice.js';
import { SherpaVoice } from '../sherpa/sherpa-voice.js';
import type { VoiceSource, SourceSettings } from '../providers/voice-source.js';
import type { SpeechChunk } from '../speech-provider.js';
import { AzureVoice } from '../providers/azure-voice.js';
import { CosyVoice } from '../providers/cosyvoice-voice.js';
import { ElevenLabsVoice } from '../providers/elevenlabs-voice.js';
import { MiniMaxVoice } from '../providers/minimax-voice.js';
import { OpenAiVoice } from '../providers/openai-voice.js';
import { VolcengineVoice } from '../providers/volcengine-voice.js';
import { CharacterCount } from './character-count.js';
import { VoiceChain, type ChainStep } from './voice-chain.js';
import { VoiceLink, type LinkClip } from './voice-link.js';

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
