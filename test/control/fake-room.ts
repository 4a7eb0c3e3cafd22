import type { AlarmSnapshot } from '../../src/core/alarm-kinds.js';
import type { ProductChange, ProductsHandle, ProductState } from '../../src/core/handles/products-handle.js';
import type { AgendaHandle } from '../../src/core/handles/agenda-handle.js';
import type { TakeoverHandle, TakeoverMode } from '../../src/core/handles/takeover-handle.js';
import type { ScriptHandle, ScriptSnapshot } from '../../src/core/handles/script-handle.js';
import { EngineError } from '../../src/core/errors.js';
import type { ShowReport } from '../../src/core/handles/report-handle.js';
import type { EventRecord, EventsHandle } from '../../src/core/handles/events-handle.js';
import type { EncoderSnapshot, RoomHandle, RoomSnapshot, SayResult, SlateReason } from '../../src/core/room-handle.js';

const emptyReport: ShowReport = {
  ...{ room: 'fake', atMs: 0, untilMs: 1_800_000_000_000, createdMs: 1_800_000_000_000, onAirMs: 0 },
  ...{ sessions: [], products: [], productSpans: [], outputs: [], intervals: [], audience: {}, peakViewers: null },
  lines: {
    ...{ spoken: 0, byKind: {}, byLanguage: {}, sentences: 0, differentSentences: 0, shortestGapMs: null },
    ...{ goalMs: 7_200_000, tooSoon: 0, repeats: [] },
  },
  comments: { total: 0, byOutcome: {}, byPlatform: {}, byIntent: [], viewers: null, unanswered: [] },
  replies: { count: 0, p50Ms: null, p95Ms: null, byPath: [], histogram: [] },
  violations: { total: 0, byRule: [] },
  slate: { totalMs: 0, byCause: {}, spans: [] },
  mute: { totalMs: 0, byCause: {}, spans: [] },
};
const audioState = { music: null, duckDb: -10, roomTone: true, voice: { rate: 1 }, tracks: ['bed', 'calm'] };

function fakeProducts(calls: string[]): ProductsHandle {
  let pinned: string | null = null;
  const state = (id: string): ProductState => ({
    id,
    product: { id },
    shown: true,
    pinned: pinned === id,
    segments: 1,
  });
  const known = (id: string): string => {
    if (id === 'mug') throw new EngineError('E_NOT_FOUND', { where: 'products', found: `"${id}"` });
    return id;
  };
  const change = (what: string, id: string, body?: unknown): Promise<ProductChange> => {
    calls.push(`${what} product ${id} ${JSON.stringify(body)}`);
    return Promise.resolve({ ...state(id), atFrame: 7, breaks: [] });
  };
  return {
    list: () => ({ shown: 'bottle', pinned, products: [state('bottle')] }),
    get: (id) => state(known(id)),
    add: async (body) => change('add', String((body as { id?: string }).id), body),
    put: async (id, body) => change('put', id, body),
    patch: async (id, body) => change('patch', known(id), body),
    remove: async (id) => void calls.push(`remove product ${known(id)}`),
    pin: async (id) => {
      pinned = id;
      calls.push(`pin ${id}`);
      return { pinned, shown: 'bottle', atFrame: 7, segments: 1 };
    },
  };
}

const scriptSnapshot: ScriptSnapshot = {
  revision: 3,
  paused: false,
  current: { segment: 'intro', line: 'hello' },
  next: { segment: 'intro', line: 'line-2' },
  loop: true,
  gapMs: 450,
  fillers: [],
  segments: [{ id: 'intro', product: null, lines: [{ id: 'hello', text: 'Hello', variants: [], gesture: 'none' }] }],
};

/** Records edits; refuses texts with "phone", and unknown segments. */
function fakeScript(calls: string[]): ScriptHandle {
  const call = (name: string, ...rest: unknown[]): void =>
    void calls.push([`script ${name}`, ...rest.map((one) => JSON.stringify(one))].join(' '));
  const judge = (body: unknown): void => {
    if (!JSON.stringify(body).includes('phone')) return;
    const hits = [{ rule: '3.2', kind: 'phone', match: 'phone' }];
    const details = { hits, reason: { en: 'phone number / outside contact', zh: '电话号码 / 站外联系方式' } };
    throw new EngineError('E_TEXT_REFUSED', { where: 'line', expected: 'words that may be spoken', details });
  };
  const find = (segment: string): void => {
    if (segment === 'nowhere') throw new EngineError('E_NOT_FOUND', { where: 'segment', found: '"nowhere"' });
  };
  const edit = async (name: string, id: string, ...rest: unknown[]) => {
    judge(rest);
    call(name, id, ...rest);
    return { revision: 4, id };
  };
  return {
    snapshot: () => scriptSnapshot,
    replace: async (segments) => {
      judge(segments);
      call('replace', segments.length);
      return scriptSnapshot;
    },
    change: async (settings) => {
      call('change', settings);
      return scriptSnapshot;
    },
    addSegment: (segment, after) => edit('addSegment', segment.id ?? 'segment-2', segment.lines.length, after ?? 'end'),
    putSegment: (id, segment) => edit('putSegment', id, segment.lines),
    patchSegment: (id, patch) => edit('patchSegment', id, patch),
    deleteSegment: async (id) => {
      find(id);
      call('deleteSegment', id);
    },
    addLine: (segment, line, after) => edit('addLine', line.id ?? 'line-2', segment, line.text, after ?? 'end'),
    putLine: (segment, id, line) => edit('putLine', id, segment, line.text),
    patchLine: (segment, id, patch) => edit('patchLine', id, segment, patch),
    deleteLine: async (segment, id) => call('deleteLine', segment, id),
    jump: async (to) => {
      find(to.segment);
      call('jump', to);
      return scriptSnapshot;
    },
    skip: async (options) => {
      call('skip', options);
      return { skipped: 's0.0.0' };
    },
    pause: async () => {
      call('pause');
      return { ...scriptSnapshot, paused: true };
    },
    resume: async () => {
      call('resume');
      return scriptSnapshot;
    },
  };
}

/** Records its commands; refuses texts with "phone", and voices in a room named so. */
function fakeTakeover(calls: string[]): TakeoverHandle {
  let mode: TakeoverMode | null = null;
  const state = () => ({
    on: mode !== null,
    mode,
    lastedMs: 0,
    idleMs: 0,
    repliesWait: mode !== null,
    timedOut: false,
    recogniser: 'fake',
    noVoice: '',
    voice: null,
    quickPhrases: [{ id: 'hello', text: 'Hello everybody.' }],
  });
  return {
    state,
    begin: async (wanted) => {
      mode = wanted;
      calls.push(`takeover ${wanted}`);
      return state();
    },
    end: async () => {
      mode = null;
      calls.push('takeover end');
      return state();
    },
    say: async (what) => {
      calls.push(`takeover say ${JSON.stringify(what)}`);
      const bad = JSON.stringify(what).includes('phone');
      return bad
        ? { id: '', result: 'refused', reason: { en: 'phone number', zh: '电话号码' }, hits: [] }
        : { id: 'takeover-1', result: 'queued', hits: [] };
    },
    audio: async (bytes, text) => {
      calls.push(`takeover audio ${bytes.length} ${text ?? ''}`);
      return { lines: 1, text: 'Hello.', durationMs: 900, silencedMs: 0, hits: [] };
    },
    offer: async (sdp) => {
      calls.push(`takeover offer ${sdp.length}`);
      return { id: 'voice-1', answer: 'v=0\r\n' };
    },
    hangUp: async (id) => void calls.push(`takeover hang up ${id}`),
  };
}

function fakeAgenda(calls: string[]): AgendaHandle {
  const current = {
    id: 's0.0.0',
    kind: 'script',
    text: 'Hello',
    role: 'host',
    state: 'speaking',
    waitedMs: 0,
  } as const;
  const counters = { added: 2, spoken: 1, forgotten: 0, displaced: 0, refused: 0, cancelled: 0, failed: 0 };
  return {
    snapshot: () => ({ paused: false, current, scheduled: [], waiting: [], counters }),
    cancel: async (id) => {
      if (id === 'none') throw new EngineError('E_NOT_FOUND', { where: 'agenda', found: '"none"' });
      calls.push(`cancel ${id}`);
    },
  };
}

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
  const takeover = fakeTakeover(calls);
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
    eventSources: [],
    takeover: takeover.state(),
    muted: state.muted,
    blanked: state.blanked,
  });
  return {
    calls,
    state,
    products: fakeProducts(calls),
    audio: {
      state: async () => audioState,
      patch: async (body) => {
        calls.push(`audio ${JSON.stringify(body)}`);
        return audioState;
      },
    },
    presenter: {
      state: async () => ({ pack: 'mei', look: null, looks: [], atFrame: null, packs: ['leo', 'mei'] }),
      put: async (body) => {
        calls.push(`presenter ${JSON.stringify(body)}`);
        return { pack: 'leo', look: null, looks: [], atFrame: 7, packs: ['leo', 'mei'] };
      },
    },
    history: {
      steps: () => [{ id: 1, what: 'layer "star"', at: '2026-01-01T00:00:00.000Z' }],
      undo: async () => {
        calls.push('undo');
        return { id: 1, what: 'layer "star"', at: '2026-01-01T00:00:00.000Z' };
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
        return { product: { id: 'cup', title: 'Cup' }, warnings: [] };
      },
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

/** Lists what it takes as answered with the same words. */
function fakeEvents(): EventsHandle {
  const records: EventRecord[] = [];
  const listeners = new Set<(record: EventRecord) => void>();
  return {
    take: (events) => {
      for (const event of events) {
        const record: EventRecord = { ...event, seq: records.length + 1, atMs: event.atMs ?? 0, state: 'taken' };
        records.push(record);
        for (const listener of listeners) listener(record);
      }
      return { taken: events.length, repeated: 0, dropped: 0 };
    },
    recent: (limit) => records.toReversed().slice(0, limit),
    counts: () => ({ taken: records.length, repeated: 0, dropped: 0 }),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    questions: () => [
      {
        id: 'q1',
        text: 'Is it loud?',
        user: 'Anna',
        language: 'en',
        product: null,
        count: 2,
        atMs: 1,
        reason: 'unknown',
      },
    ],
    answer: async (id, text) => {
      if (id !== 'q1')
        throw new EngineError('E_NOT_FOUND', { where: `question ${id}`, found: 'no such open question' });
      const bad = text.includes('phone');
      return bad
        ? { id: '', result: 'refused', reason: { en: 'phone number', zh: '电话号码' }, hits: [] }
        : { id: 'say-1', result: 'queued', hits: [] };
    },
  };
}
