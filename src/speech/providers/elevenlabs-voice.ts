import { rawSamples } from './decode-audio.js';
import {
  VoiceFault,
  type HeardWord,
  type SourceClip,
  type SourceRequest,
  type SourceSettings,
  type VoiceSource,
} from './voice-source.js';
import { callVoice, readJson } from './voice-http.js';

const USUAL_URL = 'https://api.elevenlabs.io';
const USUAL_MODEL = 'eleven_multilingual_v2';
const RATE_HZ = 24_000;
/** The service's own limits of speed. */
const MIN_SPEED = 0.7;
const MAX_SPEED = 1.2;

interface Alignment {
  readonly characters?: readonly string[];
  readonly character_start_times_seconds?: readonly number[];
}

/** ElevenLabs: `POST /v1/text-to-speech/{voice}/with-timestamps`; it times every character. */
export class ElevenLabsVoice implements VoiceSource {
  readonly identity: string;
  private readonly base: string;

  constructor(private readonly settings: SourceSettings) {
    this.base = (settings.baseUrl ?? USUAL_URL).replace(/\/+$/, '');
    this.identity = ['elevenlabs', this.base, settings.model ?? USUAL_MODEL, settings.name].join('|');
  }

  async synthesise({ text, rate }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const { name, model = USUAL_MODEL, apiKey = '' } = this.settings;
    const reply = await callVoice({
      url: `${this.base}/v1/text-to-speech/${encodeURIComponent(name)}/with-timestamps?output_format=pcm_${RATE_HZ}`,
      headers: { 'xi-api-key': apiKey },
      body: {
        text,
        model_id: model,
        ...(rate === 1 ? {} : { voice_settings: { speed: Math.min(MAX_SPEED, Math.max(MIN_SPEED, rate)) } }),
      },
      signal,
    });
    const [answer] = (await readJson(reply, signal)) as { audio_base64?: unknown; alignment?: Alignment | null }[];
    if (typeof answer?.audio_base64 !== 'string') throw new VoiceFault('passing', 'an answer without sound');
    return {
      pcm: rawSamples(Buffer.from(answer.audio_base64, 'base64')),
      rateHz: RATE_HZ,
      words: wordsOfCharacters(text, answer.alignment ?? {}),
      phonemes: [],
    };
  }
}

/** Words from timed characters. `alignment` repeats the text as sent; anything else times nothing. */
function wordsOfCharacters(text: string, alignment: Alignment): HeardWord[] {
  const { characters = [], character_start_times_seconds: starts = [] } = alignment;
  if (characters.join('') !== text || starts.length !== characters.length) return [];
  const atMs: number[] = [];
  for (const [i, character] of characters.entries())
    for (let unit = 0; unit < character.length; unit += 1) atMs.push(starts[i]! * 1000);
  return [...text.matchAll(/[\p{L}\p{N}\p{M}'’]+|\p{Sc}/gu)].flatMap((m) =>
    // Without spaces each character is a mark of its own.
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(m[0])
      ? [...m[0]].map((character, i) => ({ text: character, at: m.index + i, atMs: atMs[m.index + i]! }))
      : [{ text: m[0], at: m.index, atMs: atMs[m.index]! }],
  );
}
