/** The work process of the studio: it answers one request after another, and ends with the studio. */
import { getPriority, setPriority } from 'node:os';
import { carriedError, toEngineError } from '../../core/errors.js';
import type { WorkReply, WorkRequest } from './work-protocol.js';

const NICE = 5;
const MAX_NICE = 19;

const send = (message: WorkReply): void => void process.send?.(message);

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
try {
  // Shows on air come first.
  setPriority(Math.min(MAX_NICE, getPriority() + NICE));
} catch {
  // As the system gives it.
}
let last: Promise<unknown> = Promise.resolve();
process.on('message', (request: WorkRequest) => {
  last = last.then(() => answer(request));
});
send({ kind: 'ready' });

async function answer({ id, task, input }: WorkRequest): Promise<void> {
  try {
    const { TASKS } = await import('./work-tasks.js');
    const run = (TASKS as Record<string, (input: never, onProgress: never) => Promise<unknown>>)[task];
    if (run === undefined) throw new Error(`no task ${task}`);
    const onProgress = (done: number, of: number, what: string): void =>
      send({ kind: 'progress', id, progress: { done, of, what } });
    send({ kind: 'done', id, result: await run(input as never, onProgress as never) });
  } catch (error) {
    const known = toEngineError(error, task);
    const refused = carriedError(known.code === 'E_REPLACED' ? known : error);
    if (refused !== undefined) send({ kind: 'refused', id, error: refused });
    else send({ kind: 'failed', id, message: String(error instanceof Error ? error.message : error).slice(0, 500) });
  }
}
