import { readFileSync } from 'node:fs';
import t from 'tap';
import { modelFile } from '../../src/models/onnx.js';
import { PieceSplitter, readPieceTable } from '../../src/models/meaning/meaning-job.js';
import { MEANING_SIZE, ModelProcess } from '../../src/models/index.js';

const table = readPieceTable(modelFile('meaning', 'pieces.json'));
const splitter = new PieceSplitter(table);
const pieces = (text: string): string[] => splitter.split(text).map((id) => table.pieces[id]![0]);

t.test('splits a text into the pieces with the highest sum of scores', async (t) => {
  t.same(pieces('how heavy').slice(1, -1).join(''), '▁query:▁how▁heavy');
  t.equal(splitter.split('a')[0], table.begin);
  t.equal(splitter.split('a').at(-1), table.end);
  t.same(pieces('ＨＯＷ\t heavy'), pieces('HOW heavy'), 'wide letters and runs of space are written plainly');
});

t.test('counts a character without a piece as unknown', async (t) => {
  t.ok(splitter.split('\u{1F9FF}\u{10330}').includes(table.unknown));
});

t.test('reads a comment of any length without growing', async (t) => {
  t.ok(splitter.split('重'.repeat(100_000)).length < 220);
  t.ok(splitter.split('').length >= 3);
});

t.test('refuses a file that is no table of pieces', async (t) => {
  const path = `${t.testdir({ 'pieces.json': '{"pieces":[]}' })}/pieces.json`;
  t.throws(() => readPieceTable(path), { code: 'E_ASSET_INVALID' });
});

t.test('questions of one meaning are nearer than others, across languages', async (t) => {
  const models = new ModelProcess();
  t.teardown(() => models.close());
  const texts = ['how heavy is it', '这个有多重？', 'cuánto pesa', 'what is the warranty', '保修多久'];
  const { vectors } = await models.run('meaning', { texts });
  const vector = (i: number): Float32Array => vectors.subarray(i * MEANING_SIZE, (i + 1) * MEANING_SIZE);
  const alike = (a: number, b: number): number => vector(a).reduce((sum, x, i) => sum + x * vector(b)[i]!, 0);
  t.ok(Math.abs(alike(0, 0) - 1) < 1e-3);
  t.ok(alike(1, 2) > alike(1, 3));
  t.ok(alike(0, 2) > alike(0, 3));
  t.ok(alike(4, 3) > alike(4, 0));
  const memory = readFileSync(`/proc/${models.pid}/smaps_rollup`, 'utf8');
  const mib = Number(/^Pss:\s+(\d+)/m.exec(memory)![1]) / 1024;
  t.comment(`${mib.toFixed(0)} MiB`);
  t.ok(mib < 200, `the process takes ${mib.toFixed(0)} MiB`);
  await t.rejects(models.run('meaning', { texts: [] }), { code: 'E_MODEL_FAILED' });
});
