import { Gauge, Registry } from 'prom-client';
import type { RoomHandle, RoomSnapshot } from '../core/room-handle.js';

type Reading = readonly [labels: Record<string, string>, value: number];

const one = (value: number): Reading[] => [[{}, value]];
const byKey = (label: string, values: Readonly<Record<string, number>>): Reading[] =>
  Object.entries(values).map(([key, value]) => [{ [label]: key }, value]);

/** name → [help, label names, readings]. Counters are read off the room, so all are exported as gauges' values. */
const METRICS: Record<string, readonly [string, readonly string[], (s: RoomSnapshot) => Reading[]]> = {
  on_air_seconds: ['Time on air.', [], (s) => one(s.onAirMs / 1000)],
  on_air: ['1 while the room is on air and not blanked.', [], (s) => one(s.state === 'on-air' ? 1 : 0)],
  slate: [
    '1 for each reason for which viewers see the slate.',
    ['reason'],
    (s) => s.slate.map((reason) => [{ reason }, 1]),
  ],
  frames_rendered_total: ['Frames that entered the gate.', [], (s) => one(s.frames.rendered)],
  frames_released_total: ['Frames that left as they were drawn.', [], (s) => one(s.frames.released)],
  frames_replaced_total: ['Frames that were replaced.', [], (s) => one(s.frames.replaced)],
  frames_in_window: [
    'Frames in the gate that have not left; rendered = released + replaced + these.',
    [],
    (s) => one(s.frames.inWindow),
  ],
  frames_released_unjudged_total: [
    'Pictures that left without the verdict that was taken for them; always 0.',
    [],
    (s) => one(s.frames.releasedUnjudged),
  ],
  frames_replaced_by_cause_total: ['Frames replaced, by cause.', ['cause'], (s) => byKey('cause', s.replacedBy)],
  audio_blocks_rendered_total: [
    'Blocks of sound, one a frame, that entered the gate.',
    [],
    (s) => one(s.sound.rendered),
  ],
  audio_blocks_released_total: ['Blocks of sound that left as they were mixed.', [], (s) => one(s.sound.released)],
  audio_blocks_muted_total: ['Blocks of sound that were silenced, wholly or in part.', [], (s) => one(s.sound.muted)],
  audio_blocks_muted_by_cause_total: [
    'Blocks of sound silenced, by cause.',
    ['cause'],
    (s) => byKey('cause', s.mutedBy),
  ],
  audio_blocks_in_window: [
    'Blocks of sound in the gate that have not left; rendered = released + muted + these.',
    [],
    (s) => one(s.sound.inWindow),
  ],
  scan_candidates_total: ['Suspicions raised by the finder search.', [], (s) => one(s.scans.candidates)],
  scan_decodes_total: ['Times a decoder was asked.', [], (s) => one(s.scans.decoded)],
  scan_failed_total: ['Scans that gave no verdict.', [], (s) => one(s.scans.failed)],
  watch_fault: [
    '1 while a fault of picture or sound lasts.',
    ['kind', 'rule'],
    (s) => s.watch.map(({ kind, rule }) => [{ kind, rule }, 1]),
  ],
  risk_score: ["Sum of the room's violations, halving with time.", [], (s) => one(s.risk.score)],
  risk_at_limit: ['1 while the slate is shown because of the risk.', [], (s) => one(s.risk.level === 'limit' ? 1 : 0)],
  alarm: [
    '1 for each alarm that lasts.',
    ['kind', 'subject'],
    (s) => s.alarms.map(({ kind, subject }) => [{ kind, subject }, 1]),
  ],
  ledger_failing: ['1 while the disk does not take lines of the ledger.', [], (s) => one(s.ledger.failing ? 1 : 0)],
  ledger_waiting_lines: ['Lines of the ledger that wait to be written.', [], (s) => one(s.ledger.waiting)],
  ledger_lost_lines_total: ['Lines of the ledger that found no room to wait in.', [], (s) => one(s.ledger.lost)],
  evidence_dropped_total: ['Pieces of evidence that could not be kept.', [], (s) => one(s.ledger.evidenceDropped)],
  late_ticks_total: [
    'Slots that came too late, by cause.',
    ['cause'],
    ({ lateTicks: { total: _total, ...causes } }) => byKey('cause', causes),
  ],
  clip_frames_late_total: [
    'Frames of clips that were not read in time; the frame before them stayed.',
    [],
    (s) => one(s.lateClipFrames),
  ],
  clip_step: [
    'Large clips show one of so many of their frames, because the scan does not keep up with all; 1: each.',
    [],
    (s) => one(s.clipStep),
  ],
  source_rung: [
    '1 for what viewers get of a source: fresh, idle while it stalls, slate when it has stalled for long.',
    ['source', 'kind', 'rung'],
    (s) => s.sources.map(({ id, kind, rung }) => [{ source: id, kind, rung }, 1]),
  ],
  lines_unspoken_total: ['Lines that had their turn and could not be spoken.', [], (s) => one(s.unspoken.total)],
  loudness_integrated_lufs: ['Programme loudness.', [], (s) => one(s.audio.integratedLufs)],
  loudness_momentary_lufs: ['Loudness of the last 400 ms.', [], (s) => one(s.audio.momentaryLufs)],
  audio_peak_dbfs: ['Highest sample since start.', [], (s) => one(s.audio.peakDbfs)],
  encoder_generation: ['Number of the running encoder generation.', [], (s) => one(s.encoder.generation)],
  encoder_restarts_total: ['Encoders that had to be replaced.', [], (s) => one(s.encoder.restarts)],
  encoder_kbit_per_second: ['Video bitrate over the last seconds.', [], (s) => one(s.encoder.kbitPerSecond)],
  encoder_target_kbit_per_second: [
    'Video bitrate asked for; under the wanted one while outputs are congested.',
    [],
    (s) => one(s.encoder.videoKbps),
  ],
  av_offset_milliseconds: [
    'Picture against sound at a viewer on this machine; positive when the picture is late.',
    [],
    (s) => (s.avOffsetMs === null ? [] : one(s.avOffsetMs)),
  ],
  output_live: [
    '1 while an output delivers.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.state === 'live' ? 1 : 0]),
  ],
  output_bytes_sent_total: [
    'Bytes sent.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.bytesSent]),
  ],
  output_reconnects_total: [
    'Times an output connected again.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.reconnects]),
  ],
  output_state: [
    '1 for the state that an output is in.',
    ['output', 'kind', 'state'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind, state: o.state }, 1]),
  ],
  output_publishes_total: [
    'Publishes that the far side accepted; each may be a new video there.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.publishes]),
  ],
  output_queue_milliseconds: [
    'Between the newest packet and what has gone to the far side.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.queue.ms]),
  ],
  output_packets_dropped_total: [
    'Packets jumped over.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.packetsDropped]),
  ],
  stage_milliseconds: [
    'Time per frame and stage.',
    ['stage', 'quantile'],
    (s) =>
      Object.entries(s.stageMs).flatMap(([stage, q]) => [
        [{ stage, quantile: '0.5' }, q.p50] as const,
        [{ stage, quantile: '0.99' }, q.p99] as const,
      ]),
  ],
};

/** For who brings the token only: what the gate found, and how near the room is to a penalty. */
const INNER: ReadonlySet<string> = new Set([
  'slate',
  'frames_replaced_by_cause_total',
  'audio_blocks_muted_by_cause_total',
  'watch_fault',
  'risk_score',
  'risk_at_limit',
]);

/** Prometheus text of the room as it is now, with or without what is nobody's business. */
export function roomMetrics(room: RoomHandle): { contentType: string; text(all: boolean): Promise<string> } {
  const open = new Registry();
  const whole = new Registry();
  let snapshot: RoomSnapshot;
  for (const [name, [help, labels, read]] of Object.entries(METRICS)) {
    new Gauge({
      name: `showroom_${name}`,
      help,
      labelNames: [...labels],
      registers: INNER.has(name) ? [whole] : [whole, open],
      collect() {
        this.reset();
        for (const [values, value] of read(snapshot)) this.set(values, Number.isFinite(value) ? value : Number.NaN);
      },
    });
  }
  return {
    contentType: open.contentType,
    text: (all) => {
      snapshot = room.snapshot();
      return (all ? whole : open).metrics();
    },
  };
}
