import t from 'tap';
import type { Injection } from '../../../../scripts/bench/proof/injection.js';
import { framesOf, replacedSpans, standing, withoutCause } from '../../../../scripts/bench/proof/replaced-share.js';

const composed: Injection = { way: 'x', detail: '', outcome: 'composed', fromFrame: 500, toFrame: 560, partsFrom: 400 };
const resumed = (frame: number, replacedFrames: number) => ({
  kind: 'frame',
  action: 'resume',
  frame,
  detail: { replacedFrames },
});

t.test('counts a replacement that lasts to the end', async (t) => {
  t.strictSame(replacedSpans([resumed(120, 20)], 20, 1000), [{ from: 100, to: 120 }]);
  t.strictSame(replacedSpans([resumed(120, 20)], 50, 1000), [
    { from: 100, to: 120 },
    { from: 970, to: 1000 },
  ]);
});

t.test('finds the cause of a replacement while parts of a code are shown', async (t) => {
  t.strictSame(withoutCause([{ from: 380, to: 635 }], [composed]), []);
  t.strictSame(withoutCause([{ from: 370, to: 640 }], [composed]), [
    { from: 370, to: 380 },
    { from: 635, to: 640 },
  ]);
  t.strictSame(withoutCause([{ from: 380, to: 635 }], [{ ...composed, outcome: 'refused' }]), [], 'the others stood');
  t.equal(standing([composed], 2000), 160);
  t.equal(standing([composed], 450), 50);
});

t.test('attributes later replacements to a killed scan thread, wherever its code is', async (t) => {
  const troubled: Injection = { ...composed, troubledAt: [1000] };
  t.strictSame(withoutCause([{ from: 980, to: 1180 }], [troubled]), []);
  t.equal(framesOf(withoutCause([{ from: 980, to: 1180 }], [composed])), 200);
});
