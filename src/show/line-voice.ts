import { basename } from 'node:path';
import type { PackVoice, PackVoices } from '../avatar/presenter-pack.js';
import type { RoomConfig } from '../config/room-config.js';
import { isEmbedded } from '../config/sections/voice.js';
import { speakerOf } from '../speech/heart/speakers.js';
import { voiceName } from '../speech/chain/open-chain.js';
import type { Gender } from '../speech/speech-provider.js';
import type { SpeechRequest, SpeechService } from '../speech/speech-service.js';
import type { SpeakerRole } from './agenda/agenda.js';
import type { RundownLine } from './rundown.js';

type VoiceRoom = Pick<RoomConfig, 'language' | 'presenter'> & Partial<Pick<RoomConfig, 'assistant'>>;

/** The language a line is spoken in. */
export const voiceLanguage = (room: VoiceRoom, line: string | undefined, role: SpeakerRole = 'host'): string =>
  line ?? voiceOf(room, role).language ?? room.language;

/**
 * The voice of a line. A service's or model's voice speaks every line; which languages it speaks is the chain's matter,
 * and the presenter's own voice stands in for it. Of the embedded voices, the one that the room names for its speaker
 * comes first, for lines in the room's own language; then the presenter's voice for the line's language; then the best
 * voice for that language. A room without an assistant has its host speak the assistant's lines.
 */
export function lineVoice(
  room: VoiceRoom,
  own: PackVoices,
  lineLanguage: string | undefined,
  role: SpeakerRole = 'host',
  /** Voices of the assistant's own pack. */
  second: PackVoices = {},
): Pick<SpeechRequest, 'language' | 'voice' | 'provider' | 'rate' | 'pitch' | 'standIn' | 'human'> {
  const voice = voiceOf(room, role);
  const speaker = isAssistant(room, role) ? second : own;
  const language = voiceLanguage(room, lineLanguage, role);
  if (voice.provider !== undefined && !isEmbedded(voice.provider)) {
    const { provider, rate, pitch } = voice;
    const standIn = ownVoice(speaker, language, undefined);
    const human = { ...personOf(room, role, standIn), rate: 1, pitch: 1 };
    return {
      language,
      provider,
      voice: voiceName(voice),
      rate,
      pitch,
      human,
      ...(standIn === undefined ? {} : { standIn }),
    };
  }
  const provider = voice.provider === undefined ? {} : { provider: voice.provider };
  if (voice.name !== undefined && lineLanguage === undefined)
    return { language, ...provider, voice: voice.name, rate: voice.rate, pitch: voice.pitch };
  const mine = ownVoice(speaker, language, voice.provider);
  // Speed and pitch of a pack fit the voice that it names.
  const human =
    voice.provider === undefined || voice.provider === 'kokoro'
      ? { human: { ...personOf(room, role, mine), rate: voice.rate, pitch: voice.pitch } }
      : {};
  if (mine === undefined) return { language, ...provider, rate: voice.rate, pitch: voice.pitch, ...human };
  const [rate, pitch] = [voice.rate * mine.rate, voice.pitch * mine.pitch];
  return { language, ...provider, voice: mine.name, rate, pitch, ...human };
}

/** Whether another person than the presenter speaks. */
export const isAssistant = ({ assistant }: Pick<VoiceRoom, 'assistant'>, role: SpeakerRole): boolean =>
  role === 'assistant' && assistant !== undefined;

const voiceOf = ({ presenter, assistant }: VoiceRoom, role: SpeakerRole) =>
  role === 'assistant' && assistant !== undefined ? assistant.voice : presenter.voice;

const isMansVoice = (name: string): boolean =>
  name.startsWith('heart-') ? speakerOf(name).gender === 'male' : /(?:^|\+)(?:m\d|klatt\d)$/.test(name);

/** Who speaks, for a voice of that gender which stays theirs. */
function personOf(
  { presenter, assistant }: VoiceRoom,
  role: SpeakerRole,
  own: PackVoice | undefined,
): { readonly gender: Gender; readonly person: string } {
  const { pack } = role === 'assistant' && assistant !== undefined ? assistant : presenter;
  const isMan = own !== undefined && isMansVoice(own.name);
  return { gender: isMan ? 'male' : 'female', person: pack === undefined ? '' : basename(pack) };
}

/** Looks up the tag, then ever shorter ones, then `*`; skips voices of a provider that the room does not want. */
function ownVoice(own: PackVoices, language: string, provider: string | undefined): PackVoice | undefined {
  const usable = (tag: string): PackVoice | undefined => {
    const voice = own[tag];
    const isHuman = voice !== undefined && /^heart(?:-|$)/.test(voice.name);
    return isHuman && provider === 'espeak' ? undefined : voice;
  };
  for (let tag = language; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const voice = usable(tag);
    if (voice !== undefined) return voice;
  }
  return usable('*');
}

/** Of a line of the script, one a round; each is kept on the disk. */
export const TAKES = 3;

/** How many ways a voice has to say a line: a person says it a little differently each time, a machine does not. */
export const takesOf = (speech: Pick<SpeechService, 'isSlow'>, voice: ReturnType<typeof lineVoice>): number =>
  /^en\b/i.test(voice.language) || speech.isSlow(voice) ? TAKES : 1;

/** The take of a line that comes again, as the seed of its voice. */
export function takeOf({ position }: Pick<RundownLine, 'position'>, takes: number): { readonly seed?: number } {
  const take = (position?.round ?? 0) % takes;
  return take === 0 ? {} : { seed: take };
}
