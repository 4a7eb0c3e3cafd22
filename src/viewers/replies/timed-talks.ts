import { isDeepStrictEqual } from 'node:util';
import type { TimedTalk } from '../../config/sections/replies.js';

export interface DueTalk {
  readonly text: string;
  readonly language: string | undefined;
  readonly role: TimedTalk['role'];
}

/** Lines at intervals and at times of day. A time that passed while the machine slept is not made up for. */
export class TimedTalks {
  private readonly entries: { readonly talk: TimedTalk; nextMs: number; day: string; turn: number }[];

  /** `before`: talks as they were; those that stay keep their time and turn. */
  constructor(talks: readonly TimedTalk[], startMs: number, local: Date, before?: TimedTalks) {
    this.entries = talks.map(
      (talk) =>
        before?.entries.find((one) => isDeepStrictEqual(one.talk, talk)) ?? {
          talk,
          nextMs: startMs + (talk.everyMs ?? 0),
          // A room that starts after the time of day waits for tomorrow.
          day: talk.at !== undefined && timeOf(local) >= talk.at ? dayOf(local) : '',
          turn: 0,
        },
    );
  }

  /** Lines due now. `nowMs` is monotonic; `local` is the machine's clock. */
  due(nowMs: number, local: Date): DueTalk[] {
    return this.entries.flatMap((entry) => {
      const { talk } = entry;
      if (talk.everyMs === undefined) {
        if (timeOf(local) !== talk.at || entry.day === dayOf(local)) return [];
        entry.day = dayOf(local);
      } else {
        if (nowMs < entry.nextMs) return [];
        entry.nextMs = nowMs + talk.everyMs;
      }
      const wordings = [talk.text, ...talk.variants];
      const text = wordings[entry.turn % wordings.length]!;
      entry.turn += 1;
      return [{ text, language: talk.language, role: talk.role }];
    });
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
const timeOf = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}`;
const dayOf = (date: Date): string => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
