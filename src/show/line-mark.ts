import { createHash } from 'node:crypto';
import type { PackVoices } from '../avatar/presenter-pack.js';
import { type Line, type Script, wordingsOf } from '../config/sections/script.js';
import type { ScriptPosition } from './rundown.js';

/** The voices of the presenter on stage: one record that all parts hold, with the content of the current pack. */
export class LiveVoices {
  readonly voices: PackVoices;
  private readonly content: Record<string, PackVoices[string]>;

  constructor(voices: PackVoices) {
    this.content = { ...voices };
    this.voices = this.content;
  }

  replace(voices: PackVoices): void {
    for (const tag of Object.keys(this.content)) delete this.content[tag];
    Object.assign(this.content, voices);
  }
}

/** A script line as saved over a restart: its position and its text. */
export interface LineMark extends ScriptPosition {
  /** Hash of the line's text; the words themselves do not belong into a state file. */
  readonly textHash: string;
}

const hashText = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

export function markLine(position: ScriptPosition, text: string): LineMark {
  return { ...position, textHash: hashText(text) };
}

/**
 * Finds a saved line in a script that may have been edited: at its position; else the nearest line with the same text;
 * else the start of its segment; else the start.
 */
export function findLine(script: Script, mark: LineMark): ScriptPosition {
  const { round, segment, line } = mark;
  const there = script.segments[segment];
  const says = (one: Line): boolean => wordingsOf(one).some((text) => hashText(text) === mark.textHash);
  const same = there?.lines[line];
  if (same !== undefined && says(same)) return { round, segment, line };
  let best: { at: ScriptPosition; away: number } | undefined;
  for (const [s, { lines }] of script.segments.entries()) {
    for (const [l, candidate] of lines.entries()) {
      const away = Math.abs(s - segment) * 1000 + Math.abs(l - line);
      if ((best !== undefined && away >= best.away) || !says(candidate)) continue;
      best = { at: { round, segment: s, line: l }, away };
    }
  }
  return best?.at ?? { round, segment: there === undefined ? 0 : segment, line: 0 };
}
