import type {
  AgendaHandle,
  AgendaItemSnapshot,
  AgendaSnapshot,
  SpokenItemSnapshot,
} from '../../config/api/agenda-handle.js';
import { EngineError } from '../../core/errors.js';
import { type FrameIndex, type FrameRate, frameIndex, frameToMicroseconds, frameToSample } from '../../core/time.js';
import { endOf, type PlacedLine } from '../../show/placing/placed-line.js';
import type { RundownLine } from '../../show/rundown.js';
import type { RoomParts } from '../room-parts.js';

export interface AgendaCommandsParts extends Pick<RoomParts, 'agenda' | 'runner' | 'ledger' | 'room'> {
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
