import { getPriority, setPriority } from 'node:os';
import type { ProcessReply } from './process-backend.js';
import { carriedError } from '../errors.js';

const MESSAGE_CHARACTERS = 300;
const MAX_NICE = 19;

/**
 * The child's side of a ProcessBackend: answers requests in order until its parent goes away.
 * @param nice nice value that the child adds to its own
 */
export async function serveParent<Request, Reply>(
  nice: number,
  load: () => Promise<(request: Request) => Promise<Reply>>,
): Promise<void> {
  const send = (message: ProcessReply<Reply>): void => {
    process.send?.(message);
  };
  // A plain exit would wait for libuv's threads, one of which may be busy forever.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Ctrl-C in a terminal goes to the whole group; the parent decides when its children end.
  process.on('SIGINT', () => undefined);
  try {
    if (nice !== 0) setPriority(Math.min(MAX_NICE, getPriority() + nice));
    const answer = await load();
    process.on('message', (request: Request) => {
      answer(request).then(
        (reply) => send({ kind: 'done', reply }),
        (error: unknown) => {
          const message = String(error instanceof Error ? error.message : error).slice(0, MESSAGE_CHARACTERS);
          send({ kind: 'failed', message });
        },
      );
    });
    send({ kind: 'ready' });
  } catch (error) {
    process.stderr.write(`${String(error instanceof Error ? error.message : error).slice(0, 500)}\n`);
    process.exit(1);
  }
}

/** The child's side of a LimitedProcess. An EngineError goes to the parent as it is. */
export async function serveLimited<Request, Reply>(
  load: () => Promise<(request: Request) => Promise<Reply>>,
): Promise<void> {
  await serveParent(Number(process.argv[2] ?? 0), async () => {
    const answer = await load();
    return async (request: Request) => {
      try {
        return { kind: 'reply', reply: await answer(request) };
      } catch (error) {
        const refused = carriedError(error);
        if (refused === undefined) throw error;
        return refused;
      }
    };
  });
}
