import type { LiveSections } from '../../config/live-room-config.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Presenter } from '../../config/sections/presenter.js';
import type { Voice } from '../../config/sections/voice.js';
import { EngineError } from '../../core/errors.js';
import type { SpeakerRole } from '../../show/agenda/agenda-line.js';

/** Who stands, and speaks, in a role. */
export interface PersonOnStage {
  /** Undefined: a voice without a face. */
  readonly pack: string | undefined;
  readonly look: Presenter['look'] | undefined;
  readonly voice: Voice;
}

/** Throws E_BAD_REQUEST for an assistant that the room does not have. */
export function knownPerson(room: Pick<RoomConfig, 'presenter' | 'assistant'>, role: SpeakerRole): PersonOnStage {
  const found = role === 'host' ? room.presenter : room.assistant;
  if (found !== undefined) return { pack: found.pack, look: found.look, voice: found.voice };
  throw new EngineError('E_BAD_REQUEST', {
    where: 'PUT /api/presenter: role',
    expected: '"host": the room has no assistant',
    found: '"assistant"',
    todo: 'add `assistant` to the room file, and start the room again',
  });
}

/** The room's section with another person. */
export function withPerson(
  { presenter, assistant }: Pick<RoomConfig, 'presenter' | 'assistant'>,
  role: SpeakerRole,
  { pack, look, voice }: PersonOnStage,
): Pick<LiveSections, 'presenter'> | Pick<LiveSections, 'assistant'> {
  const clothes = look === undefined ? {} : { look };
  if (role === 'host') {
    const { look: _before, ...rest } = presenter;
    return { presenter: { ...rest, pack: pack!, voice, ...clothes } };
  }
  const { look: _before, pack: _pack, ...rest } = assistant!;
  return { assistant: { ...rest, voice, ...clothes, ...(pack === undefined ? {} : { pack }) } };
}
