import { llmAhead } from '../../config/sections/services/llm.js';
import type { CloseStack } from '../../core/close-stack.js';
import { toEngineError } from '../../core/errors.js';
import { NO_WRITING, type WritingSnapshot } from '../../config/api/script-handle.js';
import { FreshWordings, KeptWordings } from '../../writer/fresh/kept-wordings.js';
import { PlanWriter } from '../../writer/fresh/plan-writer.js';
import { FreshWriter } from '../../writer/fresh/fresh-writer.js';
import { openChatClient } from '../../writer/llm/chat-client.js';
import type { RoomParts } from '../room-desk.js';

export interface OpenFreshWriterOptions {
  readonly parts: Pick<RoomParts, 'room' | 'judge' | 'rundown' | 'log'>;
  /** Aborts the show. */
  readonly stop: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

const LOOK_MS = 5000;

/** The kept wordings of a room: beside its ledger, under its name. */
const keptFile = (ledgerFile: string): string => `${ledgerFile.replace(/\.jsonl$/, '')}.wordings.json`;

/**
 * Starts the writing of wordings while the show runs: by the language model of the room, by the sentence plans in a room
 * without one. Returns its figures.
 */
export function openFreshWriter(
  { parts, stop, env = process.env }: OpenFreshWriterOptions,
  stack: CloseStack,
): () => WritingSnapshot {
  const { room, judge, rundown } = parts;
  const log = parts.log.child({ part: 'writer' });
  const config = llmAhead.parse(room.llm?.ahead ?? {});
  const pool = new FreshWordings();
  const common = {
    judge,
    pool,
    products: () => room.products,
    language: room.language,
    content: () => rundown.script.content,
    speaks: (segment: number) => rundown.choice.speaks(rundown.script.content.segments, segment),
    signal: stop,
  };
  const every = (step: () => Promise<void>): void => {
    rundown.wordings.added = pool;
    const timer = setInterval(() => void step(), LOOK_MS).unref();
    stack.add({
      close: async () => {
        clearInterval(timer);
        await step();
      },
    });
  };
  const byPlans = (lastError: string): (() => WritingSnapshot) => {
    if (room.script.addWordings === false) return () => ({ ...NO_WRITING, lastError });
    const writer = new PlanWriter({ ...common, hours: config.hours });
    every(() => writer.step());
    const figures = (): WritingSnapshot['state'] => (writer.isDone ? 'enough' : 'writing');
    return () => ({ ...NO_WRITING, state: figures(), written: writer.written, refused: writer.refused, lastError });
  };
  if (room.llm === undefined || !config.enabled) return byPlans('');
  try {
    const client = openChatClient(room.llm, env);
    let writer: FreshWriter | undefined;
    const options = {
      ...common,
      client,
      config,
      nextSegment: () => rundown.position().segment,
      nowMs: () => performance.now(),
      unixMs: Date.now,
      log,
    };
    const opening = KeptWordings.open(keptFile(room.ledgerFile), log).then((kept) => {
      writer = new FreshWriter({ ...options, kept });
    });
    every(async () => {
      await opening;
      await writer!.step();
    });
    return () => writer?.snapshot() ?? NO_WRITING;
  } catch (cause) {
    const { message } = toEngineError(cause, 'llm');
    log.warn({ error: message }, 'no fresh wordings are written by the language model');
    return byPlans(message);
  }
}
