import { deepFreeze } from '../../config/deep-freeze.js';
import type { LiveRoomConfig } from '../../config/room-config.js';
import { mergePatch } from '../../config/merge-patch.js';
import { llm as llmSchema } from '../../config/sections/services/llm.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { LlmHandle, LlmState, LlmTest } from '../../config/api/replies-handle.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import { openChatClient } from '../../writer/llm/chat-client.js';
import type { LlmBudget } from '../../writer/llm/llm-budget.js';
import type { EditHistory, Reversal } from './edit-history.js';

const WHERE = 'PATCH /api/llm';
const TEST_MS = 20_000;
const SCHEMA = {
  name: 'ready',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['answer'],
    properties: { answer: { type: 'string', description: 'One short sentence that says that you are ready' } },
  },
} as const;

export interface LlmCommandsParts {
  readonly live: LiveRoomConfig;
  readonly history: EditHistory;
  readonly budget: LlmBudget;
  /** Answers with the new model from now on. */
  readonly onChange: () => void;
  /** Aborts the show. */
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

type Section = LiveRoomConfig['room']['llm'];

/** The language model that answers viewers: its settings, a trial, and what it costs. */
export class LlmCommands implements LlmHandle {
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: WHERE });

  constructor(private readonly parts: LlmCommandsParts) {}

  state(): LlmState {
    const { live, budget, env = process.env } = this.parts;
    const { llm, replies } = live.room;
    return { llm: llm ?? null, today: budget.today(), off: offReason(llm, replies, budget, env) };
  }

  patch(patch: unknown): Promise<LlmState> {
    return this.turns.take(async (late) => {
      const { live, history } = this.parts;
      const before = live.room.llm;
      const after = patch === null ? undefined : checked(mergePatch(before ?? {}, patch));
      pointOfNoReturn(late);
      this.set(after);
      const setAgain =
        (to: Section): Reversal =>
        (requireNewest) =>
          this.turns.take(async (signal) => {
            requireNewest();
            pointOfNoReturn(signal);
            this.set(to);
          });
      history.register({ what: 'language model', undo: setAgain(before), redo: setAgain(after) });
      return this.state();
    });
  }

  async test(): Promise<LlmTest> {
    const { live, budget, signal, env = process.env } = this.parts;
    const { llm } = live.room;
    const startMs = performance.now();
    const done = (rest: Pick<LlmTest, 'ok' | 'answer' | 'fault'>): LlmTest => ({
      tookMs: Math.round(performance.now() - startMs),
      ...rest,
    });
    if (llm === undefined) return done({ ok: false, answer: '', fault: 'no language model is set' });
    try {
      const client = openChatClient({ ...llm, timeoutMs: Math.min(llm.timeoutMs, TEST_MS) }, env, { budget });
      const text = await client.complete({
        schema: SCHEMA,
        signal,
        messages: [{ role: 'user', content: 'Answer in one short sentence that you are ready to help a shop.' }],
      });
      const { answer } = (JSON.parse(text) ?? {}) as { answer?: unknown };
      if (typeof answer === 'string' && answer.trim() !== '')
        return done({ ok: true, answer: answer.slice(0, 200), fault: null });
      return done({
        ok: false,
        answer: text.slice(0, 200),
        fault: 'it does not keep to the form that it is asked for',
      });
    } catch (cause) {
      const { message, found } = toEngineError(cause, 'llm');
      return done({ ok: false, answer: '', fault: found ?? message });
    }
  }

  private set(llm: Section): void {
    const { live, onChange, budget } = this.parts;
    live.set({ llm });
    budget.prices = llm?.price;
    budget.maxUsd = llm?.maxUsdPerDay;
    onChange();
  }
}

function checked(body: unknown): NonNullable<Section> {
  const result = llmSchema.safeParse(body);
  if (result.success) return deepFreeze(result.data);
  const fault = valueFault(result.error.issues[0]!, body, llmSchema);
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: fault.where === '' ? WHERE : `${WHERE}: ${fault.where}` });
}

function offReason(
  llm: Section,
  replies: LiveRoomConfig['room']['replies'],
  budget: LlmBudget,
  env: NodeJS.ProcessEnv,
): string | null {
  if (llm === undefined) return 'no language model is set';
  if (!replies.enabled || !replies.llm.enabled) return 'answers of the model are switched off';
  const name = llm.apiKey?.slice(2, -1);
  if (name !== undefined && (env[name] ?? '') === '') return `the environment variable ${name} is not set`;
  return budget.spent ?? null;
}
