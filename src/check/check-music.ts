import type { RoomConfig } from '../config/room-config.js';
import type { CheckFault } from '../admission/check-fault.js';

/** Speech and singing in music are not judged, so a person must have listened. */
export function checkMusicWords({ audio: { music } }: RoomConfig): CheckFault[] {
  if (music === undefined || music.instrumental) return [];
  return [
    {
      severity: 'warning',
      where: 'audio.music.instrumental',
      expected: '`true`, by someone who has listened: words in music are not judged',
      found: '`instrumental` is not set',
    },
  ];
}
