import { isEmbedded, type FallbackVoice, type Voice } from '../../config/sections/voice.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { VoiceSnapshot } from '../../config/api/room-handle.js';
import type { EmbeddedProvider } from '../embedded-provider.js';
import { findVoice } from '../find-voice.js';
import { VoiceFault } from '../providers/voice-source.js';
import type { Gender, SpeakRequest, SpeechChunk, SpeechProvider, VoiceInfo } from '../speech-provider.js';
import type { SpokenText } from '../spoken-text.js';
import type { CharacterCount, VoiceLink } from './voice-link.js';

/** A voice to try: a link of its own, or an embedded voice by name. */
export interface ChainStep {
  readonly setting: Voice | FallbackVoice;
  /** Undefined: embedded. */
  readonly link: VoiceLink | undefined;
}

export interface VoiceChainOptions {
  readonly embedded: EmbeddedProvider;
  /** One list of steps for each configured voice; the first step is the voice itself. */
  readonly chains: readonly (readonly ChainStep[])[];
  readonly count: CharacterCount;
  readonly log: Log;
}

/**
 * Services and models before the embedded voices.
 *
 * Problem: a service fails, is slow, asks for a pause or costs too much, while a due line must be heard.
 * Rule: a line goes to its voice, then to each fallback in order, and at last to the embedded voice of its language,
 * which needs nothing. A voice that rests or does not speak the language is skipped; its cached clips are used
 * all the same. A line is spoken whole by one voice.
 */
export class VoiceChain implements SpeechProvider {
  readonly id = 'chain';
  /** Links that failed at their latest line, so a lasting failure is logged once. */
  private readonly failing = new Set<VoiceLink>();

  constructor(private readonly options: VoiceChainOptions) {}

  async start(): Promise<void> {
    await Promise.all([this.options.embedded.start(), this.options.count.open()]);
  }

  voices(): Promise<readonly VoiceInfo[]> {
    return this.options.embedded.voices();
  }

  spoken(text: string, language: string): SpokenText {
    return this.options.embedded.spoken(text, language);
  }

  named(provider: string, name: string, language: string): VoiceInfo | undefined {
    return !this.links().some((link) => link.provider === provider && link.name === name)
      ? this.options.embedded.named(provider, name, language)
      : { name, title: `${name} (${provider})`, languages: [language], provider };
  }

  serves(language: string): VoiceInfo | undefined {
    const link = this.links().find((one) => one.speaks(language));
    return link === undefined ? undefined : this.named(link.provider, link.name, language);
  }

  human(language: string, gender: Gender, person: string): VoiceInfo | undefined {
    return this.options.embedded.human(language, gender, person);
  }

  /** Services need no start. */
  warm(request: Pick<SpeakRequest, 'language' | 'voice'>): void {
    if (isEmbedded(request.voice.provider)) this.options.embedded.warm(request);
  }

  health(): readonly VoiceSnapshot[] {
    return this.links().map((link) => link.snapshot());
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    for (const step of this.stepsOf(request)) {
      signal.throwIfAborted();
      if (step.link === undefined) {
        yield* this.embedded(await this.embeddedStep(step, request), signal);
        return;
      }
      if (!step.link.speaks(request.language)) continue;
      const chunks = await this.tryLink(step.link, paced(request, step), signal);
      if (chunks === undefined) continue;
      yield* chunks;
      return;
    }
    yield* this.embedded(await this.standIn(request), signal);
  }

  /** Only the first voice that speaks the language: fallbacks are for failures on air. */
  async keep(request: SpeakRequest, signal: AbortSignal): Promise<boolean> {
    const step = this.stepsOf(request).find(({ link }) => link === undefined || link.speaks(request.language));
    if (step?.link === undefined) {
      const embedded = step === undefined ? await this.standIn(request) : await this.embeddedStep(step, request);
      return this.options.embedded.keep(embedded, signal);
    }
    try {
      return await step.link.keep(paced(request, step), signal);
    } catch (error) {
      if (error instanceof VoiceFault) return false; // reported when the line is due
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([
      this.options.embedded.close(),
      this.options.count.close(),
      ...this.links().map((link) => link.close()),
    ]);
  }

  /** Tagged with the voice that spoke. */
  private async *embedded(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    for await (const chunk of this.options.embedded.speak(request, signal))
      yield { voice: request.voice.name, ...chunk };
  }

  private links(): VoiceLink[] {
    return [...new Set(this.options.chains.flat().flatMap(({ link }) => link ?? []))];
  }

  /** The chain from the asked voice on; none for an embedded voice, which hardly ever fails. */
  private stepsOf({ voice }: SpeakRequest): readonly ChainStep[] {
    for (const chain of this.options.chains) {
      const at = chain.findIndex(({ link }) => link?.provider === voice.provider && link.name === voice.name);
      if (at >= 0) return chain.slice(at);
    }
    return [];
  }

  private async tryLink(
    link: VoiceLink,
    request: SpeakRequest,
    signal: AbortSignal,
  ): Promise<readonly SpeechChunk[] | undefined> {
    try {
      const chunks = await link.speak(request, signal);
      if (this.failing.delete(link)) this.options.log.info({ voice: link.id }, 'the voice speaks again');
      return chunks;
    } catch (error) {
      if (!(error instanceof VoiceFault)) throw error;
      if (!this.failing.has(link)) {
        this.failing.add(link);
        this.options.log.warn(
          { voice: link.id, reason: error.message },
          'the voice failed at a line; the next one of its chain speaks, and it is tried again after a pause',
        );
      }
      return undefined;
    }
  }

  private async embeddedStep({ setting }: ChainStep, request: SpeakRequest): Promise<SpeakRequest> {
    if (setting.name === undefined && setting.provider === undefined) return this.standIn(request);
    const all = await this.options.embedded.voices();
    const voices = setting.provider === undefined ? all : all.filter((v) => v.provider === setting.provider);
    try {
      const voice = findVoice(voices, request.language, setting.name);
      return { ...request, voice, rate: setting.rate, pitch: setting.pitch };
    } catch (error) {
      // A voice of another language: the language's own one is better than none.
      if (!(error instanceof EngineError) || error.code !== 'E_VOICE_UNKNOWN') throw error;
      return this.standIn(request);
    }
  }

  private async standIn(request: SpeakRequest): Promise<SpeakRequest> {
    const { standIn, voice } = request;
    if (isEmbedded(voice.provider)) return request;
    if (standIn !== undefined) return { ...request, ...standIn };
    return { ...request, voice: findVoice(await this.options.embedded.voices(), request.language), rate: 1, pitch: 1 };
  }
}

/** A fallback has a speed and pitch of its own. */
const paced = (request: SpeakRequest, { setting, link }: ChainStep): SpeakRequest =>
  link?.name === request.voice.name && link.provider === request.voice.provider
    ? request
    : { ...request, rate: setting.rate, pitch: setting.pitch };
