import type { RoomSnapshot } from './room-handle.js';

/** Whether every rendered frame and sound block is accounted for: released, replaced for a cause, or in the window. */
export function countersAddUp(s: Pick<RoomSnapshot, 'frames' | 'replacedBy' | 'sound' | 'mutedBy'>): boolean {
  const { frames, replacedBy, sound, mutedBy } = s;
  return (
    frames.rendered === frames.released + frames.replaced + frames.inWindow &&
    frames.replaced === sum(replacedBy) &&
    sound.rendered === sound.released + sound.muted + sound.inWindow &&
    sound.muted === sum(mutedBy) &&
    sound.rendered === frames.rendered
  );
}

const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);
