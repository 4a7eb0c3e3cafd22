import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sherpaModel, sherpaTranscript } from '../../../src/speech/recogniser/sherpa-model.js';
import { SherpaRecogniser } from '../../../src/speech/recogniser/open-recogniser.js';
import { weightsOf } from '../../../src/weights/index.js';

function folderOf(t: Test, name: string, files: readonly string[]): string {
  const folder = join(t.testdir(), name);
  mkdirSync(folder, { recursive: true });
  for (const file of files) writeFileSync(join(folder, file), 'x');
  return folder;
}

t.test('knows a model by the names of its files, and prefers quantised ones', (t) => {
  const zipformer = ['encoder.int8.onnx', 'encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt'];
  const folder = folderOf(t, 'zipformer', zipformer);
  const { kind, config } = sherpaModel(folder);
  t.equal(kind, 'transducer');
  t.match(config, { transducer: { encoder: join(folder, 'encoder.int8.onnx') }, tokens: join(folder, 'tokens.txt') });
  t.equal(sherpaModel(folderOf(t, 'sherpa-sense-voice', ['model.onnx', 'tokens.txt'])).kind, 'sense-voice');
  t.equal(sherpaModel(folderOf(t, 'p', ['model.int8.onnx', 'tokens.txt'])).kind, 'paraformer');
  const whisper = ['tiny-encoder.onnx', 'tiny-decoder.onnx', 'tiny-tokens.txt'];
  t.throws(() => sherpaModel(folderOf(t, 'w', whisper)), { code: 'E_RECOGNISER_FAILED', found: /a text alone/ });
  t.throws(() => sherpaModel(folderOf(t, 'x', ['tokens.txt'])), {
    code: 'E_RECOGNISER_FAILED',
    expected: /model\.onnx/,
  });
  t.throws(() => sherpaModel('/nowhere'), { code: 'E_RECOGNISER_FAILED' });
  t.end();
});

t.test('knows the model that engine model installs', (t) => {
  const { id, files } = weightsOf('sense-voice');
  const folder = folderOf(
    t,
    id,
    files.map(({ name }) => name),
  );
  const { kind, config } = sherpaModel(folder);
  t.equal(kind, 'sense-voice');
  t.match(config, {
    senseVoice: { model: join(folder, 'model.int8.onnx') },
    tokens: join(folder, 'tokens.txt'),
  });
  t.end();
});

t.test('says that the package is missing', async (t) => {
  const folder = folderOf(t, 'model', ['model.onnx', 'tokens.txt']);
  const recogniser = new SherpaRecogniser({ folder, threads: 1, timeoutMs: 4000 });
  t.teardown(() => recogniser.close());
  const pcm = new Float32Array(1600);
  const { signal } = new AbortController();
  await t.rejects(recogniser.recognise({ pcm, language: 'en', signal }), {
    code: 'E_RECOGNISER_FAILED',
    found: /sherpa-onnx-node is not installed/,
  });
});

t.test('joins tokens into words', (t) => {
  const words = (tokens: string[], timestamps: number[]) =>
    sherpaTranscript({ text: 'x', tokens, timestamps }, 3000).words.map(({ text, startMs, endMs }) => [
      text,
      startMs,
      endMs,
    ]);
  t.same(words([' he', 'llo', ' wor', 'ld'], [0.1, 0.3, 0.8, 1]), [
    ['hello', 100, 800],
    ['world', 800, 1400],
  ]);
  t.same(words(['<|zh|>', '微', '信', '▁ok'], [0, 0.2, 0.4, 0.7]), [
    ['微', 200, 400],
    ['信', 400, 700],
    ['ok', 700, 1100],
  ]);
  t.same(words(['he@@', 'llo', 'world'], [0.1, 0.3, 0.8]), [
    ['hello', 100, 800],
    ['world', 800, 1200],
  ]);
  t.same(words(['a', 'b'], [0.1]), [], 'no times for all tokens');
  t.end();
});
