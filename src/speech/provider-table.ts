import type { VoiceProvider } from '../config/sections/voice.js';

/** The quality of a provider's voices, for people who choose one. */
export interface ProviderInfo {
  readonly id: VoiceProvider;
  readonly title: string;
  /** 1–5: robot, announcement of the 2000s, clear neural, natural, hardly distinguished from a person. */
  readonly stars: number;
  readonly languages: string;
  /** Where the times of words come from. */
  readonly times: string;
  /** The usual name of the variable that holds its key; undefined: no key. */
  readonly variable: string | undefined;
}

const row = (
  id: VoiceProvider,
  title: string,
  stars: number,
  languages: string,
  times: string,
  variable?: string,
): ProviderInfo => ({ id, title, stars, languages, times, variable });

/** Stars are expectations from published samples and from the embedded voices' measurements, not a listening test. */
export const PROVIDERS: readonly ProviderInfo[] = [
  row('espeak', 'eSpeak NG, embedded', 1, '98 and more', 'exact'),
  row('heart', 'Heart and its speakers, embedded', 4, 'English', 'exact'),
  row('kokoro', 'Kokoro, installed by engine model install kokoro', 4, 'Chinese and 11 others', 'exact'),
  row('piper', 'Piper model on this machine', 3, 'one a model', 'exact'),
  row('sherpa', 'sherpa-onnx model on this machine', 3, 'one or two a model', 'aligned'),
  row(
    'openai',
    'OpenAI, or a server of its protocol',
    4,
    'about 50',
    'aligned; Kokoro-FastAPI: its own',
    'OPENAI_API_KEY',
  ),
  row('azure', 'Azure Speech', 4, 'about 140', 'its own, and visemes', 'AZURE_SPEECH_KEY'),
  row('cosyvoice', 'DashScope CosyVoice', 5, 'Chinese, English and others', 'its own, or aligned', 'DASHSCOPE_API_KEY'),
  row('elevenlabs', 'ElevenLabs', 5, 'about 30', 'its own', 'ELEVENLABS_API_KEY'),
  row('volcengine', 'Volcengine Doubao', 5, 'Chinese, English and others', 'its own, or aligned', 'VOLCENGINE_API_KEY'),
  row('minimax', 'MiniMax', 5, 'about 40', 'its own, or aligned', 'MINIMAX_API_KEY'),
];

export const starsOf = (provider: string): number => PROVIDERS.find(({ id }) => id === provider)?.stars ?? 0;
export const drawStars = (stars: number): string => '★'.repeat(stars) + '☆'.repeat(5 - stars);
