import type { CloudProviderId } from '../../config/sections/voice.js';
import { AzureVoice } from './azure-voice.js';
import { CosyVoice } from './cosyvoice-voice.js';
import { ElevenLabsVoice } from './elevenlabs-voice.js';
import { MiniMaxVoice } from './minimax-voice.js';
import { OpenAiVoice } from './openai-voice.js';
import type { SourceSettings, VoiceSource } from './voice-source.js';
import { VolcengineVoice } from './volcengine-voice.js';

const SOURCES: Readonly<Record<CloudProviderId, new (settings: SourceSettings) => VoiceSource>> = {
  openai: OpenAiVoice,
  cosyvoice: CosyVoice,
  azure: AzureVoice,
  elevenlabs: ElevenLabsVoice,
  volcengine: VolcengineVoice,
  minimax: MiniMaxVoice,
};

export const cloudSource = (provider: CloudProviderId, settings: SourceSettings): VoiceSource =>
  new SOURCES[provider](settings);
