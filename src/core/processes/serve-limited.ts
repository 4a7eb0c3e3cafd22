import { carriedError } from './carried-error.js';
import { serveParent } from './serve-parent.js';

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
