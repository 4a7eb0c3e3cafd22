import { templateJson } from '../../core/files/paths.js';
import { seededRandom } from '../../core/random.js';
import type { ViewerEvent } from '../../config/api/events-handle.js';

const {
  questions: QUESTIONS,
  chatter: CHATTER,
  hostile,
  names: NAMES,
} = templateJson<Readonly<Record<'questions' | 'chatter' | 'hostile' | 'names', readonly string[]>>>(
  'texts',
  'simulated-viewers.json',
);
/** None of these may be seen or heard. */
export const HOSTILE = hostile;

/** Shares of the viewers' actions; all others are questions. */
const CHATTER_SHARE = 0.12;
const HOSTILE_SHARE = 0.05;
const OTHER_KINDS = [
  ['enter', 0.12],
  ['like', 0.08],
  ['follow', 0.04],
  ['gift', 0.03],
  ['order', 0.03],
  ['cart', 0.03],
] as const;
const QUANTITIES = [50, 100, 200, 500, 800, 1000, 3000];

/** Endless viewer events; the same seed gives the same. `run` keeps the ids of two runs apart. */
export function* simulatedViewers(seed: number, run: string): Generator<ViewerEvent, never> {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let n = 1; ; n += 1) {
    const base = { id: `sim-${run}-${n}`, platform: 'simulator', user: pick(NAMES) };
    const dice = random();
    let share = 0;
    const kind = OTHER_KINDS.find(([, part]) => dice < (share += part))?.[0];
    if (kind !== undefined)
      yield { ...base, kind, ...(kind === 'like' ? { count: 1 + Math.floor(random() * 50) } : {}) };
    else if (dice < share + HOSTILE_SHARE) yield { ...base, kind: 'comment', text: pick(HOSTILE) };
    else if (dice < share + HOSTILE_SHARE + CHATTER_SHARE) yield { ...base, kind: 'comment', text: pick(CHATTER) };
    else yield { ...base, kind: 'comment', text: pick(QUESTIONS).replace('{n}', String(pick(QUANTITIES))) };
  }
}
