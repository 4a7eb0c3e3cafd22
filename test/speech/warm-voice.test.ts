import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { EmbeddedProvider } from '../../src/speech/embedded-provider.js';
import { FliteProvider } from '../../src/speech/flite/flite-provider.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { until } from '../kit/until.js';

const options = { log: silentLog, processes: 1, timeoutMs: 60_000, idleTimeoutMs: 1 };

t.test('a warmed voice has its process before the line, and keeps it until the time is over', async (t) => {
  const flite = new FliteProvider({ ...options, cacheDir: t.testdir() });
  const speech = new SpeechService({ log: silentLog, provider: new EmbeddedProvider({ ...options, flite }) });
  t.teardown(() => speech.close());
  t.same(flite.pool.pids(), [], 'no process before it is needed');
  speech.warm({ language: 'en', voice: 'flite-slt' });
  await until('the process', () => flite.pool.pids().length === 1, 20_000);
  const [pid] = flite.pool.pids();
  await speech.speak({ id: 'a', text: 'Yes.', language: 'en', voice: 'flite-slt' }, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.same(flite.pool.pids(), [pid], 'kept beyond the idle time of a millisecond');
  t.equal(flite.pool.restarts, 0);
  flite.pool.warm(0);
  await until('its end', () => flite.pool.pids().length === 0, 20_000);
  speech.warm({ language: 'xx-none', voice: 'nobody' });
  await speech.close();
  flite.pool.warm(1000);
  t.same(flite.pool.pids(), [], 'nothing starts after the end');
});
