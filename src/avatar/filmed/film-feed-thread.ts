/** Reads one film ahead of the loop. It sleeps until the loop wants another frame. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FilmFeedReport, FilmReader, type FilmSource } from './film-data.js';

/** After a disk fault, and at the end of a wait: a room that stands still wakes it rarely. */
const RETRY_MS = 1000;
const report = (message: FilmFeedReport): void => parentPort!.postMessage(message);

const reader = new FilmReader(workerData as FilmSource);
let filled = false;
let failed = false;
while (!reader.ring.gone) {
  const { turn } = reader.ring;
  try {
    while (reader.step());
    failed = false;
  } catch (error) {
    if (!failed) report({ type: 'failed', error: String(error) });
    failed = true;
  }
  if (!filled) report({ type: 'filled' });
  filled = true;
  reader.ring.wait(turn, RETRY_MS);
}
reader.close();
parentPort!.close();
