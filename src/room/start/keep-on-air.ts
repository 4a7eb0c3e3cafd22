import { wordingsOf } from '../../config/sections/script.js';
import type { CloseStack } from '../../core/close-stack.js';
import { BufferCollector, YOUNG_COLLECTION_MS } from '../../core/collect-garbage.js';
import { toEngineError } from '../../core/errors.js';
import { markOnAir } from '../../core/processes/process-mark.js';
import { afterwards, repeatedly, sleep } from '../../core/sleep.js';
import { frameIndex, type FrameIndex, millisecondsToFrames } from '../../core/time.js';
import type { LoopBoard } from '../../loop/loop-board.js';
import { DROP_MS, dropFilePages, settleMemory, TRIM_MS, trimHeap } from '../../native/process-memory.js';
import { preferOnAir } from '../../native/process-priority.js';
import { markLine } from '../../show/line-mark.js';
import type { RundownLine } from '../../show/rundown.js';
import type { RoomParts } from '../room-desk.js';

/** A stalled loop or a long dump window must not delay the API for longer. */
const MAX_WAIT_MS = 1000;
const LOOK_MS = 10;

/** Resolves when a frame has left the gate, at the latest after MAX_WAIT_MS. */
async function firstFrame(board: Pick<LoopBoard, 'get'>, signal: AbortSignal): Promise<void> {
  for (let ms = 0; ms < MAX_WAIT_MS && board.get('released') + board.get('replaced') === 0; ms += LOOK_MS) {
    if (signal.aborted) return;
    await sleep(LOOK_MS, signal);
  }
}

/** Lines within this time are scheduled before the clock starts. */
const OPENING_MS = 3000;

/** Starts the clock of a room whose parts are open, and its outputs. Throws when the signal aborts. */
export async function goOnAir(parts: RoomParts, stack: CloseStack, signal: AbortSignal): Promise<void> {
  const { room, runner, encoding, fastStart, loop, outputs, admission, drawing, avProbe } = parts;
  if (!fastStart) {
    await runner.planUntil(millisecondsToFrames(OPENING_MS, room.rate), () => frameIndex(0));
    signal.throwIfAborted();
    await Promise.all([admission.rest(), drawing.rest()]);
    settleMemory();
  }
  await encoding;
  signal.throwIfAborted();
  preferOnAir();
  loop.send({ type: 'go' });
  stack.add(markOnAir());
  outputs.start();
  // Until the first frame the machine has no CPU left for anything else.
  if (fastStart) await firstFrame(loop.board, signal);
  dropFilePages();
  avProbe.start();
}

/** How far ahead of the picture lines are scheduled. */
const HORIZON_MS = 2000;
const PLAN_INTERVAL_MS = 100;
/** Pause after a line that could not be scheduled, since its cause rarely ends at once. */
const PAUSE_MS = 1000;

/**
 * Schedules lines as the picture advances and at once when the agenda changes, until the signal aborts. A failure is logged and retried: a show whose next
 * line cannot be made goes on with the lines it has.
 */
export async function planAhead(
  { room, runner, log }: Pick<RoomParts, 'room' | 'runner' | 'log'>,
  frame: () => FrameIndex,
  signal: AbortSignal,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = (ms) => runner.idle(ms),
): Promise<void> {
  const horizon = millisecondsToFrames(HORIZON_MS, room.rate);
  while (!signal.aborted) {
    try {
      await runner.planUntil(frame() + horizon, frame);
    } catch (cause) {
      if (signal.aborted) return;
      const error = toEngineError(cause, 'show');
      log.error({ code: error.code }, error.message);
      await wait(PAUSE_MS, signal);
    }
    await wait(PLAN_INTERVAL_MS, signal);
  }
}

/** What a room on air keeps in order while the show runs. */

const MINUTE_MS = 60_000;

/** Records in the ledger how the previous run ended, and saves from now on the line at which the next one begins. */
export function keepResumable(
  { resume, runner, note }: RoomParts,
  { muted, blanked }: { readonly muted: boolean; readonly blanked: boolean },
  frame: () => FrameIndex,
): void {
  if (resume.afterCrash || resume.damaged || blanked || muted) {
    const { line, ended, damaged } = resume;
    const at = line === null ? 'the beginning' : `s${line.round}.${line.segment}.${line.line}`;
    const commands = `${muted ? 'muted ' : ''}${blanked ? 'blanked' : ''}`.trim();
    note({ kind: 'room', action: 'resumed', detail: { line: at, processesEnded: ended, orders: commands, damaged } });
  }
  resume.follow(() => {
    const line = runner.scriptLineAt(frame());
    return line?.position && markLine(line.position, savedText(line));
  });
}

/** A wording that was written on air is not in the script of the next run: the line's own text stands for it. */
function savedText({ scripted, text }: RundownLine): string {
  if (scripted === undefined) return text;
  return wordingsOf(scripted.line).includes(scripted.wording) ? scripted.wording : scripted.line.text;
}

/**
 * Keeps countdowns to a time of day right: at once, since the show has just begun, and then once a minute, as corrected clocks and lost
 * slots add up slowly.
 */
export function keepCountdowns(stack: CloseStack, { scene, loop }: Pick<RoomParts, 'scene' | 'loop'>): void {
  const retime = (): void => {
    const update = scene.retimeCountdowns();
    if ((update.retimes ?? []).length > 0) loop.send({ type: 'scene', update });
  };
  retime();
  const timer = setInterval(retime, MINUTE_MS);
  timer.unref();
  stack.add({ close: async () => clearInterval(timer) });
}

/** Frames a scene update is sent ahead of the picture. */
const AHEAD_MS = 500;

/**
 * Fades the set to the light of the time of day. A picture that cannot be drawn or shown leaves the light as it is; the
 * next minute tries again.
 */
export function keepDaylight(
  stack: CloseStack,
  { scene, loop, room, log }: Pick<RoomParts, 'scene' | 'loop' | 'room' | 'log'>,
): void {
  let busy = false;
  let reported = false;
  const soon = () => frameIndex(loop.board.get('frame') + millisecondsToFrames(AHEAD_MS, room.rate));
  const relight = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const update = await scene.relight(soon);
      if (update.layers.length > 0) loop.send({ type: 'scene', update });
      reported = false;
    } catch (error) {
      if (!reported) log.warn({ error }, 'the set keeps its light: its picture in the next light cannot be shown');
      reported = true;
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void relight(), MINUTE_MS);
  timer.unref();
  stack.add({ close: async () => clearInterval(timer) });
}

/** By then the memory used for loading is free and can be returned to the system. */
const SETTLED_MS = 8000;

/** Returns memory to the system while a room is on air: once after loading, then regularly. */
export function keepMemoryLow(stack: CloseStack, letGo: () => Promise<void> | undefined): void {
  stack.add(
    afterwards(SETTLED_MS, () => {
      void letGo();
      // The encoders hold their frames now: compacting would raise the room's peak.
      settleMemory(false);
      // Again: by now the API, the encoders and the first lines have loaded their code.
      dropFilePages();
    }),
  );
  stack.add(repeatedly(TRIM_MS, trimHeap));
  stack.add(repeatedly(DROP_MS, dropFilePages));
  const garbage = new BufferCollector();
  stack.add(repeatedly(YOUNG_COLLECTION_MS, () => garbage.collect()));
}
