import t from 'tap';
import { LoopBoard, newLoopBoardBuffers } from '../../../src/engine/loop/loop-board.js';

t.test('what one thread writes another reads, figure by figure and stage by stage', async (t) => {
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
