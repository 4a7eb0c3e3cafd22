import { decodeAudio, rawSamples } from './decode-audio.js';
import { VoiceFault } from './voice-fault.js';
import { callVoice, mediaType, readBytes, readJson } from './voice-http.js';
import type { HeardWord, SourceClip, SourceRequest, SourceSettings, VoiceSource } from './voice-source.js';

const USUAL_URL = 'https://api.openai.com/v1';
const USUAL_MODEL = 'gpt-4o-mini-tts';
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
