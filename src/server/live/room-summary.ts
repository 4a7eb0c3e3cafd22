import type { AlarmSnapshot } from '../../config/api/room-handle.js';
import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { RoomSnapshot } from '../../config/api/room-handle.js';
import type { By } from '../../store/studio/rooms-table.js';

/** Somebody has seen an alarm. */
export interface Acknowledged {
  readonly by: By;
  readonly at: string;
}

type Level = 'off' | 'ok' | 'warn' | 'bad';

/** What a wall shows of a room. */
export interface RoomSummary {
  readonly level: Level;
  /** What viewers get, in a sentence. */
  readonly line: TwoTexts;
  readonly state: RoomSnapshot['state'] | null;
  readonly onAirMs: number;
  readonly fps: number;
  readonly muted: boolean;
  readonly slate: readonly string[];
  readonly viewers: number;
  readonly outputs: { readonly total: number; readonly live: number; readonly down: readonly string[] };
  readonly speaking: string | null;
  readonly product: string | null;
  readonly peakDbfs: number | null;
  readonly takeover: boolean;
  readonly alarms: readonly (AlarmSnapshot & { readonly acknowledged: Acknowledged | null })[];
}

const OFF: RoomSummary = {
  level: 'off',
  line: { en: 'Off air.', zh: '未开播。' },
  state: null,
  onAirMs: 0,
  fps: 0,
  muted: false,
  slate: [],
  viewers: 0,
  outputs: { total: 0, live: 0, down: [] },
  speaking: null,
  product: null,
  peakDbfs: null,
  takeover: false,
  alarms: [],
};

/** Outputs of the engine itself say nothing about the show's destinations. */
const OWN: ReadonlySet<string> = new Set(['local', 'whep']);
const LIVE: ReadonlySet<string> = new Set(['live', 'degraded']);
/** The operator's own slate. */
const MEANT: ReadonlySet<string> = new Set(['operator', 'dumped']);

export function summaryOf(
  snapshot: Partial<RoomSnapshot> | undefined,
  acknowledged: (alarm: AlarmSnapshot) => Acknowledged | null,
): RoomSummary {
  if (snapshot?.state === undefined) return OFF;
  const { slate = [], outputs = [], alarms = [], muted = false } = snapshot;
  const sent = outputs.filter(({ id }) => !OWN.has(id));
  const live = sent.filter(({ state }) => LIVE.has(state)).length;
  const down = sent.filter(({ state }) => state === 'backoff' || state === 'wedged').map(({ id }) => id);
  const isHeld = slate.some((reason) => !MEANT.has(reason));
  const isCritical = alarms.some(({ severity }) => severity === 'critical');
  const level =
    isHeld || isCritical ? 'bad' : slate.length > 0 || muted || down.length > 0 || alarms.length > 0 ? 'warn' : 'ok';
  return {
    level,
    line: lineOf({ isHeld, isBlanked: slate.length > 0, muted, live, total: sent.length, down }),
    state: snapshot.state,
    onAirMs: Math.floor((snapshot.onAirMs ?? 0) / 1000) * 1000,
    fps: snapshot.pictureFps ?? 0,
    muted,
    slate,
    viewers: outputs.reduce((sum, { viewers = 0 }) => sum + viewers, 0),
    outputs: { total: sent.length, live, down },
    speaking: snapshot.speaking?.text ?? null,
    product: snapshot.product ?? null,
    peakDbfs: snapshot.audio === undefined ? null : Math.round(snapshot.audio.peakDbfs),
    takeover: snapshot.takeover !== undefined && snapshot.takeover.mode !== null,
    alarms: alarms.map((alarm) => ({ ...alarm, acknowledged: acknowledged(alarm) })),
  };
}

interface Facts {
  readonly isHeld: boolean;
  readonly isBlanked: boolean;
  readonly muted: boolean;
  readonly live: number;
  readonly total: number;
  readonly down: readonly string[];
}

function lineOf({ isHeld, isBlanked, muted, live, total, down }: Facts): TwoTexts {
  const outputs: TwoTexts =
    total === 0
      ? { en: 'No destination yet.', zh: '尚无推流目标。' }
      : down.length > 0
        ? {
            en: `${down.join(', ')} has no connection. ${live} of ${total} outputs are live.`,
            zh: `${down.join('、')} 已断开，${total} 路中 ${live} 路正常。`,
          }
        : live === total
          ? { en: `${live} of ${total} outputs are live.`, zh: `${total} 路输出全部正常。` }
          : { en: `${live} of ${total} outputs are live.`, zh: `${total} 路中 ${live} 路正常。` };
  const seen: TwoTexts =
    isHeld || isBlanked
      ? muted
        ? { en: 'Viewers see the slate, without the voice.', zh: '观众看到遮挡画面，听不到人声。' }
        : { en: 'Viewers see the slate and hear the show.', zh: '观众看到遮挡画面，能听到声音。' }
      : muted
        ? { en: 'Viewers see the show and hear only music.', zh: '观众看得到画面，只听到音乐。' }
        : { en: 'Viewers see and hear the show.', zh: '观众看得到、听得到。' };
  return { en: `${seen.en} ${outputs.en}`, zh: `${seen.zh}${outputs.zh}` };
}
