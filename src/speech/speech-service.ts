import { isEmbedded, type Voice } from '../config/sections/voice.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { VoiceSnapshot } from '../config/api/room-handle.js';
import type { Utterance } from '../core/speech.js';
import { UtteranceAssembler } from './assemble-utterance.js';
import { needsChain, openChain } from './chain/open-chain.js';
import { EmbeddedProvider } from './embedded-provider.js';
import { findVoice } from './find-voice.js';
import { kokoroVoice } from './kokoro/human-voices.js';
import type { Gender, SpeakRequest, SpeechProvider, VoiceInfo } from './speech-provider.js';
import type { SpokenText } from './spoken-text.js';

export interface SpeechServiceOptions {
  log: Log;
  /** Synthesiser processes, 1 unless several rooms speak at once. */
  processes?: number;
  /** Time limit per piece of text (300 characters at most); default 10 000. */
  timeoutMs?: number;
  /** Voices of the room: services and models among them are tried before the embedded voices. */
  voices?: readonly Voice[];
  /** Where the keys of services are; absent: none is called, and no key is needed. */
  env?: NodeJS.ProcessEnv;
  /** Keeps the characters sent today; default: in memory. */
  countFile?: string;
  /** Folder of spoken lines of services; default: the user's cache. */
  cacheDir?: string;
  /** Replaces the built-in voices. */
  provider?: SpeechProvider;
}

export interface SpeechRequest {
  id: string;
  text: string;
  /** BCP-47. */
  language: string;
  voice?: string;
  /** Only voices of this provider, when none is named. */
  provider?: string;
  /** The embedded voice to use where a service cannot speak. */
  standIn?: { readonly name: string; readonly rate: number; readonly pitch: number };
  /** The person who speaks, where the room named no voice: an installed human voice of the language comes first. */
  human?: { readonly gender: Gender; readonly person: string; readonly rate: number; readonly pitch: number };
  /** Another take of the same line. */
  seed?: number;
  /** How soon it is needed; default: `line`. */
  priority?: SpeakRequest['priority'];
  /** Speed 0.5–2, 1 is normal. */
  rate?: number;
  /** Pitch 0.5–2, 1 is normal. */
  pitch?: number;
}

/** About twenty minutes of speech; longer texts are scripts, not lines. */
const LONGEST_CHARS = 20_000;

/** Turns lines into utterances: finds the voice, has the text spoken, and normalises the result. */
export class SpeechService implements Closeable {
  readonly provider: SpeechProvider;
  private readonly log: Log;

  constructor(options: SpeechServiceOptions) {
    this.log = options.log.child({ part: 'speech' });
    this.provider = options.provider ?? openProvider(options, this.log);
  }

  async start(): Promise<void> {
    await this.provider.start();
  }

  voices(): Promise<readonly VoiceInfo[]> {
    return this.provider.voices();
  }

  /** The voice for a request. Throws E_VOICE_UNKNOWN with near names in `details.near`. */
  async voiceFor(language: string, name?: string, provider?: string): Promise<VoiceInfo> {
    if (provider !== undefined && (!isEmbedded(provider) || (provider === 'kokoro' && name !== undefined))) {
      const named = this.provider.named?.(provider, name ?? provider, language);
      if (named !== undefined) return named;
      // Not installed: the embedded voice of the language speaks until it is.
      const known = provider === 'kokoro' && name !== undefined ? kokoroVoice(name) : undefined;
      if (known !== undefined) return findVoice(await this.voices(), language, undefined, known.gender);
    }
    const all = await this.voices();
    const wanted = provider === undefined || name !== undefined ? all : all.filter((v) => v.provider === provider);
    try {
      return findVoice(wanted.length === 0 ? all : wanted, language, name);
    } catch (error) {
      // A service may speak a language that no embedded voice does.
      const served = name === undefined ? this.provider.serves?.(language) : undefined;
      if (served === undefined) throw error;
      return served;
    }
  }

  /** The text that will be spoken, with symbols and signs as words. */
  spoken(text: string, language: string): SpokenText {
    return (
      this.provider.spoken?.(text, language) ?? { text, offsets: Int32Array.from({ length: text.length }, (_, i) => i) }
    );
  }

  /**
   * Speaks a line. The same request gives the same samples. Rejects with the signal's reason when it is aborted, else
   * with E_VOICE_UNKNOWN, E_TEXT_TOO_LONG, E_SPEECH_FAILED, E_SPEECH_TIMEOUT or E_CLOSED.
   */
  async speak(request: SpeechRequest, signal: AbortSignal): Promise<Utterance> {
    const { id, text, language } = request;
    signal.throwIfAborted();
    if (text.length > LONGEST_CHARS)
      throw new EngineError('E_TEXT_TOO_LONG', {
        where: `line "${id}"`,
        expected: `at most ${LONGEST_CHARS} characters`,
        found: `${text.length}`,
        todo: 'split it into several lines',
      });
    const piece = await this.pieceOf(request);
    const assembler = new UtteranceAssembler({ id, text, language, voice: piece.voice.name });
    for await (const chunk of this.provider.speak(piece, signal)) assembler.add(chunk);
    signal.throwIfAborted();
    const utterance = assembler.finish();
    this.log.debug({ id, samples: utterance.pcm.length, words: utterance.words.length }, 'spoken');
    return utterance;
  }

  /** Synthesises a line in advance where the voice caches its output; false when there was nothing to do. */
  async keep(request: SpeechRequest, signal: AbortSignal): Promise<boolean> {
    if (this.provider.keep === undefined || request.text.length > LONGEST_CHARS) return false;
    return this.provider.keep(await this.pieceOf(request), signal);
  }

  /** A line in this voice is likely soon. Never throws: the line itself reports faults. */
  warm(request: Pick<SpeechRequest, 'language' | 'voice' | 'provider' | 'human'>): void {
    const { language } = request;
    void this.pieceOf({ ...request, id: 'warm', text: '' })
      .then((piece) => piece.voice)
      .then(
        (found) => this.provider.warm?.({ language, voice: found }),
        () => undefined,
      );
  }

  /** Whether a line of that voice takes about as long to make as to listen to. */
  isSlow({ language, provider, human }: Pick<SpeechRequest, 'language' | 'provider' | 'human'>): boolean {
    if (provider === 'kokoro') return true;
    if (provider !== undefined || human === undefined) return false;
    return this.provider.human?.(language, human.gender, human.person) !== undefined;
  }

  /** How long a line of that voice takes to make: about as long as to listen to, or a fiftieth of that; else undefined. */
  pace(voice: Pick<SpeechRequest, 'language' | 'provider' | 'human'>): 'slow' | 'quick' | undefined {
    if (this.isSlow(voice)) return 'slow';
    const { provider = 'heart', language } = voice;
    return provider === 'heart' && /^en\b/i.test(language) ? 'quick' : undefined;
  }

  /** Services and models of the room, in the order in which they are tried. */
  health(): readonly VoiceSnapshot[] {
    return this.provider.health?.() ?? [];
  }

  close(): Promise<void> {
    return this.provider.close();
  }

  private async pieceOf(request: SpeechRequest): Promise<SpeakRequest> {
    const { text, language, rate = 1, pitch = 1, standIn, human, priority, seed } = request;
    const person = human && this.provider.human?.(language, human.gender, human.person);
    const about = {
      text,
      language,
      ...(priority === undefined ? {} : { priority }),
      ...(seed === undefined ? {} : { seed }),
    };
    if (person !== undefined && (request.provider === undefined || isEmbedded(request.provider)))
      return { ...about, voice: person, rate: human!.rate, pitch: human!.pitch };
    const voice = await this.voiceFor(language, request.voice, request.provider);
    if (standIn === undefined || isEmbedded(voice.provider)) return { ...about, voice, rate, pitch };
    if (person !== undefined)
      return { ...about, voice, rate, pitch, standIn: { rate: human!.rate, pitch: human!.pitch, voice: person } };
    // None in a language that no embedded voice speaks.
    const embedded = await this.voiceFor(language, standIn.name).catch(() => undefined);
    if (embedded === undefined) return { ...about, voice, rate, pitch };
    return { ...about, voice, rate, pitch, standIn: { ...standIn, voice: embedded } };
  }
}

function openProvider(options: SpeechServiceOptions, log: Log): SpeechProvider {
  const { voices = [], env, countFile, cacheDir } = options;
  const embedded = new EmbeddedProvider({
    log,
    processes: options.processes ?? 1,
    timeoutMs: options.timeoutMs ?? 10_000,
  });
  return needsChain(voices) ? openChain({ voices, env, embedded, countFile, cacheDir, log }) : embedded;
}
