import type { AgendaHandle, AgendaItemSnapshot, AgendaSnapshot } from '../../core/handles/agenda-handle.js';
import { EngineError } from '../../core/errors.js';
import type { FrameIndex } from '../../core/time.js';
import type { RundownLine } from '../../show/rundown-line.js';
import type { RoomParts } from '../room-parts.js';

export interface AgendaCommandsParts extends Pick<RoomParts, 'agenda' | 'runner' | 'ledger'> {
  readonly frame: () => FrameIndex;
}

/** Lists the lines on air and on their way, and drops them. */
export class AgendaCommands implements AgendaHandle {
  constructor(private readonly parts: AgendaCommandsParts) {}

  snapshot(): AgendaSnapshot {
    const { agenda, runner, frame } = this.parts;
    const now = frame();
    const current = runner.lineAt(now)?.line;
    const { placed, waiting } = runner.linesFrom(now);
    return {
      paused: runner.paused,
      current: current === undefined ? null : item(current, 'speaking'),
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

const item = ({ id, kind, text, role }: RundownLine, state: AgendaItemSnapshot['state']): AgendaItemSnapshot => ({
  id,
  kind,
  text,
  role,
  state,
  waitedMs: 0,
});
