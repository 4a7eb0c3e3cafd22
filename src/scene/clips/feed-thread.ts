/**
 * The feeder: one thread for all clips on the picture. It reads ahead into their rings round-robin, a frame at a time,
 * and checks 22 times a second, three times while a ring lasts at 60 frames a second. An unreadable file is reported
 * once and retried; its layer shows the frames it has.
 */
import { parentPort } from 'node:worker_threads';
import { collectGarbage } from '../../core/collect-garbage.js';
import type { FeedReport, FeedRequest } from './feed-message.js';
import { SlotReader } from './frame-reader.js';
import { RingFiller } from './ring-filler.js';

const LOOK_MS = 45;
/** Delay after a disk fault. */
const RETRY_MS = 1000;

interface Feed {
  readonly id: string;
  readonly number: number;
  readonly filler: RingFiller;
  reportedFilled: boolean;
  retryAtMs: number;
  failed: boolean;
}

const feeds: Feed[] = [];
let timer: NodeJS.Timeout | undefined;
const report = (message: FeedReport): void => parentPort!.postMessage(message);

/** False when the ring needs nothing now. */
function step(feed: Feed, nowMs: number): boolean {
  if (nowMs < feed.retryAtMs) return false;
  try {
    const worked = feed.filler.step();
    if (worked) feed.failed = false;
    return worked;
  } catch (error) {
    if (!feed.failed) report({ type: 'failed', id: feed.id, error: String(error) });
    feed.failed = true;
    feed.retryAtMs = nowMs + RETRY_MS;
    return false;
  }
}

function look(): void {
  for (let i = feeds.length - 1; i >= 0; i -= 1) {
    if (!feeds[i]!.filler.ring.gone) continue;
    feeds[i]!.filler.close();
    feeds.splice(i, 1);
    collectGarbage(); // a few small objects hold a ring of megabytes
  }
  const now = performance.now();
  for (let worked = true; worked;) {
    worked = false;
    for (const feed of feeds) worked = step(feed, now) || worked;
  }
  for (const feed of feeds) {
    if (!feed.reportedFilled) report({ type: 'filled', number: feed.number });
    feed.reportedFilled = true;
  }
  if (feeds.length > 0) return;
  clearInterval(timer);
  timer = undefined;
}

parentPort!.on('message', ({ clips, number }: FeedRequest) => {
  const filler = new RingFiller(clips, new SlotReader(clips));
  feeds.push({ id: clips.id, number, filler, reportedFilled: false, retryAtMs: 0, failed: false });
  timer ??= setInterval(look, LOOK_MS);
  look();
});
