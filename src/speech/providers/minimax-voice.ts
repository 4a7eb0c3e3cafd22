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

const USUAL_URL = 'https://api.minimax.io';
const USUAL_MODEL = 'speech-2.8-hd';
const RATE_HZ = 32_000;
/** Where the service keeps its files. An address elsewhere is not asked: the server chooses it. */
const STORAGE = /(?:^|\.)minimaxi?\.(?:io|com|chat)$|^minimax[\w-]*\.oss-[\w-]+\.aliyuncs\.com$/;
const MAX_SUBTITLE_BYTES = 1 << 20;
/** The answer is 200 whatever happened. */
const SETUP_CODES: ReadonlySet<number> = new Set([1004, 1008, 2013, 2049, 2054]);
const TEXT_CODES: ReadonlySet<number> = new Set([1026, 1042]);

interface Answer {
  readonly data?: { readonly audio?: unknown; readonly subtitle_file?: unknown } | null;
  readonly base_resp?: { readonly status_code?: number; readonly status_msg?: string };
}

interface Subtitle {
  readonly timestamped_words?: readonly {
    readonly word?: unknown;
    readonly text?: unknown;
    readonly time_begin?: unknown;
  }[];
}

/** MiniMax: `POST /v1/t2a_v2`. The words' times are in a file that is fetched afterwards. */
export class MiniMaxVoice implements VoiceSource {
  readonly identity: string;
  private readonly base: string;

  constructor(private readonly settings: SourceSettings) {
    this.base = (settings.baseUrl ?? USUAL_URL).replace(/\/+$/, '');
    const { name, model = USUAL_MODEL, style = '' } = settings;
    this.identity = ['minimax', this.base, model, name, style].join('|');
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const { name, model = USUAL_MODEL, apiKey = '', accountId, style } = this.settings;
    const reply = await callVoice({
      url: `${this.base}/v1/t2a_v2${accountId === undefined ? '' : `?GroupId=${accountId}`}`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: {
        model,
        text,
        stream: false,
        voice_setting: {
          voice_id: name,
          speed: rate,
          vol: 1,
          pitch: Math.max(-12, Math.min(12, Math.round(12 * Math.log2(pitch)))),
          ...(style === undefined ? {} : { emotion: style }),
        },
        audio_setting: { sample_rate: RATE_HZ, format: 'pcm', channel: 1 },
        subtitle_enable: true,
        subtitle_type: 'word',
        output_format: 'hex',
      },
      signal,
    });
    const [answer] = (await readJson(reply, signal)) as Answer[];
    const { status_code: code = 0, status_msg: said = '' } = answer?.base_resp ?? {};
    if (code !== 0) {
      const kind = SETUP_CODES.has(code) ? 'setup' : TEXT_CODES.has(code) ? 'text' : 'passing';
      throw new VoiceFault(kind, `code ${code} (${said})`);
    }
    const { audio, subtitle_file: file } = answer?.data ?? {};
    if (typeof audio !== 'string' || !/^(?:[0-9a-f]{2})+$/i.test(audio))
      throw new VoiceFault('passing', 'an answer without sound in hex');
    const words = typeof file === 'string' ? await this.readWords(file, signal) : [];
    return { pcm: rawSamples(Buffer.from(audio, 'hex')), rateHz: RATE_HZ, words, phonemes: [] };
  }

  /** The sound is good without them: a file that cannot be read only leaves the words to the aligner. */
  private async readWords(file: string, signal: AbortSignal): Promise<HeardWord[]> {
    try {
      const url = new URL(file);
      const isOwn = url.origin === new URL(this.base).origin;
      if (!isOwn && (url.protocol !== 'https:' || url.port !== '' || !STORAGE.test(url.hostname))) return [];
      // It gets no key.
      const reply = await callVoice({ url: file, headers: {}, signal, guard: isOwn ? undefined : {} });
      const lines = (await readJson(reply, signal, MAX_SUBTITLE_BYTES)).flat() as Subtitle[];
      return lines.flatMap(({ timestamped_words: words = [] }) =>
        words.flatMap(({ word, text, time_begin: atMs }) => {
          const said = word ?? text;
          return typeof said === 'string' && typeof atMs === 'number' ? [{ text: said, atMs }] : [];
        }),
      );
    } catch (error) {
      if (error instanceof VoiceFault || error instanceof TypeError) return [];
      throw error;
    }
  }
}
