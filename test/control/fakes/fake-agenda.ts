import type { AgendaHandle } from '../../../src/config/api/script-handle.js';
import { EngineError } from '../../../src/core/errors.js';

/** One script line on air; records cancelled lines. */
export function fakeAgenda(calls: string[]): AgendaHandle {
  const current = {
    id: 's0.0.0',
    kind: 'script',
    text: 'Hello',
    role: 'host',
    state: 'speaking',
    waitedMs: 0,
    place: { segment: 'kettle', line: 'hello' },
    language: 'en',
    spokenCharacters: 3,
    elapsedMs: 400,
    lengthMs: 900,
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
