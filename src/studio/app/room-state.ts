import type { RoomProcess } from '../api/types';
import type { Key } from '../messages/index.svelte';

export interface StateWords {
  readonly kind: 'ok' | 'warn' | 'bad' | 'off' | 'busy';
  readonly key: Key;
  /** Colour of the bar's upper edge. */
  readonly edge: 'ok' | 'warn' | 'bad' | 'off';
}

const STATES: Record<RoomProcess['state'], StateWords> = {
  off: { kind: 'off', key: 'state.off', edge: 'off' },
  starting: { kind: 'busy', key: 'state.starting', edge: 'off' },
  preview: { kind: 'off', key: 'state.preview', edge: 'off' },
  'on-air': { kind: 'ok', key: 'state.on-air', edge: 'ok' },
  stopping: { kind: 'busy', key: 'state.stopping', edge: 'off' },
  failed: { kind: 'bad', key: 'state.failed', edge: 'bad' },
};

export const stateOf = (process: RoomProcess | undefined): StateWords => STATES[process?.state ?? 'off'];
