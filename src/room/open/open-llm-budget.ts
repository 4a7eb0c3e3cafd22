import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RoomConfig } from '../../config/room-config.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { Log } from '../../core/log.js';
import { SerialQueue } from '../../core/serial-queue.js';
import { LlmBudget } from '../../writer/llm/llm-budget.js';

const use = z.object({
  day: z.string(),
  requests: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
});

/** The use of the language model beside the room's ledger: a day's limit holds over a restart. */
export function openLlmBudget(room: Pick<RoomConfig, 'ledgerFile' | 'llm'>, log: Log): LlmBudget {
  const file = `${room.ledgerFile.replace(/\.jsonl$/, '')}.llm.json`;
  const writes = new SerialQueue();
  const budget = new LlmBudget(Date.now, read(file), (now) => {
    void writes
      .take(() => replaceFile(file, JSON.stringify(now), { mode: 0o600 }))
      .catch((error: unknown) => log.warn({ file, error: String(error) }, 'the use of the language model is not kept'));
  });
  budget.prices = room.llm?.price;
  budget.maxUsd = room.llm?.maxUsdPerDay;
  return budget;
}

function read(file: string): z.infer<typeof use> | undefined {
  try {
    return use.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // none yet, or a broken one: the day begins anew
  }
}
