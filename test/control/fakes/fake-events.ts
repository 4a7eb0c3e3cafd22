import type { EventRecord, EventsHandle } from '../../../src/config/api/events-handle.js';
import { EngineError } from '../../../src/core/errors.js';

/** Takes all events; listeners hear of each. */
export function fakeEvents(): EventsHandle {
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
    ask: async (comment) => ({
      comment,
      outcome: 'answered',
      answer: 'It weighs 780 grams.',
      language: 'en',
      product: 'kettle',
      meaning: 'weight',
      by: 'meaning',
      nearest: [],
      source: 'attribute Weight',
      tookMs: 3,
    }),
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
