import type { TakeoverHandle, TakeoverMode } from '../../../src/config/api/takeover-handle.js';

/** Records its commands; refuses texts with "phone", and voices in a room named so. */
export function fakeTakeover(calls: string[]): TakeoverHandle {
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
