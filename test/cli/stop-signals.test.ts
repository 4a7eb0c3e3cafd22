import t from 'tap';
import { stopSignals } from '../../src/cli/stop-signals.js';

t.test('stops on the first signal, ignores its copy, and ends at once on one a second later', async (t) => {
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
  t.same([stop.signal.aborted, stopped, codes.length], [true, 1, 0], 'a wrapper repeats it');
  now = 1500;
  process.emit('SIGINT');
  t.same(codes, [130]);
});
