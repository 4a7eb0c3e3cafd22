import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { frameIndex } from '../../src/core/time.js';
import type { Log } from '../../src/core/log.js';
import { gateLedger } from '../../src/room/gate-ledger.js';

/** A writer of gate events of which none may reach ledger, evidence or the room; collects logs from `info` on. */
function writerOf(t: Test) {
  const told: [string, object][] = [];
  const log: Log = {
    debug: () => undefined,
    info: (fields) => void told.push(['info', fields]),
    warn: (fields) => void told.push(['warn', fields]),
    error: (fields) => void told.push(['error', fields]),
    child: () => log,
  };
  const noted: object[] = [];
  const write = gateLedger({
    fps: 30,
    note: (entry) => (entry.kind === 'room' ? void noted.push(entry) : t.fail('unexpected ledger entry')),
    log,
    evidence: { picture: () => t.fail('unexpected picture') },
    action: 'blank',
    onStop: () => t.fail('unexpected stop'),
  });
  return { told, noted, write };
}

t.test('adds advice when frames are replaced for want of a verdict', async (t) => {
  const { told, write } = writerOf(t);
  write({ type: 'replacing', frame: frameIndex(7), cause: 'unjudged' });
  write({ type: 'replacing', frame: frameIndex(90), cause: 'operator' });
  t.match(told[0], ['warn', { frame: 7, cause: 'unjudged', todo: /the scan is behind: calm or shrink layers/ }]);
  t.same(told[1], ['warn', { frame: 90, cause: 'operator' }]);
});

t.test('warns with advice when clips slow down, and reports when that is over', async (t) => {
  const { told, write } = writerOf(t);
  write({ type: 'clip-pace', frame: frameIndex(7), step: 2 });
  write({ type: 'clip-pace', frame: frameIndex(90), step: 1 });
  t.match(told, [
    ['warn', { frame: 7, oneFrameOf: 2, todo: /the scan is behind/ }],
    ['info', { frame: 90 }],
  ]);
});

t.test('reports the frame rate that lasts, once', async (t) => {
  const { told, noted, write } = writerOf(t);
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  for (const fps of [20, 15, 10]) {
    write({ type: 'frame-step', frame: frameIndex(100 - fps), fps });
    mock.timers.tick(700);
  }
  mock.timers.tick(2000);
  write({ type: 'frame-step', frame: frameIndex(200), fps: 15 });
  write({ type: 'frame-step', frame: frameIndex(210), fps: 10 });
  mock.timers.tick(5000);
  write({ type: 'frame-step', frame: frameIndex(400), fps: 30 });
  mock.timers.tick(5000);
  t.match(told, [
    ['warn', { frame: 90, pictureFps: 10, todo: /this machine is busy/ }],
    ['info', { frame: 400, pictureFps: 30 }],
  ]);
  t.match(noted, [{ action: 'frame-rate', detail: { pictureFps: 10 } }, { detail: { pictureFps: 30 } }]);
});
