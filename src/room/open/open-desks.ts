import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { FrameIndex } from '../../core/time.js';
import type { ReplyRules } from '../../viewers/replies/reply-rules.js';
import type { RoomEvents } from '../../viewers/replies/room-events.js';
import type { TakeoverDesk } from '../../takeover/takeover-desk.js';
import { storeFile } from '../../store/open-database.js';
import type { LlmHandle, RepliesHandle } from '../../config/api/replies-handle.js';
import { ReportService } from '../../report/report-service.js';
import { AgendaCommands } from '../commands/agenda-commands.js';
import { LlmCommands } from '../commands/llm-commands.js';
import { RepliesCommands } from '../commands/replies-commands.js';
import { RoomEdits } from '../commands/room-edits.js';
import { TimedLayers } from '../commands/timed-layers.js';
import { recordEvents } from '../records/record-events.js';
import type { RoomParts } from '../room-parts.js';
import { openReplies } from './open-replies.js';
import { openTakeover } from './open-takeover.js';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RoomConfig } from '../../config/room-config.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { Log } from '../../core/log.js';
import { LastingQueue } from '../../core/serial-queue.js';
import { LlmBudget } from '../../writer/llm/llm-budget.js';

/** The places from which people act on a room on air: edits, the agenda, viewers' events, takeover, reports. */
export interface RoomDesks {
  readonly edits: RoomEdits;
  readonly agenda: AgendaCommands;
  readonly events: RoomEvents;
  /** As the settings are now. */
  readonly rules: () => ReplyRules;
  readonly report: ReportService;
  readonly takeover: TakeoverDesk;
  readonly replies: RepliesHandle;
  readonly llm: LlmHandle;
}

export interface DeskOptions {
  readonly parts: RoomParts;
  readonly frame: () => FrameIndex;
  /** A frame the loop will not have drawn yet when a message arrives. */
  readonly soon: () => FrameIndex;
  /** The picture's layers have changed. */
  readonly onPicture: () => void;
  readonly replies: ReplyWatch;
  /** Speaks a line of somebody who has taken over. */
  readonly takeOverWith: Parameters<typeof openTakeover>[0]['say'];
  readonly stop: AbortSignal;
}

export function openDesks(options: DeskOptions, stack: CloseStack): RoomDesks {
  const { parts, frame, soon, onPicture, replies, takeOverWith, stop } = options;
  const { room, show, log, scene, stage } = parts;
  const report = stack.add(
    new ReportService({ file: storeFile(room.ledgerFile), room: room.name, flush: () => show.store.flush(), log }),
  );
  const edits = new RoomEdits(parts, { frame, soon, onPicture, signal: stop });
  const agenda = new AgendaCommands({ ...parts, frame });
  stage.connect({ room, scene, layers: edits.layers, soon, onChange: onPicture });
  const timed = stack.add(new TimedLayers({ layers: edits.layers, soon, log, onChange: onPicture }));
  const productNow = (): string | null => parts.runner.productAt(frame());
  const budget = openLlmBudget(room, log);
  const { events, rules, renew } = openReplies(
    {
      parts,
      budget,
      agenda: parts.agenda,
      showLayer: (layer, forMs) => timed.show(layer, forMs),
      spam: replies,
      productNow,
      stop,
    },
    stack,
  );
  recordEvents(events, show.store, productNow);
  const takeover = openTakeover({ parts, frame, say: takeOverWith }, stack);
  const common = { live: parts.live, history: edits.steps, onChange: renew };
  const answering = new RepliesCommands({ ...parts, ...common, frame });
  const llm = new LlmCommands({ ...common, budget, signal: stop });
  return { edits, agenda, events, rules, report, takeover, replies: answering, llm };
}

const use = z.object({
  day: z.string(),
  requests: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
});

/** The use of the language model beside the room's ledger: a day's limit holds over a restart. */
function openLlmBudget(room: Pick<RoomConfig, 'ledgerFile' | 'llm'>, log: Log): LlmBudget {
  const file = `${room.ledgerFile.replace(/\.jsonl$/, '')}.llm.json`;
  const writes = new LastingQueue();
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
