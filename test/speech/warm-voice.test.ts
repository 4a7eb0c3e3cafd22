import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { ModelProcess } from '../../src/models/index.js';
import { EmbeddedProvider } from '../../src/speech/embedded-provider.js';
import { HeartProvider } from '../../src/speech/heart/heart-provider.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { until } from '../kit/until.js';

t.test('a warmed voice has its process before the line, and none after its end', async (t) => {
  const models = new ModelProcess();
  const heart = new HeartProvider({ cacheDir: t.testdir(), models });
  const options = { log: silentLog, processes: 1, timeoutMs: 60_000 };
  const speech = new SpeechService({ log: silentLog, provider: new EmbeddedProvider({ ...options, heart }) });
  t.teardown(() => speech.close());
  t.equal(models.pid, undefined, 'no process before it is needed');
  speech.warm({ language: 'en', voice: 'heart-max' });
  await until('the process', () => models.pid !== undefined, 20_000);
  const { pid } = models;
  await speech.speak({ id: 'a', text: 'Yes.', language: 'en', voice: 'heart-max' }, new AbortController().signal);
  t.equal(models.pid, pid, 'the line is spoken by the process that was warmed');
  speech.warm({ language: 'xx-none', voice: 'nobody' });
  await speech.close();
  speech.warm({ language: 'en', voice: 'heart-max' });
  t.equal(models.pid, undefined, 'nothing starts after the end');
});
