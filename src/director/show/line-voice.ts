import type { PackVoice, PackVoices } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { SpeechRequest } from '../../speech/speech-service.js';

/** The language a line is spoken in. */
export const voiceLanguage = (
  { presenter, language }: Pick<RoomConfig, 'language' | 'presenter'>,
  line: string | undefined,
): string => line ?? presenter.voice.language ?? language;

/**
 * The voice of a line. The room's voice comes first, for lines in the room's own language; then the presenter's voice
 * for the line's language; then the best voice for that language.
 */
export function lineVoice(
  room: Pick<RoomConfig, 'language' | 'presenter'>,
  own: PackVoices,
  lineLanguage: string | undefined,
): Pick<SpeechRequest, 'language' | 'voice' | 'provider' | 'rate' | 'pitch'> {
  const { voice } = room.presenter;
  const language = voiceLanguage(room, lineLanguage);
  const provider = voice.provider === undefined ? {} : { provider: voice.provider };
  if (voice.name !== undefined && lineLanguage === undefined)
    return { language, ...provider, voice: voice.name, rate: voice.rate, pitch: voice.pitch };
  const mine = ownVoice(own, language, voice.provider);
  if (mine === undefined) return { language, ...provider, rate: voice.rate, pitch: voice.pitch };
  return { language, ...provider, voice: mine.name, rate: voice.rate * mine.rate, pitch: voice.pitch * mine.pitch };
}

/** Looks up the tag, then ever shorter ones, then `*`; skips voices of a provider that the room does not want. */
function ownVoice(own: PackVoices, language: string, provider: string | undefined): PackVoice | undefined {
  const usable = (tag: string): PackVoice | undefined => {
    const voice = own[tag];
    const isFlite = voice?.name.startsWith('flite-') === true;
    return isFlite && provider === 'espeak' ? undefined : voice;
  };
  for (let tag = language; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const voice = usable(tag);
    if (voice !== undefined) return voice;
  }
  return usable('*');
}
