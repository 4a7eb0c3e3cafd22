import type {
  AgendaHandle,
  AgendaItemSnapshot,
  AgendaSnapshot,
  SpokenItemSnapshot,
} from '../../config/api/script-handle.js';
import type { LlmHandle, LlmState, LlmTest } from '../../config/api/replies-handle.js';
import type { OrderSince, ResumeOptions, SlateReason } from '../../config/api/room-handle.js';
import { deepFreeze } from '../../config/load-room.js';
import { mergePatch } from '../../config/resolve-room.js';
import type { LiveRoomConfig } from '../../config/room-config.js';
import { llm as llmSchema } from '../../config/sections/services/llm.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import { type FrameIndex, frameIndex, type FrameRate, frameToMicroseconds, frameToSample } from '../../core/time.js';
import { type HoldCause, REPLACE_CAUSES, type ReplaceCause } from '../../core/verdict.js';
import { endOf, type PlacedLine } from '../../show/placing/line-placer.js';
import type { RundownLine } from '../../show/rundown.js';
import { type LlmBudget, openChatClient } from '../../writer/llm/chat-client.js';
import type { RoomParts } from '../room-desk.js';
import type { EditHistory, Reversal } from './edit-history.js';

interface AgendaCommandsParts extends Pick<RoomParts, 'agenda' | 'runner' | 'ledger' | 'room'> {
  readonly frame: () => FrameIndex;
}

/** Lists the lines on air and on their way, and drops them. */
export class AgendaCommands implements AgendaHandle {
  constructor(private readonly parts: AgendaCommandsParts) {}

  snapshot(): AgendaSnapshot {
    const { agenda, runner, room, frame } = this.parts;
    const now = frame();
    const onAir = runner.lineAt(now);
    const current = onAir?.line;
    const { placed, waiting } = runner.linesFrom(now);
    return {
      paused: runner.paused,
      current: onAir === undefined ? null : spoken(onAir, now, room),
      scheduled: placed.filter(({ line }) => line !== current).map(({ line }) => item(line, 'scheduled')),
      waiting: [...waiting.map((line) => item(line, 'waiting')), ...agenda.items()],
      counters: agenda.counters,
    };
  }

  async cancel(id: string): Promise<void> {
    if (!(await this.parts.runner.withdraw(id))) {
      throw new EngineError('E_NOT_FOUND', {
        where: 'agenda',
        expected: 'the id of a line that has not begun',
        found: `"${id}"`,
      });
    }
    this.parts.ledger.append({
      kind: 'operator',
      action: 'line-cancelled',
      frame: this.parts.frame(),
      detail: { line: id },
    });
  }
}

const item = (
  { id, kind, text, role, scripted }: RundownLine,
  state: AgendaItemSnapshot['state'],
): AgendaItemSnapshot => ({
  id,
  kind,
  text,
  role,
  state,
  waitedMs: 0,
  place: scripted === undefined ? null : { segment: scripted.segmentId, line: scripted.line.id },
});

function spoken(
  placed: PlacedLine,
  now: FrameIndex,
  { rate, language }: { readonly rate: FrameRate; readonly language: string },
): SpokenItemSnapshot {
  const { line, slot, ready } = placed;
  const at = frameToSample(now, rate) - slot.startSample;
  const ms = (frames: number): number => Math.round(frameToMicroseconds(frameIndex(Math.max(0, frames)), rate) / 1000);
  return {
    ...item(line, 'speaking'),
    language: line.language ?? language,
    spokenCharacters: ready.utterance.words.findLast(({ startSample }) => startSample <= at)?.endChar ?? 0,
    elapsedMs: ms(now - slot.startFrame),
    lengthMs: ms(endOf(placed) - slot.startFrame),
  };
}

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

interface LlmCommandsParts {
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

/** Causes that last a moment: the gate's own, and frames dropped by the operator. */
const OF_THE_MOMENT: ReadonlySet<ReplaceCause> = new Set(['violation', 'unjudged', 'hold-time', 'dumped']);

type OrderParts = Pick<RoomParts, 'ledger' | 'loop' | 'resume' | 'risk' | 'secondOpinion' | 'words'>;

/**
 * Applies the operator commands: sends them to the loop, keeps them over restarts, and reports them.
 *
 * Problem: several parts can ask for the slate. The report must show the present picture and what has to happen
 * before the slate ends. A resume must not hide a watch that still holds the slate, and unmuting must not clear the
 * risk.
 */
export class RoomCommands {
  muted: boolean;
  blanked: boolean;
  private mutedSince: OrderSince | null;
  private blankedSince: OrderSince | null;

  constructor(
    private readonly parts: OrderParts,
    /** True once the show has stalled long enough to need the slate. */
    private readonly stalled: () => boolean,
    private readonly frame: () => FrameIndex,
  ) {
    this.muted = parts.resume.muted;
    this.blanked = parts.resume.blanked;
    this.mutedSince = this.muted ? since('') : null;
    this.blankedSince = this.blanked ? since('') : null;
  }

  get orders(): { mute: OrderSince | null; blank: OrderSince | null } {
    return { mute: this.mutedSince, blank: this.blankedSince };
  }

  mute(by = ''): void {
    this.operate('mute', true, this.blanked, named(by));
    this.mutedSince ??= since(by);
  }

  blank(by = ''): void {
    this.operate('blank', this.muted, true, named(by));
    this.blankedSince ??= since(by);
  }

  /** Undoes the named commands; without a name all of them, and the slate for the risk if it is up. */
  resume(what: ResumeOptions = {}): void {
    const { risk } = this.parts;
    const all = Object.values(what).every((one) => one === undefined);
    const named = (['mute', 'blank', 'risk'] as const).filter((one) => what[one] === true);
    const cleared = (all ? risk.atLimit : what.risk === true) ? risk.clear() : undefined;
    this.operate('resume', this.muted && !(all || what.mute === true), this.blanked && !(all || what.blank === true), {
      ...(all ? {} : { what: named.join(' ') }),
      ...(cleared === undefined ? {} : { clearedRisk: Math.round(cleared * 100) / 100 }),
    });
  }

  /** The reasons that hold the slate until they are withdrawn. */
  get standing(): SlateReason[] {
    const reasons: SlateReason[] = [];
    if (this.blanked) reasons.push('operator');
    if (this.parts.risk.atLimit) reasons.push('risk');
    return [...reasons, ...this.holds()];
  }

  /** Why viewers see the slate now, including the gate's momentary reasons; empty while they see the show. */
  get slate(): readonly SlateReason[] {
    const { loop } = this.parts;
    const reasons = this.standing;
    const left = REPLACE_CAUSES[loop.board.get('slateCause') - 1];
    // The standing reasons are listed above; the last released frame may carry one that has been withdrawn since.
    if (left !== undefined && OF_THE_MOMENT.has(left)) reasons.push(left);
    return reasons;
  }

  /** Sends the present state to the loop. Call it whenever a reason for the slate comes or goes. */
  apply(): void {
    const { loop, risk } = this.parts;
    const [hold] = this.holds();
    loop.send({ type: 'operate', muted: this.muted, blanked: this.blanked, risk: risk.atLimit, hold });
  }

  private holds(): HoldCause[] {
    const { words, secondOpinion } = this.parts;
    const holds: HoldCause[] = [];
    if (words.holding) holds.push('words');
    if (secondOpinion.holding) holds.push('codes');
    if (this.stalled()) holds.push('stalled');
    return holds;
  }

  private operate(
    action: string,
    muted: boolean,
    blanked: boolean,
    detail: Record<string, string | number> = {},
  ): void {
    this.muted = muted;
    this.blanked = blanked;
    if (!muted) this.mutedSince = null;
    if (!blanked) this.blankedSince = null;
    this.parts.resume.saveCommands(muted, blanked);
    this.apply();
    const details = Object.keys(detail).length === 0 ? {} : { detail };
    this.parts.ledger.append({ kind: 'operator', action, frame: this.frame(), ...details });
  }
}

const since = (by: string): OrderSince => ({ at: new Date().toISOString(), by });
const named = (by: string): Record<string, string> => (by === '' ? {} : { by });
