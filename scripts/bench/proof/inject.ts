import { seededRandom } from '../../../src/core/random.js';
import { injectCombo, type Trouble } from './inject-combos.js';
import { injectRefusal } from './inject-refusals.js';
import { wait, type Injection } from './injection.js';
import { LINES, readMarks } from './lines.js';
import type { ProofRoom } from './proof-room.js';

/** Injections per second, all three lanes together. 156 in 300 s. */
const COMBOS = 0.17;
const REFUSALS = 0.23;
const LINES_SAID = 0.12;
/** Every n-th combination meets a scan thread that dies or stalls. */
const TROUBLE_EVERY = 4;
/** Every n-th line is spoken as an answer to a viewer. */
const REPLY_EVERY = 3;
const QUIET_START_MS = 2500;
const COMBO_TAIL_MS = 5000;

/**
 * Injects violations at seeded random times for `seconds`, in three parallel lanes: content that admission must refuse,
 * codes composed of harmless parts, and typed lines. The script has its own lines that are spoken with muted words.
 */
export async function inject(
  room: ProofRoom,
  seconds: number,
  seed: number,
  onInjection: (injection: Injection) => void,
): Promise<void> {
  const started = performance.now();
  const lane = async (
    name: number,
    perSecond: number,
    tailMs: number,
    one: (random: () => number, n: number) => Promise<Injection>,
  ): Promise<void> => {
    const random = seededRandom(seed * 16 + name);
    const count = Math.ceil(seconds * perSecond);
    const room = Math.max(1000, seconds * 1000 - QUIET_START_MS - tailMs);
    const times = Array.from({ length: count }, () => QUIET_START_MS + random() * room).sort((a, b) => a - b);
    for (const [n, atMs] of times.entries()) {
      await wait(Math.max(0, started + atMs - performance.now()));
      onInjection(await one(random, n));
    }
  };
  await Promise.all([
    lane(1, COMBOS, COMBO_TAIL_MS, (random, n) => {
      const troubled = n % TROUBLE_EVERY === TROUBLE_EVERY - 1;
      const trouble: Trouble = !troubled ? 'none' : Math.floor(n / TROUBLE_EVERY) % 2 === 0 ? 'killed' : 'stalled';
      return injectCombo(room, random, n, trouble);
    }),
    lane(2, REFUSALS, COMBO_TAIL_MS, (random, n) => injectRefusal(room, random, n)),
    lane(3, LINES_SAID, COMBO_TAIL_MS, (_random, n) => sayLine(room, n, seed)),
  ]);
  await wait(Math.max(0, started + seconds * 1000 - performance.now()));
}

/** A typed line is refused whole: an accepted one is a leak, muted or not. */
async function sayLine(room: ProofRoom, n: number, seed: number): Promise<Injection> {
  const { language, marked } = LINES[(n * 5 + seed) % LINES.length]!;
  const { text, forbidden } = readMarks(marked);
  const reply = n % REPLY_EVERY === REPLY_EVERY - 1;
  const { status, body } = await room.api('POST', '/api/say', { text, language, reply });
  const frame = room.live.snapshot().frame;
  const way = `${reply ? 'reply' : 'line to say'}, ${language}`;
  const detail = text.slice(forbidden.start, forbidden.end);
  const injection = { way, detail, fromFrame: frame, toFrame: frame, marked, language };
  if (status === 422) return { ...injection, outcome: 'refused' };
  if (status !== 202) {
    process.stderr.write(`proof: a line was answered with ${status} ${JSON.stringify(body)}\n`);
    return { ...injection, outcome: 'failed' };
  }
  return { ...injection, outcome: 'spoken', line: body?.id ?? '', muted: false };
}
