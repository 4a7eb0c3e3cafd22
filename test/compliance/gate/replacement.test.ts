import t from 'tap';
import { JUDGED, Replacement, type OnCode } from '../../../src/compliance/gate/replacement.js';

const HOLD = 30;
const QUIET = 8;
const MAX_HELD = 30;

function replacement(onCode: OnCode): Replacement {
  return new Replacement(onCode, HOLD, QUIET, MAX_HELD);
}

/** `frames` frames with a code; `proven` decides for each whether it can be shown obscured in time. */
function run(one: Replacement, frames: number, proven: (frame: number) => boolean): string[] {
  const shown: string[] = [];
  for (let i = 0; i < frames; i += 1) {
    one.step(JUDGED.violation, undefined, true, true, proven(i));
    shown.push(one.shown);
  }
  return shown;
}

t.test('shows the slate when a proof is late for longer than a picture may be held', async (t) => {
  const shown = run(replacement('blur'), MAX_HELD + 5, () => false);
  t.strictSame(new Set(shown.slice(0, MAX_HELD)), new Set(['last-clean']));
  t.strictSame(new Set(shown.slice(MAX_HELD)), new Set(['slate']));
});

t.test('shows the picture again once proofs are in time, although the code remains', async (t) => {
  const lateUntil = MAX_HELD + 5;
  const shown = run(replacement('blur'), 200, (frame) => frame >= lateUntil);
  const back = shown.indexOf('obscured');
  t.equal(back, MAX_HELD + HOLD, 'after the minimum time of a slate');
  t.strictSame(new Set(shown.slice(back)), new Set(['obscured']), 'and it stays');
});

t.test('intermittent proofs do not make the slate flicker', async (t) => {
  const shown = run(replacement('pixelate'), 300, (frame) => frame > MAX_HELD && frame % QUIET !== 0);
  t.strictSame(new Set(shown.slice(MAX_HELD)), new Set(['slate']));
});

t.test('a slate chosen for codes stays as long as the code', async (t) => {
  for (const onCode of ['slate', 'hold'] as const) {
    const shown = run(replacement(onCode), 200, () => true);
    t.equal(shown.at(-1), 'slate', onCode);
    t.notOk(shown.includes('obscured'), onCode);
  }
});

t.test('holds the last judged picture while a machine is busy, and the slate is the last step', async (t) => {
  const one = new Replacement('slate', HOLD, QUIET, MAX_HELD, 300);
  const shown: string[] = [];
  for (let i = 0; i < 310; i += 1) {
    one.step(JUDGED.unjudged, undefined, false, true);
    shown.push(one.shown);
  }
  t.strictSame(new Set(shown.slice(0, 300)), new Set(['last-clean']));
  t.strictSame(new Set(shown.slice(300)), new Set(['slate']));
});

t.test('leaves the slate of a busy machine once most frames are judged, and that of a code when all are', async (t) => {
  const back = (first: number): number => {
    const one = new Replacement('slate', HOLD, QUIET, MAX_HELD, MAX_HELD);
    for (let i = 0; i < MAX_HELD + 1; i += 1) one.step(first, undefined, false, true);
    for (let i = 0; i < 300; i += 1) {
      one.step(i % 4 === 0 ? JUDGED.unjudged : JUDGED.clean, undefined, false, true);
      if (one.shown === 'own') return i;
    }
    return Infinity;
  };
  t.ok(back(JUDGED.unjudged) < HOLD + 2 * QUIET);
  t.equal(back(JUDGED.violation), Infinity);
});
