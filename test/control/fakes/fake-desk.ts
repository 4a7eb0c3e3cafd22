import { EngineError } from '../../../src/core/errors.js';
import type { DeskHandle, HiddenViewer } from '../../../src/config/api/desk-handle.js';
import type { FakeState } from './fake-snapshot.js';

/** Rules and viewers that can be hidden; other calls are recorded. */
export function fakeDesk(calls: string[], state: FakeState): DeskHandle {
  const off = new Set<string>();
  let hidden: HiddenViewer[] = [];
  const missing = (what: string): EngineError => new EngineError('E_NOT_FOUND', { where: what, found: 'nothing' });
  const is = (a: HiddenViewer, b: HiddenViewer): boolean => a.platform === b.platform && a.user === b.user;
  return {
    rules: () => [{ id: 'price', match: 'price|how much', kinds: ['comment'], on: !off.has('price') }],
    setRule: (id, on) => {
      if (id !== 'price') throw missing(`rule "${id}"`);
      if (on) off.delete(id);
      else off.add(id);
    },
    answerComment: async (seq, text) => {
      if (seq > 500) throw missing(`comment ${seq}`);
      calls.push(`answer ${seq} ${text}`);
      return text.includes('phone')
        ? { id: '', result: 'refused', reason: { en: 'phone number', zh: '电话号码' }, hits: [] }
        : { id: 'say-1', result: 'queued', hits: [] };
    },
    showComment: async (seq) => {
      calls.push(`show ${seq}`);
      return { id: 'viewer-question', result: 'queued', hits: [] };
    },
    hidden: () => hidden,
    hide: (viewer) => void (hidden = [...hidden, viewer]),
    unhide: (viewer) => void (hidden = hidden.filter((one) => !is(one, viewer))),
    putOutput: async (id, body) => void calls.push(`output ${id} ${JSON.stringify(body)}`),
    removeOutput: async (id) => {
      if (id === 'none') throw missing('output "none"');
      calls.push(`remove output ${id}`);
    },
    reconnectOutput: (id) => void calls.push(`reconnect ${id}`),
    record: async (on) => void calls.push(`record ${on}`),
    keepClips: (on) => void calls.push(`clips ${on}`),
    clip: async (seconds) => Buffer.from(`clip of ${seconds} s`),
    evidence: async (name) => {
      if (name.includes('/')) throw missing('evidence');
      return { contentType: 'image/webp', body: Buffer.from('picture') };
    },
    productPicture: async () => ({ contentType: 'image/webp', body: Buffer.from('thumb') }),
    machine: () => ({ cpu: 0.41, memoryBytes: 612e6, diskFreeBytes: 212e9 }),
    acknowledge: ({ kind }, by) => {
      const seen = state.alarms.filter((one) => kind === undefined || one.kind === kind);
      state.alarms = state.alarms.map((one) => (seen.includes(one) ? { ...one, acknowledgedBy: by } : one));
      return seen.length;
    },
  };
}
