import type { FrameIndex } from '../../core/time.js';
import { markLine } from '../../show/line-mark.js';
import type { RoomParts } from '../room-parts.js';
import { wordingsOf } from '../../config/sections/script.js';
import type { RundownLine } from '../../show/rundown.js';

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
