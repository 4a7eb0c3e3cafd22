import { Gauge, Registry } from 'prom-client';
import type { RoomHandle, RoomSnapshot } from '../config/api/room-handle.js';

type Reading = readonly [labels: Record<string, string>, value: number];

const one = (value: number): Reading[] => [[{}, value]];
const byKey = (label: string, values: Readonly<Record<string, number>>): Reading[] =>
  Object.entries(values).map(([key, value]) => [{ [label]: key }, value]);

/** name → [help, label names, readings]. Counters are read from the room's snapshot, so all are exported as gauges. */
const METRICS: Record<string, readonly [string, readonly string[], (s: RoomSnapshot) => Reading[]]> = {
  on_air_seconds: ['Time on air.', [], (s) => one(s.onAirMs / 1000)],
  on_air: ['1 while the room is on air and not blanked.', [], (s) => one(s.state === 'on-air' ? 1 : 0)],
  slate: ['1 for each reason why viewers see the slate.', ['reason'], (s) => s.slate.map((reason) => [{ reason }, 1])],
  frames_rendered_total: ['Frames that entered the gate.', [], (s) => one(s.frames.rendered)],
  frames_released_total: ['Frames that left as they were drawn.', [], (s) => one(s.frames.released)],
  frames_replaced_total: ['Frames that were replaced.', [], (s) => one(s.frames.replaced)],
  frames_in_window: [
    'Frames in the gate that have not left; rendered = released + replaced + pending.',
    [],
    (s) => one(s.frames.inWindow),
  ],
  frames_released_unjudged_total: [
    'Pictures that left with another verdict than their own; always 0.',
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
  audio_blocks_muted_total: ['Blocks of sound that were muted, wholly or in part.', [], (s) => one(s.sound.muted)],
  audio_blocks_muted_by_cause_total: ['Blocks of sound muted, by cause.', ['cause'], (s) => byKey('cause', s.mutedBy)],
  audio_blocks_in_window: [
    'Blocks of sound in the gate that have not left; rendered = released + muted + pending.',
    [],
    (s) => one(s.sound.inWindow),
  ],
  scan_candidates_total: ['Candidate regions found by the locators.', [], (s) => one(s.scans.candidates)],
  scan_decodes_total: ['Decoder calls.', [], (s) => one(s.scans.decoded)],
  scan_failed_total: ['Scans without a verdict.', [], (s) => one(s.scans.failed)],
  watch_fault: [
    '1 while a fault of picture or sound lasts.',
    ['kind', 'rule'],
    (s) => s.watch.map(({ kind, rule }) => [{ kind, rule }, 1]),
  ],
  risk_score: ["Sum of the room's violations, halving with time.", [], (s) => one(s.risk.score)],
  risk_at_limit: ['1 while the slate is shown because of the risk.', [], (s) => one(s.risk.level === 'limit' ? 1 : 0)],
  alarm: [
    '1 for each active alarm.',
    ['kind', 'subject'],
    (s) => s.alarms.map(({ kind, subject }) => [{ kind, subject }, 1]),
  ],
  event_source_live: [
    '1 while a source of viewers’ events is connected.',
    ['id', 'kind'],
    (s) => s.eventSources.map(({ id, kind, state }) => [{ id, kind }, state === 'live' ? 1 : 0]),
  ],
  event_source_events_total: [
    'Events that a source handed over.',
    ['id', 'kind'],
    (s) => s.eventSources.map(({ id, kind, events }) => [{ id, kind }, events]),
  ],
  ledger_failing: ['1 while the disk refuses ledger entries.', [], (s) => one(s.ledger.failing ? 1 : 0)],
  ledger_waiting_lines: ['Ledger entries waiting to be written.', [], (s) => one(s.ledger.waiting)],
  ledger_lost_lines_total: ['Ledger entries lost because the queue was full.', [], (s) => one(s.ledger.lost)],
  evidence_dropped_total: ['Pieces of evidence that were not kept.', [], (s) => one(s.ledger.evidenceDropped)],
  late_ticks_total: [
    'Slots that were late, by cause.',
    ['cause'],
    ({ lateTicks: { total: _total, ...causes } }) => byKey('cause', causes),
  ],
  clip_frames_late_total: [
    'Clip frames that were not read in time; the previous frame was shown.',
    [],
    (s) => one(s.lateClipFrames),
  ],
  film_frames_late_total: [
    'Frames of filmed presenters that were not read in time; the previous frame was shown.',
    [],
    (s) => one(s.lateFilmFrames),
  ],
  picture_fps: [
    'Frames a second that are drawn; less than the room’s rate while the machine is too busy for all.',
    [],
    (s) => one(s.pictureFps),
  ],
  clip_step: [
    'Large clips show one in this many of their frames, because the scan cannot keep up with all; 1: every frame.',
    [],
    (s) => one(s.clipStep),
  ],
  source_step: [
    "1 for the fallback ladder's present step per source: fresh, idle while it stalls, slate after a long stall.",
    ['source', 'kind', 'step'],
    (s) => s.sources.map(({ id, kind, step }) => [{ source: id, kind, step }, 1]),
  ],
  avatar_on_stage: [
    '1 while another engine sends the presenter’s pictures.',
    [],
    (s) => s.sources.filter(({ kind }) => kind === 'avatar').map(({ step }) => [{}, step === 'fresh' ? 1 : 0]),
  ],
  avatar_speech_lines_total: [
    'Lines of speech for the engine of an external avatar: sent, dropped; and requests or connections that failed.',
    ['result'],
    ({ avatarSpeech }) => {
      if (avatarSpeech === null) return [];
      const { sent, dropped, failed } = avatarSpeech;
      return byKey('result', { sent, dropped, failed });
    },
  ],
  avatar_speech_link: [
    '1 for the present state of the WHIP connection that carries the speech: connecting, live, degraded, wedged, backoff, stopped.',
    ['state'],
    ({ avatarSpeech }) => (avatarSpeech?.link ? [[{ state: avatarSpeech.link }, 1]] : []),
  ],
  fresh_wordings_total: [
    'Wordings that the language model wrote on air: kept, refused; and requests that failed.',
    ['result'],
    ({ writing: { written, refused, failed } }) => byKey('result', { written, refused, failed }),
  ],
  fresh_wordings_state: [
    '1 for the present state of the writing on air: off, writing, enough, resting, capped.',
    ['state'],
    (s) => [[{ state: s.writing.state }, 1]],
  ],
  llm_characters_today: [
    'Characters exchanged with the language model for fresh wordings today (UTC).',
    [],
    (s) => one(s.writing.charactersToday),
  ],
  lines_unspoken_total: ['Lines that were due and could not be spoken.', [], (s) => one(s.unspoken.total)],
  voice_state: [
    "1 for the present state of a service's voice: ready, resting after a failure, capped for the day.",
    ['provider', 'voice', 'state'],
    (s) => s.voices.map(({ provider, voice, state }) => [{ provider, voice, state }, 1]),
  ],
  voice_pieces_total: [
    'Pieces of lines by result: spoken by the service, read from the cache, failed.',
    ['provider', 'voice', 'result'],
    (s) =>
      s.voices.flatMap(({ provider, voice, spoken, cached, failed }) =>
        Object.entries({ spoken, cached, failed }).map(([result, count]): Reading => [
          { provider, voice, result },
          count,
        ]),
      ),
  ],
  voice_characters_today: [
    'Characters sent to a service today (UTC).',
    ['provider', 'voice'],
    (s) => s.voices.map(({ provider, voice, charactersToday }) => [{ provider, voice }, charactersToday]),
  ],
  voice_characters_total: [
    'Characters sent to a service since the start.',
    ['provider', 'voice'],
    (s) => s.voices.map(({ provider, voice, charactersTotal }) => [{ provider, voice }, charactersTotal]),
  ],
  loudness_integrated_lufs: ['Programme loudness.', [], (s) => one(s.audio.integratedLufs)],
  loudness_momentary_lufs: ['Loudness of the last 400 ms.', [], (s) => one(s.audio.momentaryLufs)],
  audio_peak_dbfs: ['Highest sample since start.', [], (s) => one(s.audio.peakDbfs)],
  encoder_generation: ['Number of the running encoder generation.', [], (s) => one(s.encoder.generation)],
  encoder_restarts_total: ['Encoders that were replaced.', [], (s) => one(s.encoder.restarts)],
  encoder_kbit_per_second: ['Video bitrate over the last seconds.', [], (s) => one(s.encoder.kbitPerSecond)],
  encoder_target_kbit_per_second: [
    'Target video bitrate; below the configured one while outputs are congested.',
    [],
    (s) => one(s.encoder.videoKbps),
  ],
  av_offset_milliseconds: [
    'Offset of picture to sound at a viewer on this machine; positive when the picture is late.',
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
    'Reconnects of an output.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.reconnects]),
  ],
  output_state: [
    "1 for the output's present state.",
    ['output', 'kind', 'state'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind, state: o.state }, 1]),
  ],
  output_publishes_total: [
    'Publishes that the server accepted; each may be a new video there.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.publishes]),
  ],
  output_queue_milliseconds: [
    'Delay between the newest packet and the last one sent.',
    ['output', 'kind'],
    (s) => s.outputs.map((o) => [{ output: o.id, kind: o.kind }, o.queue.ms]),
  ],
  output_packets_dropped_total: [
    'Packets skipped.',
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

/** Metrics for clients with the token only: findings of the gate, the risk, and the cost of voices. */
const INNER: ReadonlySet<string> = new Set([
  'slate',
  'frames_replaced_by_cause_total',
  'audio_blocks_muted_by_cause_total',
  'watch_fault',
  'risk_score',
  'risk_at_limit',
  'voice_state',
  'voice_pieces_total',
  'voice_characters_today',
  'voice_characters_total',
]);

/** Prometheus text of the room's present state, with or without the private metrics. */
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
