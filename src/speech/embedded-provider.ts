import { isEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { EspeakProvider } from './espeak/espeak-provider.js';
import { findVoice } from './find-voice.js';
import { HeartProvider } from './heart/heart-provider.js';
import { humanVoice } from './kokoro/human-voices.js';
import { KokoroProvider } from './kokoro/kokoro-provider.js';
import type { Gender, SpeakRequest, SpeechChunk, SpeechProvider, VoiceInfo } from './speech-provider.js';
import type { SpokenText } from './spoken-text.js';

/** Where one viewer asks, the next question comes within a minute. */
const WARM_MS = 60_000;

export interface EmbeddedProviderOptions {
  readonly log: Log;
  readonly processes: number;
  readonly timeoutMs: number;
  readonly heart?: HeartProvider;
  readonly kokoro?: KokoroProvider;
}

/**
 * The engine's built-in voices: a human one where it exists (English), else eSpeak.
 *
 * Problem: a human voice reads one language and its process may fail, while a due line must be heard.
 * Rule: a line in another language or script, or one at which the human voice failed, is spoken whole by the eSpeak
 * voice of the same language and gender.
 */
export class EmbeddedProvider implements SpeechProvider {
  readonly id = 'embedded';
  readonly espeak: EspeakProvider;
  readonly heart: HeartProvider;
  readonly kokoro: KokoroProvider;

  constructor(private readonly options: EmbeddedProviderOptions) {
    this.espeak = new EspeakProvider(options);
    this.heart = options.heart ?? new HeartProvider();
    this.kokoro = options.kokoro ?? new KokoroProvider({ log: options.log, espeak: this.espeak });
  }

  async start(): Promise<void> {
    await this.espeak.start();
  }

  async voices(): Promise<readonly VoiceInfo[]> {
    return [...(await this.heart.voices()), ...(await this.kokoro.voices()), ...(await this.espeak.voices())];
  }

  spoken(text: string, language: string): SpokenText {
    return this.espeak.spoken(text, language);
  }

  named(provider: string, name: string, language: string): VoiceInfo | undefined {
    return this.kokoro.installed ? this.kokoro.named(provider, name, language) : undefined;
  }

  human(language: string, gender: Gender, person: string): VoiceInfo | undefined {
    return this.kokoro.installed ? humanVoice(language, gender, person) : undefined;
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    if (request.voice.provider === this.kokoro.id) {
      const said = await this.tryKokoro(request, signal);
      if (said !== undefined) {
        yield* said;
        return;
      }
    }
    const human = this.isHeart(request) ? await this.tryHeart(request, signal) : undefined;
    if (human !== undefined) yield* human;
    else yield* this.espeak.speak({ ...request, voice: await this.synthetic(request) }, signal);
  }

  async keep(request: SpeakRequest, signal: AbortSignal): Promise<boolean> {
    if (request.voice.provider === this.kokoro.id) return this.kokoro.installed && this.kokoro.keep(request, signal);
    return this.isHeart(request) && this.heart.keep(request, signal);
  }

  warm({ voice, language }: Pick<SpeakRequest, 'language' | 'voice'>): void {
    if (voice.provider === this.kokoro.id) this.kokoro.warm();
    else if (this.isHeart({ voice, language, text: '' })) this.heart.warm();
    else this.espeak.pool.warm(WARM_MS);
  }

  async close(): Promise<void> {
    await Promise.all([this.heart.close(), this.kokoro.close(), this.espeak.close()]);
  }

  private isHeart({ voice, language, text }: Pick<SpeakRequest, 'voice' | 'language' | 'text'>): boolean {
    return voice.provider === this.heart.id && /^en\b/i.test(language) && this.heart.reads(text);
  }

  /** All of a line, as a change of voice within it would be heard; undefined when eSpeak must speak it. */
  private async tryHeart(request: SpeakRequest, signal: AbortSignal): Promise<SpeechChunk[] | undefined> {
    try {
      const chunks: SpeechChunk[] = [];
      for await (const chunk of this.heart.speak(request, signal)) chunks.push(chunk);
      return chunks;
    } catch (error) {
      if (signal.aborted || !isEngineError(error) || error.code === 'E_CLOSED') throw error;
      this.options.log.warn(
        { voice: request.voice.name, reason: error.message },
        'the English voice failed at a line; eSpeak speaks this line',
      );
      return undefined;
    }
  }

  /** As `tryHeart`; the model may have been removed since the voice was chosen. */
  private async tryKokoro(request: SpeakRequest, signal: AbortSignal): Promise<SpeechChunk[] | undefined> {
    try {
      if (!this.kokoro.installed) return undefined;
      const chunks: SpeechChunk[] = [];
      for await (const chunk of this.kokoro.speak(request, signal)) chunks.push(chunk);
      return chunks;
    } catch (error) {
      if (signal.aborted || !isEngineError(error) || error.code === 'E_CLOSED') throw error;
      this.options.log.warn(
        { voice: request.voice.name, reason: error.message },
        'the human voice failed at a line; eSpeak speaks this line',
      );
      return undefined;
    }
  }

  private async synthetic({ language, voice }: SpeakRequest): Promise<VoiceInfo> {
    if (voice.provider === this.espeak.id) return voice;
    return findVoice(await this.espeak.voices(), language, undefined, voice.gender);
  }
}
