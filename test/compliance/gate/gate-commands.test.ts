import t from 'tap';
import { Rig, WHOLE } from './gate-rig.js';
import { K, OrderRig, shadeOf } from './order-rig.js';

for (const windowFrames of [0, 60]) {
  const depth = Math.max(K, windowFrames);
  t.test(`a dump takes back exactly the ${depth} unreleased frames and their sound`, async (t) => {
    const rig = new OrderRig(windowFrames);
    rig.tick(100);
    t.equal(rig.left.length, 100 - depth, 'the window has the asked depth');
    t.equal(rig.gate.dump(), depth);
    rig.tick(20);
    rig.drain();
    t.strictSame(
      rig.left.map((l) => l.frame),
      Array.from({ length: 120 }, (_, i) => i),
      'every frame is released in order',
    );
    const from = 100 - depth;
    for (const l of rig.left) {
      const dumped = l.frame >= from && l.frame < 100;
      t.match(l, { cause: dumped ? 'dumped' : undefined, shade: dumped ? 7 : shadeOf(l.frame) });
      if (dumped) t.equal(l.peak, 0, 'no sample of it is heard');
      else if (l.frame < from || l.frame >= 104) t.equal(l.peak, 0.5, 'the sound around it is at full level');
    }
    t.ok(rig.left[100]!.first < 0.01 && rig.left[100]!.peak > 0.01, 'the sound after it returns with a ramp');
    const { rendered, released, replaced, releasedUnjudged, byCause } = rig.gate.counters;
    t.strictSame(
      { rendered, released, replaced, releasedUnjudged, dumped: byCause.dumped, operator: byCause.operator },
      {
        rendered: 120,
        released: 120 - depth,
        replaced: depth,
        releasedUnjudged: 0,
        dumped: depth,
        operator: 0,
      },
    );
    t.match(rig.events, [
      { type: 'dumped', frame: from, frames: depth },
      { type: 'replacing', frame: from, cause: 'dumped' },
      { type: 'resumed', frame: 100, replacedFrames: depth },
    ]);
  });
}

t.test('a second dump takes only the frames since the first', async (t) => {
  const rig = new OrderRig();
  t.equal(rig.gate.dump(), 0, 'nothing to drop before the first frame');
  rig.tick(20);
  t.equal(rig.gate.dump(), K);
  t.equal(rig.gate.dump(), 0);
  rig.tick(3);
  t.equal(rig.gate.dump(), 3);
  rig.tick(20);
  t.equal(rig.gate.counters.byCause.dumped, K + 3);
  t.equal(rig.events.filter((e) => e.type === 'dumped').length, 2);
});

t.test('a code found in a dumped frame still holds back later frames', async (t) => {
  const rig = new OrderRig();
  rig.tick(40);
  rig.tick(1, true);
  rig.gate.dump();
  rig.tick(60);
  rig.drain();
  t.equal(rig.left[40]!.cause, 'dumped');
  t.equal(rig.left[41]!.cause, 'hold-time');
  t.equal(rig.gate.counters.releasedUnjudged, 0);
  t.equal(rig.left.at(-1)!.cause, undefined);
});

t.test('at the risk limit picture and sound stop until it is cleared, and the operator has priority', async (t) => {
  const rig = new OrderRig();
  rig.tick(20);
  rig.gate.setRisk(true);
  rig.tick(10);
  rig.gate.setBlank(true);
  rig.tick(5);
  rig.gate.setBlank(false);
  rig.tick(5);
  t.ok(rig.left.slice(-20).every((l) => l.shade === 7));
  t.ok(
    rig.left.slice(-17).every((l) => l.peak === 0),
    'silent after a ramp of three frames',
  );
  rig.gate.setRisk(false);
  rig.tick(10);
  t.match(rig.left.at(-10), { cause: undefined }, 'the picture is back at once');
  t.equal(rig.left.at(-1)!.peak, 0.5);
  const { released, replaced, byCause, inWindow, rendered, releasedUnjudged } = rig.gate.counters;
  t.strictSame([byCause.risk, byCause.operator, replaced], [15, 5, 20]);
  t.equal(released + replaced + inWindow, rendered);
  t.equal(releasedUnjudged, 0);
});

t.test('a watch hold counts under its own cause, with its sound, and yields to the others', async (t) => {
  const rig = new OrderRig();
  rig.tick(20);
  rig.gate.setHold('words');
  rig.tick(10);
  rig.gate.setRisk(true);
  rig.tick(5);
  rig.gate.setRisk(false);
  rig.gate.setHold('stalled');
  rig.tick(10);
  t.ok(rig.left.slice(-25).every((l) => l.shade === 7 && l.slate));
  t.equal(rig.left.at(-1)!.peak, 0.5, 'the slate for words or a stall is not silent');
  rig.gate.setHold(undefined);
  rig.tick(5);
  t.match(rig.left.at(-1), { cause: undefined, slate: false });
  const { byCause, replaced } = rig.gate.counters;
  t.strictSame([byCause.words, byCause.risk, byCause.stalled, byCause.operator, replaced], [10, 5, 10, 0, 25]);
});

for (const windowFrames of [0, 60]) {
  t.test(`a release reports whether it is the slate, in a window of ${Math.max(K, windowFrames)} frames`, async (t) => {
    const rig = new OrderRig(windowFrames);
    rig.tick(30);
    rig.tick(1, true);
    rig.tick(100);
    rig.drain();
    for (const l of rig.left) if (l.slate !== (l.shade === 7)) t.fail(`frame ${l.frame}`);
    t.ok(rig.left[30]!.slate);
    t.notOk(rig.left.at(-1)!.slate);
  });
}

t.test('blank and mute apply at the release, not at drawing, in a deep window too', async (t) => {
  const rig = new OrderRig(60);
  rig.tick(80);
  rig.gate.setBlank(true);
  rig.gate.setMute(true);
  rig.tick(10);
  t.ok(
    rig.left.slice(-10).every((l) => l.shade === 7 && l.cause === 'operator'),
    'at once',
  );
  t.equal(rig.left.at(-1)!.peak, 0);
  rig.gate.setBlank(false);
  rig.gate.setMute(false);
  rig.tick(10);
  t.match(
    rig.left.at(-10),
    { cause: undefined, shade: shadeOf(rig.left.at(-10)!.frame) },
    'and the picture is back at once',
  );
  const { released, replaced, byCause, inWindow, rendered } = rig.gate.counters;
  t.equal(byCause.operator, 10);
  t.equal(inWindow, 60);
  t.equal(released + replaced + inWindow, rendered);
});

t.test('the operator blanks unreleased frames and gets the room back at once', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  rig.gate.setBlank(true);
  const next = rig.left.length;
  for (let i = 0; i < 3; i += 1) rig.clean();
  rig.gate.setBlank(false);
  for (let i = 0; i < 3; i += 1) rig.clean();
  t.strictSame(rig.outcomes(next, next + 5), ['operator', 'operator', 'operator', 'released', 'released', 'released']);
});
