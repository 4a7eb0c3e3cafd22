import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { readSherpaFolder, SherpaVoice } from '../../../src/speech/sherpa/sherpa-voice.js';

const root = mkdtempSync(join(tmpdir(), 'showroom-sherpa-'));
t.teardown(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string, files: readonly string[]): string {
  const dir = join(root, name);
  mkdirSync(dir, { recursive: true });
  for (const file of files) writeFileSync(join(dir, file), '');
  return dir;
}

t.test('knows the kind of a model by its files', async (t) => {
  const kokoro = folder('kokoro-multi-lang-v1_1', [
    'model.onnx',
    'voices.bin',
    'tokens.txt',
    'lexicon-us-en.txt',
    'lexicon-zh.txt',
    'number-zh.fst',
  ]);
  mkdirSync(join(kokoro, 'espeak-ng-data'));
  t.same(readSherpaFolder(kokoro, 'v'), {
    model: {
      kokoro: {
        model: join(kokoro, 'model.onnx'),
        voices: join(kokoro, 'voices.bin'),
        tokens: join(kokoro, 'tokens.txt'),
        dataDir: join(kokoro, 'espeak-ng-data'),
        lexicon: `${join(kokoro, 'lexicon-us-en.txt')},${join(kokoro, 'lexicon-zh.txt')}`,
      },
    },
    ruleFsts: join(kokoro, 'number-zh.fst'),
  });
  const matcha = folder('matcha', ['model-steps-3.onnx', 'vocos-22khz-univ.onnx', 'tokens.txt']);
  t.match(readSherpaFolder(matcha, 'v').model, {
    matcha: { acousticModel: join(matcha, 'model-steps-3.onnx'), vocoder: join(matcha, 'vocos-22khz-univ.onnx') },
  });
  const melo = folder('vits-melo-tts-zh_en', ['model.int8.onnx', 'model.onnx', 'lexicon.txt', 'tokens.txt']);
  t.match(readSherpaFolder(melo, 'v').model, { vits: { model: join(melo, 'model.int8.onnx') } });
  t.ok('kitten' in readSherpaFolder(folder('kitten-nano', ['model.fp16.onnx', 'voices.bin', 'tokens.txt']), 'v').model);
});

t.test('names the missing files of a folder', async (t) => {
  t.throws(() => readSherpaFolder(join(root, 'none'), 'presenter.voice'), {
    code: 'E_ASSET_MISSING',
    where: 'presenter.voice.model',
  });
  t.throws(() => readSherpaFolder(folder('half', ['model.onnx']), 'v'), {
    code: 'E_ASSET_INVALID',
    found: 'model.onnx',
  });
});

const isInstalled = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('sherpa-onnx-node');
    return true;
  } catch {
    return false;
  }
})();

t.test('says that the package is missing', { skip: isInstalled && 'it is installed' }, async (t) => {
  const dir = folder('some', ['model.onnx', 'tokens.txt']);
  const voice = new SherpaVoice({ folder: dir, speaker: undefined, timeoutMs: 30_000, log: silentLog, where: 'v' });
  t.teardown(() => voice.close());
  await t.rejects(
    voice.synthesise({ text: 'Hello', language: 'en', rate: 1, pitch: 1 }, new AbortController().signal),
    {
      kind: 'setup',
      message: /sherpa-onnx-node is not installed \(ERR_MODULE_NOT_FOUND\); run npm install sherpa-onnx-node/,
    },
  );
});
