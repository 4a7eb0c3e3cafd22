import t from 'tap';
import { RuleActions } from '../../../src/moderation/packs/rule-table.js';
import { silentLog } from '../../../src/core/log.js';
import { i420Size } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import type { FrameHit, FrameVerdict, LedgerEntry } from '../../../src/core/verdict.js';
import { SecondOpinion, type SecondOpinionOptions } from '../../../src/room/watches/room-watch.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const CODE: FrameHit = { rule: '3.3', kind: 'qr', text: 'u.wx.qq.com', box: { x: 2, y: 2, width: 20, height: 20 } };

function rig(t: { teardown(f: () => unknown): void }, more: Partial<SecondOpinionOptions> = {}) {
  const notes: LedgerEntry[] = [];
  const state = { verdict: { verdict: 'clean', hits: [] } as FrameVerdict, holds: 0, closed: false, scans: 0 };
  const opinion = new SecondOpinion({
    width: 64,
    height: 32,
    enabled: () => true,
    everySeconds: 0,
    kernels: loadKernels(),
    canvas: async () => new Uint8Array(i420Size(64, 32)).fill(235, 0, 64 * 32).fill(128, 64 * 32),
    actions: new RuleActions({}),
    evidence: { picture: () => undefined },
    note: (entry) => notes.push(entry),
    onHold: () => void (state.holds += 1),
    onStop: () => undefined,
    frame: () => frameIndex(7),
    log: silentLog,
    detector: {
      scan: async (rgba, width, height) => {
        state.scans += 1;
        if (rgba.length !== width * height * 4 || rgba[0]! < 250) throw new Error('not the picture');
        return state.verdict;
      },
      close: async () => void (state.closed = true),
    },
    ...more,
  });
  t.teardown(() => opinion.close());
  return { opinion, notes, state };
}

t.test('shows the slate for a code only the second opinion reads, until a later scan is clean', async (t) => {
  const { opinion, notes, state } = rig(t);
  await opinion.sample();
  t.equal(opinion.holding, false);
  state.verdict = { verdict: 'violation', hits: [CODE] };
  await opinion.sample();
  await opinion.sample();
  t.equal(opinion.holding, true);
  t.match(notes, [{ rule: '3.3', surface: 'frame', action: 'blank', frame: 7, evidence: 'u.wx.qq.com' }]);
  state.verdict = { verdict: 'clean', hits: [] };
  await opinion.sample();
  t.equal(opinion.holding, false);
  t.equal(state.holds, 2);
});

t.test('uses the slate for actions that need the code’s position', async (t) => {
  const { opinion, notes, state } = rig(t, { actions: { action: () => 'blur' } });
  state.verdict = { verdict: 'violation', hits: [CODE] };
  await opinion.sample();
  t.match(notes, [{ action: 'blank' }]);
});

t.test('survives a switched-off or failing detector', async (t) => {
  const off = rig(t, { enabled: () => false });
  await off.opinion.sample();
  t.equal(off.state.scans, 0);
  const failing = rig(t, {
    detector: { scan: () => Promise.reject(new Error('gone')), close: () => Promise.resolve() },
  });
  await failing.opinion.sample();
  t.same([failing.opinion.holding, failing.notes.length], [false, 0]);
});

t.test('closes the detector', async (t) => {
  const { opinion, state } = rig(t);
  await opinion.close();
  t.equal(state.closed, true);
});
