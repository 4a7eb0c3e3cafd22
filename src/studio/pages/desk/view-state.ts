import type { RoomSnapshot } from '../../lib/room-types';
import type { Key, Values } from '../../messages/index.svelte';

/** What viewers get right now, as the state block says it. */
export interface ViewState {
  readonly kind: 'ok' | 'warn' | 'bad' | 'off';
  readonly icon: 'air' | 'voice' | 'muted' | 'blanked' | 'held' | 'down' | 'off' | 'busy';
  readonly title: Key;
  readonly text: Key;
  readonly values: Values;
  /** Key of the reason of a held picture, put into the sentence. */
  readonly reason?: Key;
  /** Unix ms since when it is so; the time on air otherwise. */
  readonly sinceMs: number | null;
}

const DELIVERS: ReadonlySet<string> = new Set(['live', 'degraded']);
/** Reasons that a rule or the gate has, the worst first. */
const REASONS = ['risk', 'codes', 'words', 'violation', 'stalled', 'unjudged', 'hold-time', 'dumped'] as const;
const OWN: ReadonlySet<string> = new Set(['local', 'whep']);

export const outputsOf = (snapshot: RoomSnapshot): RoomSnapshot['outputs'] =>
  snapshot.outputs.filter(({ id }) => !OWN.has(id));

/** No engine runs. */
export const OFF_AIR: ViewState = {
  kind: 'off',
  icon: 'off',
  title: 'desk.state.off',
  text: 'desk.state.off.text',
  values: {},
  sinceMs: null,
};

export function viewState(snapshot: RoomSnapshot | null): ViewState {
  if (snapshot === null || snapshot.state === 'starting')
    return {
      kind: 'off',
      icon: 'busy',
      title: 'desk.state.starting',
      text: 'desk.state.starting.text',
      values: {},
      sinceMs: null,
    };
  if (snapshot.state === 'stopped' || snapshot.state === 'stopping') return OFF_AIR;
  const outputs = outputsOf(snapshot);
  const live = outputs.filter(({ state }) => DELIVERS.has(state)).length;
  const counts = { live, all: outputs.length };
  const at = (iso: string | undefined | null): number | null => (iso ? Date.parse(iso) : null);
  const reason = REASONS.find((one) => snapshot.slate.includes(one));
  if (reason !== undefined) {
    const kind = reason === 'unjudged' || reason === 'dumped' || reason === 'stalled' ? 'warn' : 'bad';
    return {
      kind,
      icon: 'held',
      title: 'desk.state.held',
      text: snapshot.muted || reason === 'risk' ? 'desk.state.held-silent.text' : 'desk.state.held.text',
      reason: `desk.slate.${reason}`,
      values: counts,
      sinceMs: at(snapshot.slateSince),
    };
  }
  const { mute, blank } = snapshot.orders;
  if (snapshot.blanked)
    return {
      kind: 'warn',
      icon: 'blanked',
      title: 'desk.state.blanked',
      text: snapshot.muted
        ? 'desk.state.blanked-muted.text'
        : by(blank?.by, 'desk.state.blanked.text', 'desk.state.blanked-by.text'),
      values: { name: blank?.by ?? '' },
      sinceMs: at(blank?.at),
    };
  if (snapshot.muted)
    return {
      kind: 'warn',
      icon: 'muted',
      title: 'desk.state.muted',
      text: by(mute?.by, 'desk.state.muted.text', 'desk.state.muted-by.text'),
      values: { name: mute?.by ?? '' },
      sinceMs: at(mute?.at),
    };
  const down = outputs.filter(({ state, required }) => required === true && !DELIVERS.has(state));
  if (down.length > 0)
    return {
      kind: 'warn',
      icon: 'down',
      title: 'desk.state.down',
      text: down.length === 1 ? 'desk.state.down.text' : 'desk.state.down-many.text',
      values: { ...counts, name: down[0]!.id, down: down.length },
      sinceMs: at(snapshot.alarms.find(({ kind }) => kind === 'output-down')?.since),
    };
  if (snapshot.takeover.on)
    return {
      kind: 'ok',
      icon: 'voice',
      title: 'desk.state.you',
      text: snapshot.takeover.mode === 'microphone' ? 'desk.state.you-voice.text' : 'desk.state.you.text',
      values: { seconds: Math.round((snapshot.takeover.voice?.delayMs ?? 0) / 1000) },
      sinceMs: Date.now() - snapshot.takeover.lastedMs,
    };
  return {
    kind: 'ok',
    icon: 'air',
    title: 'desk.state.air',
    text: outputs.length === 0 ? 'desk.state.air-none.text' : 'desk.state.air.text',
    values: counts,
    sinceMs: null,
  };
}

const by = (name: string | undefined, without: Key, named: Key): Key => (name ? named : without);
