import t from 'tap';
import { stopSignals } from '../../src/cli/stop-signals.js';

t.test('the first stops, a copy of it is the same one, a second one later ends at once', async (t) => {
  let now = 0;
  const codes: number[] = [];
  const stop = stopSignals(
    (code) => codes.push(code),
    () => now,
  );
  t.teardown(() => stop.close());
  let stopped = 0;
  let hungUp = 0;
  stop.onStop = () => (stopped += 1);
  stop.onHangup = () => (hungUp += 1);
  process.emit('SIGHUP');
  t.same([stop.signal.aborted, hungUp], [false, 1], 'a closed terminal does not end the show');
  process.emit('SIGINT');
  process.emit('SIGINT');
  t.same([stop.signal.aborted, stopped, codes.length], [true, 1, 0], 'a wrapper passes it on once more');
  now = 1500;
  process.emit('SIGINT');
  t.same(codes, [130]);
});
