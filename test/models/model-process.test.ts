import { readFileSync } from 'node:fs';
import t from 'tap';
import { modelFile } from '../../src/models/onnx.js';
import { type HeartJob, ModelProcess, openModels } from '../../src/models/index.js';

const vocabulary = JSON.parse(readFileSync(modelFile('heart', 'vocab.json'), 'utf8')) as Record<string, number>;
const job = (symbols: string, seed = 1): HeartJob => ({
  ids: Array.from(symbols, (symbol) => vocabulary[symbol]!),
  speed: 1,
  seed,
});
const LINE = job('həlˈO, ðɪs ɪz ɐ lˈIv ʃˈO.');

t.test('one process speaks, survives a refused job and is replaced when it dies', async (t) => {
  const models = new ModelProcess();
  t.teardown(() => models.close());
  const first = await models.run('heart', LINE);
  const { pid } = models;

  t.equal(first.samples.length, LINE.ids.length + 2);
  t.equal(
    first.samples.reduce((a, b) => a + b, 0),
    first.pcm.length,
    'the durations cover the sound',
  );
  t.equal(first.f0.length * 300, first.pcm.length);
  const again = await models.run('heart', LINE);
  t.same(Buffer.from(again.pcm.buffer).equals(Buffer.from(first.pcm.buffer)), true, 'same seed, same samples');
  const other = await models.run('heart', job('həlˈO, ðɪs ɪz ɐ lˈIv ʃˈO.', 2));
  t.same(Buffer.from(other.pcm.buffer).equals(Buffer.from(first.pcm.buffer)), false, 'another seed, other noise');

  await t.rejects(models.run('heart', { ids: [], speed: 1, seed: 1 }), { code: 'E_MODEL_FAILED' });
  t.equal(models.pid, pid, 'a refused job leaves the process');

  process.kill(pid!, 'SIGKILL');
  const revived = await models.run('heart', LINE);
  t.not(models.pid, pid);
  t.same(Buffer.from(revived.pcm.buffer).equals(Buffer.from(first.pcm.buffer)), true);

  const aborted = models.run('heart', LINE, AbortSignal.abort(new Error('nobody listens')));
  await t.rejects(aborted, { message: 'nobody listens' });
  await models.close();
  await t.rejects(models.run('heart', LINE), { code: 'E_CLOSED' });
});

t.test('handles share one process until the last is closed', async (t) => {
  const [a, b] = [openModels(), openModels()];
  t.teardown(() => Promise.all([a.close(), b.close()]));
  await a.run('heart', LINE);
  await a.close();
  await a.close();
  t.ok((await b.run('heart', LINE)).pcm.length > 0, 'a closed handle leaves the process to the other');
  await b.close();
  await t.rejects(b.run('heart', LINE), { code: 'E_CLOSED' });
});
