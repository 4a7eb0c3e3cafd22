import { EngineError } from '../core/errors.js';
import type { SayOptions, SayResult } from '../core/room-handle.js';
import type { RoomParts } from './room-parts.js';
import { UNSPOKEN } from './show/show-runner.js';

type SayParts = Pick<RoomParts, 'room' | 'judge' | 'rundown' | 'ledger'>;

/**
 * Judges a line put in from outside and queues it; a refused one is noted with each rule it breaks.
 * Throws E_BAD_REQUEST when too many lines wait already.
 */
export function sayLine({ room, judge, rundown, ledger }: SayParts, text: string, options: SayOptions): SayResult {
  const language = options.language ?? room.language;
  const { hits } = judge.judge(text, { surface: 'speech', language, entry: room.products });
  const told = hits.map(({ rule, kind, match }) => ({ rule, kind, match }));
  const refuse = (detail: Record<string, string>): void => {
    for (const hit of hits) {
      ledger.append({
        kind: 'text',
        rule: hit.rule,
        surface: 'speech',
        action: 'refuse',
        evidence: hit.match.slice(0, 200),
        detail: { kind: hit.kind, ...detail },
      });
    }
  };
  if (hits.some((h) => UNSPOKEN.has(h.action))) {
    refuse({});
    return { id: '', result: 'refused', hits: told };
  }
  const line = rundown.insert({
    text,
    caption: options.caption === false ? '' : text,
    next: options.next ?? true,
    ...(options.language === undefined ? {} : { language: options.language }),
  });
  if (line === undefined) {
    throw new EngineError('E_BAD_REQUEST', {
      where: 'say',
      expected: 'fewer lines waiting',
      found: `${rundown.waiting} lines`,
      todo: 'wait until they are spoken',
    });
  }
  return { id: line.id, result: hits.some((h) => h.action === 'mute' || h.action === 'tone') ? 'muted' : 'queued', hits: told };
}
