/**
 * The alarms of a room on air.
 *
 * Problem: an operator who is not watching must learn of each fault and its end, once each. Sending must never delay
 * the show.
 * Rule: once a second the room's figures become conditions. Each condition has an `Alarm` with hysteresis, and each
 * receiver a bounded queue.
 * Numbers: ten tries over ten minutes for an unreachable receiver, 100 waiting notices, 2 s at the end of the room.
 */
import { dirname } from 'node:path';
import type { RoomConfig } from '../config/room-config.js';
import type { AlarmSnapshot, RoomSnapshot } from '../config/api/room-handle.js';
import type { AlarmKind } from '../core/alarm-kinds.js';
import type { Closeable } from '../core/closeable.js';
import { DeliveryQueue } from '../core/serial-queue.js';
import type { Log } from '../core/log.js';
import { Alarm, type AlarmChange, type AlarmNotice, type AlarmTiming } from './alarm.js';
import { alarmConditions, type AlarmCondition, MachineWatch } from './alarm-conditions.js';
import { alertSinks, type AlertSink } from './alert-sinks.js';
import type { Alerts } from '../config/sections/alerts.js';

export interface RoomAlarmsOptions {
  readonly room: RoomConfig;
  readonly log: Log;
  /** Without the alarms themselves. */
  readonly snapshot: () => RoomSnapshot;
  /** For tests: receivers, retry delays, clocks, and checks on demand. */
  readonly sinks?: readonly AlertSink[];
  readonly waitsMs?: readonly number[];
  readonly nowMs?: () => number;
  readonly wallMs?: () => number;
  readonly checkMs?: number;
}

interface Kept {
  readonly alarm: Alarm;
  condition: AlarmCondition;
  sinceMs: number;
  since: string;
  seenBy?: string | undefined;
}

const LOOK_MS = 1000;
const WAITS_MS = [1000, 4000, 15_000, 30_000, 60_000, 60_000, 120_000, 120_000, 180_000];
const GOODBYE_MS = 2000;

const S = 1000;
const MIN = 60 * S;

/** Silence, dead air and picture are watched with delays of their own (`compliance.watch`). */
const USUAL: Readonly<Record<AlarmKind, AlarmTiming>> = {
  'output-down': { afterMs: 15 * S, clearMs: 10 * S, repeatMs: 30 * MIN },
  slate: { afterMs: 5 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  'risk-raised': { afterMs: 5 * S, clearMs: MIN, repeatMs: 0 },
  'risk-held': { afterMs: 0, clearMs: 0, repeatMs: 10 * MIN },
  silence: { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  'dead-air': { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  picture: { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  ledger: { afterMs: 10 * S, clearMs: 10 * S, repeatMs: 30 * MIN },
  'machine-slow': { afterMs: 20 * S, clearMs: MIN, repeatMs: 30 * MIN },
  'disk-low': { afterMs: 0, clearMs: MIN, repeatMs: 360 * MIN },
  'source-down': { afterMs: MIN, clearMs: 10 * S, repeatMs: 60 * MIN },
  'avatar-away': { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 30 * MIN },
  'avatar-speech': { afterMs: 15 * S, clearMs: 10 * S, repeatMs: 30 * MIN },
  'voice-away': { afterMs: 10 * S, clearMs: 10 * S, repeatMs: 60 * MIN },
  'takeover-idle': { afterMs: 0, clearMs: 0, repeatMs: 0 },
  'show-ended': { afterMs: 0, clearMs: 0, repeatMs: 0 },
};

/** Timing of a kind in this room; undefined where the room file switches it off. */
export function alarmTiming(kind: AlarmKind, alerts: Alerts): AlarmTiming | undefined {
  const { enabled, ...given } = alerts.kinds[kind] ?? {};
  if (enabled === false) return undefined;
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...USUAL[kind], ...named };
}

export class RoomAlarms implements Closeable {
  private readonly kept = new Map<string, Kept>();
  private readonly queues: DeliveryQueue<AlarmNotice>[];
  private readonly machine: MachineWatch;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly nowMs: () => number;
  private readonly wallMs: () => number;
  private closed = false;

  constructor(private readonly options: RoomAlarmsOptions) {
    const { room, log, waitsMs = WAITS_MS, checkMs = LOOK_MS } = options;
    this.nowMs = options.nowMs ?? (() => performance.now());
    this.wallMs = options.wallMs ?? Date.now;
    const sinks = options.sinks ?? alertSinks(room.alerts, room.name, room.language);
    this.queues = sinks.map(
      (sink) =>
        new DeliveryQueue({
          send: (notice, dropped, signal) => sink.send(notice, dropped, signal),
          onFailure: (reason) => log.error({ receiver: sink.name, reason }, 'an alert was not delivered'),
          waitsMs,
          goodbyeMs: GOODBYE_MS,
        }),
    );
    const recordings = room.outputs.flatMap((output) => (output.kind === 'recording' ? [output.dir] : []));
    this.machine = new MachineWatch([...new Set([dirname(room.ledgerFile), ...recordings])], room.alerts.minDiskFreeMb);
    if (checkMs > 0) this.timer = setInterval(() => this.check(), checkMs).unref();
  }

  /** Active alarms, the oldest first. */
  active(): readonly AlarmSnapshot[] {
    return [...this.kept.values()]
      .filter(({ alarm }) => alarm.active)
      .map(({ condition: { kind, subject, severity, text }, since, seenBy }) => ({
        kind,
        subject,
        severity,
        since,
        text,
        ...(seenBy === undefined ? {} : { acknowledgedBy: seenBy }),
      }));
  }

  /** Marks active alarms as seen: of a kind and subject, or all. Returns how many. */
  acknowledge(
    { kind, subject }: { readonly kind?: string | undefined; readonly subject?: string | undefined },
    by: string,
  ): number {
    const seen = [...this.kept.values()].filter(
      ({ alarm, condition }) =>
        alarm.active &&
        (kind === undefined || condition.kind === kind) &&
        (subject === undefined || condition.subject === subject),
    );
    for (const one of seen) one.seenBy = by;
    return seen.length;
  }

  check(): void {
    if (this.closed) return;
    const nowMs = this.nowMs();
    const snapshot = this.options.snapshot();
    const conditions = alarmConditions(snapshot, this.machine.measure(snapshot, nowMs));
    const present = new Map(conditions.map((one) => [`${one.kind} ${one.subject}`, one]));
    for (const [key, condition] of present) {
      const kept = this.kept.get(key) ?? this.keep(key, condition, nowMs);
      if (kept === undefined) continue;
      kept.condition = condition;
      this.notify(kept, kept.alarm.update(true, nowMs), nowMs);
    }
    for (const [key, kept] of this.kept) {
      if (present.has(key)) continue;
      this.notify(kept, kept.alarm.update(false, nowMs), nowMs);
      if (kept.alarm.idle) this.kept.delete(key);
    }
  }

  /** The show ends by itself: the last notice. */
  showEnds(reason: string): void {
    if (this.closed || alarmTiming('show-ended', this.options.room.alerts) === undefined) return;
    const at = new Date(this.wallMs()).toISOString();
    const text = { en: `The show has ended: ${reason}`, zh: `节目已结束：${reason}` };
    const notice = { state: 'raised', since: at, at, lastedMs: 0 } as const;
    this.send({ kind: 'show-ended', subject: '', severity: 'critical', text, ...notice });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private keep(key: string, condition: AlarmCondition, nowMs: number): Kept | undefined {
    const timing = alarmTiming(condition.kind satisfies AlarmKind, this.options.room.alerts);
    if (timing === undefined) return undefined;
    const kept: Kept = { alarm: new Alarm(timing), condition, sinceMs: nowMs, since: '' };
    this.kept.set(key, kept);
    return kept;
  }

  private notify(kept: Kept, change: AlarmChange | undefined, nowMs: number): void {
    if (change === undefined) return;
    const at = new Date(this.wallMs()).toISOString();
    if (change === 'raised') Object.assign(kept, { sinceMs: nowMs, since: at, seenBy: undefined });
    const { condition, since, sinceMs } = kept;
    const { kind, subject, severity, text } = condition;
    const lastedMs = Math.round(nowMs - sinceMs);
    const { log } = this.options;
    const fields = { alarm: kind, ...(subject === '' ? {} : { subject }), text };
    if (change === 'cleared') log.info({ ...fields, lastedMs }, 'an alarm is over');
    else if (change === 'raised') log.warn(fields, 'an alarm is raised');
    this.send({ kind, subject, state: change, severity, text, since, at, lastedMs });
  }

  private send(notice: AlarmNotice): void {
    for (const queue of this.queues) queue.push(notice);
  }
}
