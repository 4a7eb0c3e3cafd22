import type { LlmState } from '../../src/config/api/replies-handle.js';
import type { LayerList } from '../../src/config/api/layers-handle.js';
import { replies } from '../../src/config/sections/replies.js';
import { EngineError } from '../../src/core/errors.js';
import type { RoomHandle, RoomSnapshot, SayResult } from '../../src/config/api/room-handle.js';
import { emptyReport } from './fakes/empty-report.js';
import { fakeAgenda } from './fakes/fake-agenda.js';
import { fakeDesk } from './fakes/fake-desk.js';
import { fakeEvents } from './fakes/fake-events.js';
import { fakeProducts } from './fakes/fake-products.js';
import { fakeScript } from './fakes/fake-script.js';
import { fakeEncoder, fakeSnapshot, type FakeState } from './fakes/fake-snapshot.js';
import { fakeTakeover } from './fakes/fake-takeover.js';

const fakeLlm: LlmState = {
  llm: null,
  today: { day: '2026-01-01', requests: 0, inputTokens: 0, outputTokens: 0, usd: null },
  off: 'no language model is set',
};

const fakeLayers: LayerList = {
  canvas: { width: 720, height: 1280 },
  shot: 'hero',
  layers: [
    {
      id: 'star',
      layer: { type: 'sticker', src: 'star.svg' },
      box: { x: 1, y: 2, width: 3, height: 4 },
      can: { resize: true, turn: true, hide: true, remove: true },
    },
  ],
};

const audioState = {
  music: null,
  duckDb: -10,
  roomTone: true,
  chimes: true,
  voice: { rate: 1 },
  tracks: ['bed', 'calm'],
};

/** A room that only records its calls. */
export function fakeRoom(): RoomHandle & { calls: string[]; state: FakeState } {
  const calls: string[] = [];
  const state: FakeState = { muted: false, blanked: false, holds: [], ledgerFailing: false, alarms: [], by: '' };
  const takeover = fakeTakeover(calls);
  const snapshot = (): RoomSnapshot => fakeSnapshot(state, takeover.state());
  return {
    calls,
    state,
    desk: fakeDesk(calls, state),
    products: fakeProducts(calls),
    audio: {
      state: async () => audioState,
      patch: async (body) => {
        calls.push(`audio ${JSON.stringify(body)}`);
        return audioState;
      },
    },
    presenter: {
      state: async () => ({
        pack: 'mei',
        look: null,
        looks: [],
        atFrame: null,
        packs: ['leo', 'mei'],
        drawing: null,
        assistant: null,
      }),
      put: async (body) => {
        calls.push(`presenter ${JSON.stringify(body)}`);
        return {
          pack: 'leo',
          look: null,
          looks: [],
          atFrame: 7,
          packs: ['leo', 'mei'],
          drawing: null,
          assistant: null,
        };
      },
    },
    avatar: {
      state: () => ({
        ...{ source: 'whip', step: 'fresh', connected: true, picture: { width: 604, height: 1024 } },
        ...{ received: 900, dropped: 2, lostPackets: 1, lostTags: 0, decoders: 1, speech: null },
      }),
      isKey: (key) => key === 'stream-key-of-the-avatar',
      offer: async (sdp) => {
        calls.push(`avatar offer ${sdp.length}`);
        return { id: 'avatar-1', answer: 'v=0\r\n' };
      },
      hangUp: async (id) => {
        if (id !== 'avatar-1') throw new EngineError('E_NOT_FOUND', { where: 'WHIP session', found: `"${id}"` });
        calls.push('avatar hang up');
      },
    },
    history: {
      steps: () => [{ id: 1, what: 'layer "star"', at: '2026-01-01T00:00:00.000Z' }],
      undo: async () => {
        calls.push('undo');
        return { id: 1, what: 'layer "star"', at: '2026-01-01T00:00:00.000Z' };
      },
      undone: () => [{ id: 2, what: 'audio', at: '2026-01-01T00:00:00.000Z' }],
      redo: async () => {
        calls.push('redo');
        return { id: 2, what: 'audio', at: '2026-01-01T00:00:00.000Z' };
      },
      save: async (options) => {
        calls.push(`save ${JSON.stringify(options)}`);
        return { file: 'room.json', backup: 'room.json.bak', changed: ['layers'] };
      },
    },
    snapshot,
    report: {
      report: async (sinceMs) => ({ ...emptyReport, atMs: emptyReport.untilMs - sinceMs }),
      page: async (_sinceMs, language) => `<!doctype html><html lang="${language}"></html>`,
    },
    script: fakeScript(calls),
    agenda: fakeAgenda(calls),
    takeover,
    events: fakeEvents(),
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
    layers: {
      list: () => fakeLayers,
      put: async (id) => {
        calls.push(`put ${id}`);
        if (id === 'qr')
          throw new EngineError('E_ASSET_REFUSED', {
            where: 'layers/qr',
            expected: 'a picture without codes',
            found: 'a QR code',
          });
        return { id, atFrame: 7, box: null };
      },
      patch: async (id, patch, options) => {
        calls.push(`patch ${id} ${JSON.stringify(patch)} ${JSON.stringify(options)}`);
        return { id, atFrame: 7, box: { x: 1, y: 2, width: 3, height: 4 } };
      },
      order: async (ids) => {
        calls.push(`order ${ids.join(' ')}`);
        return fakeLayers;
      },
      remove: async (id) => void calls.push(`remove ${id}`),
    },
    replies: {
      state: () => replies.parse({}),
      patch: async (patch) => {
        calls.push(`replies ${JSON.stringify(patch)}`);
        return replies.parse({ minGapMs: 4000 });
      },
    },
    llm: {
      state: () => fakeLlm,
      patch: async (patch) => {
        calls.push(`llm ${JSON.stringify(patch)}`);
        return fakeLlm;
      },
      test: async () => ({ ok: true, tookMs: 1100, answer: 'Ready.', fault: null }),
    },
    changeEncoder: async (patch) => {
      calls.push(`encoder ${JSON.stringify(patch)}`);
      return fakeEncoder();
    },
    sources: {
      health: () => [{ id: 'shop', kind: 'oba', state: 'live', lastError: '', events: 3 }],
      takePage: (site, comments) => {
        calls.push(`page ${site} ${comments.map(({ text }) => text).join(', ')}`);
        return { taken: comments.length, repeated: 0, dropped: 0 };
      },
    },
    intake: {
      take: async ({ url }, options) => {
        calls.push(`intake ${url} ${JSON.stringify(options)}`);
        return { product: { id: 'cup', title: 'Cup' }, origins: [], warnings: [] };
      },
    },
    mute: (by = '') => void Object.assign(state, { muted: true, by }),
    blank: (by = '') => void Object.assign(state, { blanked: true, by }),
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
