import type { Utterance } from '../core/speech.js';
import type { Layer } from '../config/sections/layer.js';
import type { Line } from '../config/sections/script.js';
import type { LineKind, LineLayer, LineRequest, SpeakerRole } from './agenda/agenda-line.js';
import type { LiveLine } from './script/live-script.js';
import type { ScriptPosition } from './script/live-script.js';

/** One line to speak. */
export interface RundownLine {
  /**
   * Unique in the room's life: `s0.1.2` for scripts (round, segment, line), `say-3` for an operator's lines, `fill-4` for
   * fillers, `reply-5`… for others; `~1` follows for a cut line that starts again.
   */
  readonly id: string;
  readonly kind: LineKind;
  readonly text: string;
  /** The caption; empty for none. */
  readonly caption: string;
  /** BCP-47, or undefined for the room's language. */
  readonly language: string | undefined;
  readonly role: SpeakerRole;
  readonly gesture: Line['gesture'];
  /** Silence after the line; undefined for the script's gap. */
  readonly pauseMs: number | undefined;
  /** The presented product; undefined keeps the current one. */
  readonly product: string | null | undefined;
  /** The product it speaks about, where it does not change the presented one. */
  readonly about?: string | null;
  /** Layers shown with it. */
  readonly layers: readonly LineLayer[];
  /** Judged as an answer to viewers. */
  readonly judgedAs: 'speech' | 'reply';
  /** Sound of a person who says it. */
  readonly voice?: Utterance;
  /** Its place in the script. */
  readonly position: ScriptPosition | undefined;
  readonly scripted?: ScriptedLine;
}

/** The origin of a script line. */
interface ScriptedLine {
  readonly segmentId: string;
  readonly line: LiveLine;
  /** The whole wording; `text` is less of it in a line that starts again. */
  readonly wording: string;
}

/** A line that keeps the current product. */
export function lineOfRequest(id: string, request: LineRequest): RundownLine {
  return {
    id,
    kind: request.kind,
    text: request.text,
    caption: request.caption ?? request.text,
    language: request.language,
    role: request.role ?? 'host',
    gesture: request.gesture ?? 'nod',
    pauseMs: request.pauseMs,
    product: undefined,
    ...(request.about === undefined ? {} : { about: request.about }),
    layers: request.layers ?? [],
    judgedAs: request.judgedAs ?? 'speech',
    ...(request.voice === undefined ? {} : { voice: request.voice }),
    position: undefined,
  };
}

/** The layers that a script line shows. */
export const cueLayers = (show: readonly string[] | undefined, layers: readonly Layer[]): LineLayer[] =>
  (show ?? []).flatMap((id) => layers.filter((layer) => layer.id === id).map((layer) => ({ layer })));
