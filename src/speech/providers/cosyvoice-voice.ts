import { randomUUID } from 'node:crypto';
import { rawSamples } from './decode-audio.js';
import {
  VoiceFault,
  type HeardWord,
  type SourceClip,
  type SourceRequest,
  type SourceSettings,
  type VoiceSource,
} from './voice-source.js';
import { VoiceSocket } from './voice-socket.js';

const USUAL_URL = 'wss://dashscope.aliyuncs.com/api-ws/v1/inference';
const USUAL_MODEL = 'cosyvoice-v2';
const RATE_HZ = 24_000;

type Words = readonly { readonly text?: unknown; readonly begin_time?: unknown }[];

interface Event {
  readonly header?: { readonly event?: string; readonly error_code?: string; readonly error_message?: string };
  readonly payload?: {
    readonly output?: {
      readonly type?: string;
      readonly sentence?: {
        readonly words?: Words | null;
      };
    };
  };
}

/**
 * DashScope CosyVoice over WebSocket: run-task, continue-task, finish-task; the sound comes in binary messages. Only
 * some voices time their words; with the others they are aligned.
 */
export class CosyVoice implements VoiceSource {
  readonly identity: string;
  private readonly url: string;

  constructor(private readonly settings: SourceSettings) {
    this.url = settings.baseUrl ?? USUAL_URL;
    this.identity = ['cosyvoice', this.url, settings.model ?? USUAL_MODEL, settings.name].join('|');
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const { name, model = USUAL_MODEL, apiKey = '' } = this.settings;
    const socket = await VoiceSocket.open(this.url, { authorization: `Bearer ${apiKey}` }, signal);
    const task = randomUUID();
    const send = (action: string, payload: object): void =>
      socket.send(JSON.stringify({ header: { action, task_id: task, streaming: 'duplex' }, payload }));
    try {
      send('run-task', {
        task_group: 'audio',
        task: 'tts',
        function: 'SpeechSynthesizer',
        model,
        parameters: {
          text_type: 'PlainText',
          voice: name,
          format: 'pcm',
          sample_rate: RATE_HZ,
          volume: 50,
          rate,
          pitch,
          word_timestamp_enabled: true,
        },
        input: {},
      });
      const sound: Buffer[] = [];
      const words: HeardWord[] = [];
      let receivedBytes = 0;
      let sentenceAtMs = 0;
      for (;;) {
        const message = await socket.next();
        if ('bytes' in message) {
          sound.push(message.bytes);
          receivedBytes += message.bytes.length;
          continue;
        }
        const event = parse(message.text);
        const kind = event.header?.event;
        if (kind === 'task-started') {
          send('continue-task', { input: { text } });
          send('finish-task', { input: {} });
        } else if (kind === 'task-failed') throw faultOf(event);
        else if (kind === 'task-finished') break;
        const { type, sentence } = event.payload?.output ?? {};
        if (type === 'sentence-begin') sentenceAtMs = (receivedBytes / 2 / RATE_HZ) * 1000;
        // Before its end a sentence's list is incomplete, and is sent again.
        if (type === 'sentence-end') words.push(...wordsOf(sentence?.words ?? [], words.at(-1)?.atMs, sentenceAtMs));
      }
      return { pcm: rawSamples(Buffer.concat(sound)), rateHz: RATE_HZ, words, phonemes: [] };
    } finally {
      socket.close();
    }
  }
}

/** Times count from the start of the task, or, where they run back, from the start of their sentence. */
function wordsOf(words: Words, lastMs: number | undefined, sentenceAtMs: number): HeardWord[] {
  const heard = words.flatMap(({ text, begin_time: atMs }) =>
    typeof text === 'string' && typeof atMs === 'number' ? [{ text, atMs }] : [],
  );
  const fromMs = lastMs !== undefined && heard[0] !== undefined && heard[0].atMs < lastMs ? sentenceAtMs : 0;
  return heard.map(({ text, atMs }) => ({ text, atMs: atMs + fromMs }));
}

function parse(text: string): Event {
  try {
    return JSON.parse(text) as Event;
  } catch {
    throw new VoiceFault('passing', 'a message that is not JSON');
  }
}

function faultOf({ header }: Event): VoiceFault {
  const { error_code: code = '', error_message: said = '' } = header ?? {};
  const found = `${code} (${said})`;
  if (/DataInspection|Inappropriate/i.test(code)) return new VoiceFault('text', found);
  if (/Throttl|RateLimit|rate limit|Timeout|Internal|ServiceUnavailable/i.test(`${code} ${said}`))
    return new VoiceFault('passing', found);
  return new VoiceFault('setup', found);
}
