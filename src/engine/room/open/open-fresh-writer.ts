import { llmAhead } from '../../../config/sections/llm.js';
import type { CloseStack } from '../../../core/close-stack.js';
import { toEngineError } from '../../../core/errors.js';
import { NO_WRITING, type WritingSnapshot } from '../../../core/handles/writing-snapshot.js';
import { FreshWordings } from '../../../director/writer/fresh/fresh-wordings.js';
import { FreshWriter } from '../../../director/writer/fresh/fresh-writer.js';
import { openChatClient } from '../../../director/writer/llm/open-client.js';
import type { RoomParts } from '../room-parts.js';

export interface OpenFreshWriterOptions {
  readonly parts: Pick<RoomParts, 'room' | 'judge' | 'rundown' | 'log'>;
  /** Aborts the show. */
  readonly stop: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

const LOOK_MS = 5000;

/** Starts the writing of fresh wordings where the room has a language model; returns its figures. */
export function openFreshWriter(
  { parts, stop, env = process.env }: OpenFreshWriterOptions,
  stack: CloseStack,
): () => WritingSnapshot {
  const { room, judge, rundown } = parts;
  const log = parts.log.child({ part: 'writer' });
  const config = llmAhead.parse(room.llm?.ahead ?? {});
  if (room.llm === undefined || !config.enabled) return () => NO_WRITING;
  try {
    const pool = new FreshWordings();
    const writer = new FreshWriter({
      client: openChatClient(room.llm, env),
      judge,
      config,
      pool,
      products: () => room.products,
      language: room.language,
      content: () => rundown.script.content,
      nextSegment: () => rundown.position().segment,
      speaks: (segment) => rundown.choice.speaks(rundown.script.content.segments, segment),
      nowMs: () => performance.now(),
      unixMs: Date.now,
      log,
      signal: stop,
    });
    rundown.wordings.added = pool;
    const timer = setInterval(() => void writer.step(), LOOK_MS).unref();
    stack.add({
      close: async () => {
        clearInterval(timer);
        await writer.step();
      },
    });
    return () => writer.snapshot();
  } catch (cause) {
    const { message } = toEngineError(cause, 'llm');
    log.warn({ error: message }, 'no fresh wordings are written');
    return () => ({ ...NO_WRITING, lastError: message });
  }
}
