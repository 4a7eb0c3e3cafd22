import { lineActing } from '../../avatar/acting/line-acting.js';
import { mouthTrack } from '../../avatar/mouth-track.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { MuteSpan } from '../../core/speech.js';
import type { LineSlot } from '../line-schedule.js';
import { isAssistant } from '../line-voice.js';
import type { ShowCommand } from '../show-command.js';
import type { ReadyLine } from '../show-parts.js';

/** A mouth that does not move: its voice is not the presenter's. */
const NO_MOUTH = { viseme: new Uint8Array(0), openness: new Uint8Array(0) };

/** The commands that make a line heard and its speaker move. */
export function speakCommands(
  { line, utterance, speech }: Pick<ReadyLine, 'line' | 'utterance' | 'speech'>,
  { startFrame, startSample }: LineSlot,
  mutes: readonly MuteSpan[],
  room: RoomConfig,
): ShowCommand[] {
  const { pcm, phonemes, words, loudnessLufs } = utterance;
  const isSecond = isAssistant(room, line.role);
  const offStage = isSecond && room.assistant?.pack === undefined;
  const role = isSecond ? ({ role: 'assistant' } as const) : {};
  const speak: ShowCommand = {
    type: 'speak',
    id: line.id,
    startFrame,
    startSample,
    pcm,
    loudnessLufs,
    mutes,
    tone: room.compliance.mutedSound === 'tone',
    verdict: speech.verdict,
    mouth: offStage ? NO_MOUTH : mouthTrack(phonemes, pcm.length, room.rate, 0, mutes),
    ...(offStage
      ? {}
      : { acting: lineActing({ text: line.text, isAnswer: line.judgedAs === 'reply', pcm, words }, room.rate) }),
    ...role,
  };
  if (line.gesture === 'none' || offStage) return [speak];
  return [speak, { type: 'gesture', atFrame: startFrame, gesture: line.gesture, ...role }];
}
