import { randomUUID } from 'node:crypto';
import type { PhonemeMark } from '../speech-provider.js';
import { rawSamples } from './decode-audio.js';
import { VoiceSocket } from './voice-socket.js';
import {
  VoiceFault,
  type HeardWord,
  type SourceClip,
  type SourceRequest,
  type SourceSettings,
  type VoiceSource,
} from './voice-source.js';

/**
 * Messages of Azure's speech WebSocket: headers and a body. Text messages separate them by an empty line; binary ones
 * begin with the length of the headers (uint16 BE).
 */
interface AzureMessage {
  /** Lower case: `turn.end`, `audio.metadata`. */
  readonly path: string;
  readonly body: Buffer;
}

function azureText(path: string, requestId: string, type: string, body: string, nowMs: number): string {
  return [
    `Path: ${path}`,
    `X-RequestId: ${requestId}`,
    `X-Timestamp: ${new Date(nowMs).toISOString()}`,
    `Content-Type: ${type}`,
    '',
    body,
  ].join('\r\n');
}

function readAzureText(text: string): AzureMessage {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return { path: pathIn(head), body: Buffer.from(end < 0 ? '' : text.slice(end + 4)) };
}

/** Undefined for a message that is too short for its own headers. */
function readAzureBytes(bytes: Buffer): AzureMessage | undefined {
  if (bytes.length < 2) return undefined;
  const length = bytes.readUInt16BE(0);
  if (bytes.length < 2 + length) return undefined;
  return { path: pathIn(bytes.toString('latin1', 2, 2 + length)), body: bytes.subarray(2 + length) };
}

const pathIn = (head: string): string => (/^path:\s*(\S+)/im.exec(head)?.[1] ?? '').toLowerCase();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const xmlText = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** One sound for each of Azure's 22 visemes, so the mouth takes the same path as with sounds. Empty: silence. */
const AZURE_VISEME_IPA: readonly string[] = ' æ ɑ ɔ ɛ ɝ i u o aʊ ɔɪ aɪ h ɹ l s ʃ θ f t k p'.split(' ');

const RATE_HZ = 24_000;
const TICKS_PER_MS = 10_000;

interface Metadata {
  readonly Type?: string;
  readonly Data?: {
    readonly Offset?: number;
    readonly text?: { readonly Text?: string; readonly BoundaryType?: string };
    readonly VisemeId?: number;
  };
}

const CONFIG = JSON.stringify({
  context: { system: { name: 'Showroom', version: '1' }, os: { platform: 'Node.js', name: 'any', version: 'any' } },
});
const CONTEXT = JSON.stringify({
  synthesis: {
    audio: {
      metadataOptions: {
        bookmarkEnabled: false,
        punctuationBoundaryEnabled: 'false',
        sentenceBoundaryEnabled: 'false',
        sessionEndEnabled: true,
        visemeEnabled: true,
        wordBoundaryEnabled: 'true',
      },
      outputFormat: 'raw-24khz-16bit-mono-pcm',
    },
    language: { autoDetection: false },
  },
});

/** Azure speech over WebSocket: SSML in, samples, word boundaries and visemes out. */
export class AzureVoice implements VoiceSource {
  readonly identity: string;
  private readonly url: string;

  constructor(private readonly settings: SourceSettings) {
    const { baseUrl, region = '', name, style = '' } = settings;
    const domain = region.startsWith('china') ? 'azure.cn' : 'microsoft.com';
    this.url = baseUrl ?? `wss://${region}.tts.speech.${domain}/cognitiveservices/websocket/v1`;
    this.identity = ['azure', this.url, name, style].join('|');
  }

  async synthesise(request: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const id = randomUUID().replaceAll('-', '');
    const socket = await VoiceSocket.open(
      this.url,
      { 'ocp-apim-subscription-key': this.settings.apiKey ?? '', 'x-connectionid': id },
      signal,
    );
    const send = (path: string, type: string, body: string): void =>
      socket.send(azureText(path, id, type, body, Date.now()));
    try {
      send('speech.config', 'application/json; charset=utf-8', CONFIG);
      send('synthesis.context', 'application/json; charset=utf-8', CONTEXT);
      send('ssml', 'application/ssml+xml', this.ssml(request));
      const sound: Buffer[] = [];
      const words: HeardWord[] = [];
      const visemes: { id: number; sample: number }[] = [];
      for (;;) {
        const message = await socket.next();
        if ('bytes' in message) {
          const part = readAzureBytes(message.bytes);
          if (part?.path === 'audio') sound.push(part.body);
          continue;
        }
        const { path, body } = readAzureText(message.text);
        if (path === 'turn.end') break;
        if (path !== 'audio.metadata') continue;
        for (const { Type: type, Data: data } of metadataOf(body)) {
          const atMs = (data?.Offset ?? Number.NaN) / TICKS_PER_MS;
          if (type === 'WordBoundary' && data?.text?.BoundaryType !== 'PunctuationBoundary')
            words.push({ text: data?.text?.Text ?? '', atMs });
          else if (type === 'Viseme')
            visemes.push({ id: data?.VisemeId ?? 0, sample: Math.round((atMs * RATE_HZ) / 1000) });
        }
      }
      const pcm = rawSamples(Buffer.concat(sound));
      return { pcm, rateHz: RATE_HZ, words, phonemes: phonemesOf(visemes, pcm.length) };
    } finally {
      socket.close();
    }
  }

  private ssml({ text, language, rate, pitch }: SourceRequest): string {
    const { name, style } = this.settings;
    const spoken = `<prosody rate="${percent(rate)}" pitch="${percent(pitch)}">${xmlText(text)}</prosody>`;
    const styled =
      style === undefined ? spoken : `<mstts:express-as style="${xmlText(style)}">${spoken}</mstts:express-as>`;
    return (
      `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="http://www.w3.org/2001/mstts"` +
      ` xml:lang="${xmlText(language)}"><voice name="${xmlText(name)}">${styled}</voice></speak>`
    );
  }
}

const percent = (factor: number): string => `${factor >= 1 ? '+' : ''}${Math.round((factor - 1) * 100)}%`;

function metadataOf(body: Buffer): readonly Metadata[] {
  try {
    return (JSON.parse(body.toString('utf8')) as { Metadata?: readonly Metadata[] }).Metadata ?? [];
  } catch {
    throw new VoiceFault('passing', 'metadata that is not JSON');
  }
}

/** Each viseme lasts until the next one. */
function phonemesOf(visemes: readonly { id: number; sample: number }[], length: number): PhonemeMark[] {
  return visemes.flatMap(({ id, sample }, i) => {
    const endSample = Math.min(length, visemes[i + 1]?.sample ?? length);
    return endSample > sample ? [{ ipa: AZURE_VISEME_IPA[id] ?? '', startSample: sample, endSample }] : [];
  });
}
