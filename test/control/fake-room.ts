import type { AlarmSnapshot } from '../../src/core/alarm-kinds.js';
import { EngineError } from '../../src/core/errors.js';
import type { EncoderSnapshot, RoomHandle, RoomSnapshot, SayResult, SlateReason } from '../../src/core/room-handle.js';

/** A room that only records its calls. */
export function fakeRoom(): RoomHandle & {
  calls: string[];
  state: { muted: boolean; blanked: boolean; holds: SlateReason[]; ledgerFailing: boolean; alarms: AlarmSnapshot[] };
} {
  const calls: string[] = [];
  const state = {
    muted: false,
    blanked: false,
    holds: [] as SlateReason[],
    ledgerFailing: false,
    alarms: [] as AlarmSnapshot[],
  };
  const encoder = (): EncoderSnapshot => ({
    generation: 1,
    restarts: 0,
    kbitPerSecond: 2500,
    videoKbps: 2500,
    wantedKbps: 2500,
    width: 720,
    height: 1280,
    fps: 30,
  });
  const snapshot = (): RoomSnapshot => ({
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
    sources: [
      { id: 'script', kind: 'script', rung: 'fresh' },
      { id: 'film', kind: 'clip', rung: 'slate' },
    ],
    lateTicks: { total: 1, render: 0, scan: 0, encode: 1, stall: 0 },
    tickLatenessMs: { p50: 0.5, p99: 1, p999: 2, max: 3 },
    stageMs: { compose: { p50: 0.1, p99: 0.4 } },
    audio: { momentaryLufs: -15, integratedLufs: -16.2, peakDbfs: -2, muted: state.muted },
    encoder: encoder(),
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
    product: 'bottle',
    unspoken: { total: 0, last: null },
    voices: [
      {
        provider: 'openai',
        voice: 'nova',
        state: 'resting',
        restMs: 4000,
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
    muted: state.muted,
    blanked: state.blanked,
  });
  return {
    calls,
    state,
    snapshot,
    verdicts: (limit) => [{ seq: limit, at: '2026-01-01T00:00:00.000Z', kind: 'frame', rule: '3.3', action: 'blank' }],
    say: async (text, options) => {
      calls.push(`say ${text} ${JSON.stringify(options)}`);
      const bad = text.includes('phone');
      const result: SayResult = {
        id: bad ? '' : 'say-1',
        result: bad ? 'refused' : 'queued',
        ...(bad ? { reason: { en: 'phone number / outside contact', zh: '电话号码 / 站外联系方式' } } : {}),
        hits: bad ? [{ rule: '3.2', kind: 'phone', match: 'phone' }] : [],
      };
      return result;
    },
    outputEvents: (limit) => [
      {
        seq: limit,
        at: '2026-01-01T00:00:00.000Z',
        output: 'taobao',
        kind: 'rtmp',
        target: 'rtmp://live.example/app/***',
        state: 'live',
        before: 'connecting',
        lastError: '',
      },
    ],
    outputFile: (output, name) =>
      output === 'phone' && name === 'index.m3u8'
        ? { contentType: 'application/vnd.apple.mpegurl', body: '#EXTM3U\n', maxAgeS: 0 }
        : undefined,
    putLayer: async (id) => {
      calls.push(`put ${id}`);
      if (id === 'qr')
        throw new EngineError('E_ASSET_REFUSED', {
          where: 'layers/qr',
          expected: 'a picture without codes',
          found: 'a QR code',
        });
      return { id, atFrame: 7 };
    },
    changeEncoder: async (patch) => {
      calls.push(`encoder ${JSON.stringify(patch)}`);
      return encoder();
    },
    removeLayer: async (id) => void calls.push(`remove ${id}`),
    mute: () => void (state.muted = true),
    blank: () => void (state.blanked = true),
    resume: (what = {}) => {
      calls.push(`resume ${JSON.stringify(what)}`);
      const all = Object.keys(what).length === 0;
      if (all || what.mute === true) state.muted = false;
      if (all || what.blank === true) state.blanked = false;
    },
    dump: async () => {
      calls.push('dump');
      return { fromFrame: 1822, frames: 8, ms: 266 };
    },
    whepOffer: async (sdp) => {
      calls.push(`offer ${sdp.length}`);
      return { id: 'viewer-1', answer: 'v=0\r\n' };
    },
    whepCandidate: async (id) => void calls.push(`candidate ${id}`),
    whepDelete: async (id) => void calls.push(`delete ${id}`),
    stillJpeg: async () => Buffer.from([0xff, 0xd8]),
  };
}
