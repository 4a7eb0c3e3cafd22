import type { Readable } from 'node:stream';
import { EngineError } from '../core/errors.js';

/** A body on its way to the disk; E_ASSET_TOO_LARGE once it is larger than it may be. */
export async function* limitedBody(body: Readable, where: string, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where,
        expected: `at most ${maxBytes / 1024 / 1024} MB`,
        found: `${size} bytes so far`,
      });
    yield chunk;
  }
}
