import type { Fault } from './fault-list.js';
import { ForeignLoad } from './foreign-load.js';
import { sleep, type FaultRoom } from './fault-room.js';
import type { IdleClock } from './idle-clock.js';

export interface FaultRow {
  readonly fault: string;
  /** ms from its start to a state that shows it; null where none is expected. */
  readonly noticedMs: number | null;
  /** ms from the first try after its end to live; for the encoder, the longest gap of a receiver. */
  readonly recoveredMs: number | null;
  /** Publishes that the peer saw because of it. */
  readonly publishes: number;
  /** Longest media time step at receivers of the other outputs. */
  readonly othersVideoGapMs: number;
  readonly othersAudioGapMs: number;
  readonly othersReconnects: number;
  readonly lateTicks: number;
  /** Cores that other programs used meanwhile; a busy machine causes late ticks and gaps by itself. */
  readonly foreignCores: number;
  /** Frame times that an idle thread slept through meanwhile. */
  readonly idleMissed: number;
  /** That thread's account of the machine, which may explain misses; they count all the same. */
  readonly machine: readonly string[];
  readonly misses: readonly string[];
}

const CALM_MS = 2000;
const RECOVERY_TIMEOUT_MS = 25_000;
const FRAME_GAP_MS = 50;
const SOUND_GAP_MS = 45;
const ENCODER_GAP_MS = 1000;
const FRAME_MS = 1000 / 30;
/** How long before its arrival a frame may have been due. */
const WINDOW_MS = 1500;

/** One fault from calm to calm. */
export async function runFault(room: FaultRoom, fault: Fault, stretch: number, idle: IdleClock): Promise<FaultRow> {
  const { hits } = fault;
  const misses: string[] = [];
  const machine: string[] = [];
  const isOutput = hits === 'shaken' || hits === 'tape';
  // Frames that no encoder could take are the gap at the receivers, which has its own limit.
  const late = (): number => {
    const { total, encode } = room.live.snapshot().lateTicks;
    return hits === 'encoder' ? total - encode : total;
  };
  const causesBefore = room.live.snapshot().lateTicks;
  const others = (): { reconnects: number; dropped: number } => {
    const all = room.outputs().filter(({ id }) => id !== hits);
    return {
      reconnects: all.reduce((sum, one) => sum + one.reconnects, 0),
      dropped: all.reduce((sum, one) => sum + one.packetsDropped, 0),
    };
  };
  const foreign = new ForeignLoad();
  const calmBefore = late();
  await sleep(CALM_MS);
  const lateWhenCalm = late() - calmBefore;
  const before = { late: late(), others: others(), publishes: isOutput ? room.output(hits).publishes : 0 };
  const viewerBefore = await room.viewer!.seen();
  const beganAt = Date.now();
  const beganMs = performance.now();
  await fault.begin(room);
  await sleep(fault.holdMs * stretch);
  const endedAt = Date.now();
  await fault.end(room);

  let recoveredMs: number | null = null;
  if (isOutput) {
    const endMs = performance.now() + RECOVERY_TIMEOUT_MS;
    while (recoveredMs === null && performance.now() < endMs) {
      await sleep(50);
      recoveredMs = recovery(room, fault, beganAt, endedAt);
    }
    if (recoveredMs === null) misses.push('did not recover');
  }
  await sleep(CALM_MS);

  const noticed = fault.noticed === undefined || !isOutput ? null : noticedAfter(room, fault, beganAt);
  if (fault.noticed !== undefined && (noticed === null || noticed > fault.noticeWithinMs!)) {
    misses.push(noticed === null ? 'not noticed' : `noticed after ${noticed} ms`);
  }
  const toMs = performance.now();
  const players = Object.entries(room.watches);
  const gap = (kind: 'video' | 'audio'): number =>
    Math.max(...players.map(([, one]) => one.widest(kind, beganMs, toMs)));
  const [video, audio] = [gap('video'), gap('audio')];
  for (const [name, { alive }] of players) if (!alive) misses.push(`the player of ${name} was disconnected`);
  if (hits === 'encoder') {
    recoveredMs = video;
    if (video > ENCODER_GAP_MS) misses.push(`a gap of ${video} ms at receivers`);
  } else {
    if (video > FRAME_GAP_MS) {
      misses.push(`others lost pictures: a step of ${video} ms`);
      const slept = idle.missed(beganMs - WINDOW_MS, toMs).longest;
      if (slept > 0) machine.push(`an idle thread slept through ${Math.round(slept * FRAME_MS)} ms at once`);
    }
    if (audio > SOUND_GAP_MS) misses.push(`others lost sound: a step of ${audio} ms`);
  }
  if (recoveredMs !== null && recoveredMs > fault.recoverWithinMs) misses.push(`recovered after ${recoveredMs} ms`);
  const after = others();
  const othersReconnects = after.reconnects - before.others.reconnects;
  if (othersReconnects > 0) misses.push(`${othersReconnects} reconnects of others`);
  if (after.dropped > before.others.dropped) misses.push('others dropped packets');
  const publishes = isOutput ? room.output(hits).publishes - before.publishes : 0;
  if (fault.keepsConnection === true && publishes > 0) misses.push(`${publishes} new publishes`);
  misses.push(...(await viewerMisses(room, viewerBefore, beganMs)));
  const spans = (toMs - beganMs) / CALM_MS;
  const lateTicks = late() - before.late;
  const slept = idle.missed(beganMs, performance.now()).total;
  if (lateTicks > Math.ceil(lateWhenCalm * spans)) {
    const causes = Object.entries(room.live.snapshot().lateTicks)
      .map(([cause, count]) => [cause, count - (causesBefore as Record<string, number>)[cause]!] as const)
      .filter(([cause, count]) => cause !== 'total' && count > 0)
      .map(([cause, count]) => `${cause} ${count}`);
    misses.push(`${lateTicks} late ticks (${causes.join(', ')})`);
    if (slept > 0) machine.push(`an idle thread missed ${slept} ticks`);
  }
  return {
    fault: fault.name,
    noticedMs: noticed,
    recoveredMs,
    publishes,
    othersVideoGapMs: video,
    othersAudioGapMs: audio,
    othersReconnects,
    lateTicks,
    foreignCores: foreign.cores(),
    idleMissed: slept,
    machine,
    misses,
  };
}

function noticedAfter(room: FaultRoom, fault: Fault, beganAt: number): number | null {
  const event = room.eventsOf(fault.hits, beganAt).find(({ state }) => fault.noticed!.test(state));
  return event === undefined ? null : Date.parse(event.at) - beganAt;
}

/** From the first try after the end to live; null until then. */
function recovery(room: FaultRoom, fault: Fault, beganAt: number, endedAt: number): number | null {
  if (room.output(fault.hits).state !== 'live') return null;
  const events = room.eventsOf(fault.hits, beganAt);
  const live = events.findLast(({ state }) => state === 'live');
  if (live === undefined) return fault.noticed === undefined ? 0 : null;
  if (fault.keepsConnection === true) return Math.max(0, Date.parse(live.at) - endedAt);
  const connecting = events.findLast(({ state, at }) => state === 'connecting' && at <= live.at);
  const from = Math.max(endedAt, connecting === undefined ? endedAt : Date.parse(connecting.at));
  return Math.max(0, Date.parse(live.at) - from);
}

/** The browser must show at least 24 of 30 frames, even when datagrams are lost. */
async function viewerMisses(
  room: FaultRoom,
  before: { frames: number; freezeMs: number },
  beganMs: number,
): Promise<string[]> {
  const { state, frames } = await room.viewer!.seen();
  const seconds = (performance.now() - beganMs) / 1000;
  const fps = (frames - before.frames) / seconds;
  if (state !== 'connected') return [`the browser's connection is ${state}`];
  return fps < 20 ? [`the browser decoded ${fps.toFixed(1)} frames a second`] : [];
}
