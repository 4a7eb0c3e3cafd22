import type { AlarmSnapshot } from '../../../src/config/api/room-handle.js';
import type { TakeoverHandle } from '../../../src/config/api/takeover-handle.js';
import type { EncoderSnapshot, RoomSnapshot, SlateReason } from '../../../src/config/api/room-handle.js';

/** The part of a fake room that tests and commands change. */
export interface FakeState {
  muted: boolean;
  blanked: boolean;
  holds: SlateReason[];
  ledgerFailing: boolean;
  alarms: AlarmSnapshot[];
  /** Who muted or blanked. */
  by: string;
}

export const fakeEncoder = (): EncoderSnapshot => ({
  generation: 1,
  restarts: 0,
  kbitPerSecond: 2500,
  videoKbps: 2500,
  wantedKbps: 2500,
  width: 720,
  height: 1280,
  fps: 30,
});

/** A room a minute on air. */
export const fakeSnapshot = (state: FakeState, takeover: ReturnType<TakeoverHandle['state']>): RoomSnapshot => ({
  name: 'fake',
  state: state.blanked || state.holds.length > 0 ? 'blanked' : 'on-air',
  onAirMs: 61_000,
  width: 720,
  height: 1280,
  fps: 30,
  frame: 1830,
  frames: { rendered: 1838, released: 1800, replaced: 30, inWindow: 8, releasedUnjudged: 0 },
  replacedBy: { violation: 30, unjudged: 0 },
  sound: { rendered: 1838, released: 1815, muted: 15, inWindow: 8 },
  mutedBy: { violation: 12, operator: 3 },
  scans: { candidates: 12, decoded: 3, pending: 0, failed: 0 },
  lateClipFrames: 0,
  clipStep: 1,
  pictureFps: 30,
  sources: [
    { id: 'script', kind: 'script', step: 'fresh' },
    { id: 'film', kind: 'clip', step: 'slate' },
  ],
  lateTicks: { total: 1, render: 0, scan: 0, encode: 1, stall: 0 },
  tickLatenessMs: { p50: 0.5, p99: 1, p999: 2, max: 3 },
  stageMs: { compose: { p50: 0.1, p99: 0.4 } },
  audio: { momentaryLufs: -15, integratedLufs: -16.2, peakDbfs: -2, leftDbfs: -14, rightDbfs: -15, muted: state.muted },
  encoder: fakeEncoder(),
  avOffsetMs: 0.4,
  outputs: [
    {
      id: 'taobao',
      kind: 'rtmp',
      target: 'rtmp://live.example/app/***',
      state: 'live',
      bytesSent: 1e6,
      packetsDropped: 0,
      reconnects: 2,
      publishes: 3,
      queue: { ms: 40, bytes: 12_000 },
      lastError: '',
      required: true,
    },
  ],
  speaking: { text: 'Hello', language: 'en' },
  shot: { name: 'hero', reason: 'opening', sinceFrame: 0 },
  product: 'bottle',
  lateFilmFrames: 0,
  avatarSpeech: { sent: 7, failed: 1, dropped: 2, link: 'live', lastError: '' },
  unspoken: { total: 0, last: null },
  voices: [
    {
      provider: 'openai',
      voice: 'nova',
      state: 'resting',
      restMs: 4000,
      failing: true,
      lastError: 'status 503',
      spoken: 7,
      cached: 20,
      failed: 2,
      charactersToday: 412,
      charactersTotal: 412,
      maxCharactersPerDay: 20_000,
    },
  ],
  dumpWindow: { frames: 20, ms: 667 },
  watch: [{ kind: 'still', rule: '5.11', since: 900, value: 0.01 }],
  risk: { score: 1.5, level: 'calm', reasons: [{ rule: '3.3', score: 1.5, count: 2 }] },
  slate: [...(state.blanked ? (['operator'] as const) : []), ...state.holds],
  ledger: { failing: state.ledgerFailing, waiting: 0, lost: 0, evidenceDropped: 2 },
  alarms: state.alarms,
  eventSources: [],
  takeover,
  writing: {
    ...{ state: 'writing', written: 40, restored: 5, refused: 3, failed: 1 },
    ...{ requestsToday: 9, charactersToday: 21_000, lastError: '' },
  },
  muted: state.muted,
  blanked: state.blanked,
  orders: {
    mute: state.muted ? { at: '2026-01-01T00:00:00.000Z', by: state.by } : null,
    blank: state.blanked ? { at: '2026-01-01T00:00:00.000Z', by: state.by } : null,
  },
  slateSince: state.blanked || state.holds.length > 0 ? '2026-01-01T00:00:00.000Z' : null,
});
