import { once } from 'node:events';
import t from 'tap';
import { spawnWorker } from '../../src/core/processes/spawn-worker.js';
import { LoopBoard, newLoopBoardBuffers } from '../../src/loop/loop-board.js';

t.test('shares figures and stages between threads', async (t) => {
  const buffers = newLoopBoardBuffers();
  const writer = new LoopBoard(buffers);
  const reader = new LoopBoard(buffers);
  writer.set('frame', 3e9);
  writer.add('lateTotal', 2);
  writer.add('lateTotal');
  writer.stages.compose.record(150);
  writer.stages.tick.record(900);
  t.equal(reader.get('frame'), 3e9);
  t.equal(reader.get('lateTotal'), 3);
  t.equal(reader.stages.compose.count, 1);
  t.equal(reader.stages.pose.count, 0, 'stages do not share their counts');
  t.ok(Math.abs(reader.stages.tick.quantileMs(0.5) - 0.9) < 0.06);
});

t.test('reads consistent figures while another thread keeps writing', async (t) => {
  const buffers = newLoopBoardBuffers();
  const reader = new LoopBoard(buffers);
  const worker = spawnWorker(new URL('./board-writer.js', import.meta.url), import.meta.url, { workerData: buffers });
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  let torn = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const figure = reader.snapshot();
    if (figure('rendered') !== figure('released') + figure('replaced') + figure('inWindow')) torn += 1;
  }
  reader.set('lateStall', 1);
  await ended;
  t.equal(torn, 0);
  t.ok(reader.get('rendered') > 0);
});

t.test('keeps the previous figures when a writer is interrupted for good', async (t) => {
  const buffers = newLoopBoardBuffers();
  const writer = new LoopBoard(buffers);
  const reader = new LoopBoard(buffers);
  writer.begin();
  writer.set('rendered', 1);
  writer.set('released', 1);
  writer.end();
  t.equal(reader.snapshot()('rendered'), 1);
  writer.begin();
  writer.set('rendered', 2);
  t.equal(reader.snapshot()('rendered'), 1);
  writer.set('released', 2);
  writer.end();
  t.equal(reader.snapshot()('rendered'), 2);
});

t.test('reads zeros during an interrupted first write', async (t) => {
  const buffers = newLoopBoardBuffers();
  const writer = new LoopBoard(buffers);
  writer.begin();
  writer.set('rendered', 1);
  t.equal(new LoopBoard(buffers).snapshot()('rendered'), 0);
});
