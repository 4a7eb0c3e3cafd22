import { EngineError } from '../../core/errors.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { newLines } from '../../show/script/edit-script.js';
import type { ScriptContent } from '../../show/script/live-script.js';
import type { SpeechService } from '../../speech/speech-service.js';
import { refuseLines, type JudgedLine } from '../../admission/texts/refuse-lines.js';
import type { RoomParts } from '../room-parts.js';
import { refuseLanguage } from './refuse-language.js';

export interface JudgeScriptParts extends Pick<RoomParts, 'room' | 'judge' | 'ledger'> {
  readonly speech: Pick<SpeechService, 'spoken' | 'voiceFor'>;
}

/**
 * Judges the lines and fillers that an edit brings, each beside the lines around it. A line that a changed listing has made
 * false does not keep people from editing its neighbours. Throws E_TEXT_REFUSED, E_BAD_REQUEST
 * for unknown products and layers, and E_VOICE_UNKNOWN.
 */
export async function judgeScript(
  { room, judge, ledger, speech }: JudgeScriptParts,
  before: ScriptContent,
  now: ScriptContent,
): Promise<void> {
  const changed = newLines(before, now);
  for (const { segment, line } of changed) {
    if (segment.product !== undefined && !room.products.some(({ id }) => id === segment.product)) {
      const ids = room.products.map(({ id }) => id).join(', ');
      throw bad(
        `segment "${segment.id}": product`,
        ids === '' ? 'no product: the room has none' : `one of ${ids}`,
        segment.product,
      );
    }
    for (const id of line.show ?? []) {
      const cues = room.layers.filter(({ shown }) => shown === 'on-cue').map((layer) => layer.id);
      if (!cues.includes(id))
        throw bad(
          `line "${line.id}": show`,
          cues.length === 0
            ? 'a layer with `shown: "on-cue"`; the room has no such layer'
            : `a layer that is shown on cue: ${cues.join(', ')}`,
          id,
        );
    }
    if (line.language !== undefined) await refuseLanguage(speech, line.language);
  }
  const all = now.segments.flatMap((segment) => segment.lines.map((line) => ({ segment, line })));
  const fresh = new Set(changed.map(({ line }) => line));
  // A removed line brings two others together, as a moved one does.
  const follows = new Map(before.segments.flatMap(({ lines }) => lines).map((line, i, list) => [line, list[i - 1]]));
  const judged = all.flatMap(({ segment, line }, i): JudgedLine[] => {
    const previous = all[i - 1]?.line;
    const isFresh = fresh.has(line);
    if (!isFresh && (previous === undefined || follows.get(line) === previous)) return [];
    const where = `segment "${segment.id}": line "${line.id}"`;
    const next = all[i + 1]?.line.text;
    return [
      {
        where,
        line,
        product: segment.product,
        before: previous?.text,
        next: isFresh ? next : undefined,
        isKnown: !isFresh,
      },
    ];
  });
  const fillers = now.fillers
    .filter((text) => !before.fillers.includes(text))
    .map((text, i): JudgedLine => ({ where: `fillers[${i}]`, line: { text, variants: [] }, product: undefined }));
  const note = (entry: LedgerEntry): void => void ledger.append(entry);
  refuseLines({ room, judge, speech, ledger: note }, [...judged, ...fillers]);
}

const bad = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_BAD_REQUEST', { where, expected, found: `"${found}"` });
