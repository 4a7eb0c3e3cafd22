import { parentPort, workerData } from 'node:worker_threads';
import { LoopBoard, type LoopBoardBuffers } from '../../src/loop/loop-board.js';

/** Writes consistent figures repeatedly, until `lateStall` is set. */
const board = new LoopBoard(workerData as LoopBoardBuffers);
parentPort!.postMessage('ready');
for (let n = 1; board.get('lateStall') === 0; n += 1) {
  board.begin();
  board.set('rendered', 3 * n);
  board.set('released', n);
  for (let i = 0; i < 50; i += 1) board.set('candidates', i);
  board.set('replaced', n);
  board.set('inWindow', n);
  board.end();
}
