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
