import type { ScriptLinePatch } from '../../core/handles/script-handle.js';
import type { Line } from '../../config/sections/script.js';
import type { LiveLine } from './live-script.js';

/** A line with changed fields; null returns a field to its default. A checked patch. */
export function patchedLine(line: LiveLine, patch: Omit<ScriptLinePatch, 'after'>): LiveLine {
  const { text, variants, caption, language, gesture, pauseMs, role, show } = patch;
  const field = <T>(value: T | null | undefined, before: T | undefined): T | undefined =>
    value === undefined ? before : (value ?? undefined);
  return {
    id: line.id,
    text: text ?? line.text,
    variants: [...(field(variants, line.variants) ?? [])],
    caption: field(caption, line.caption),
    language: field(language, line.language),
    gesture: (field(gesture, line.gesture) ?? 'none') as Line['gesture'],
    pauseMs: field(pauseMs, line.pauseMs),
    role: field(role, line.role),
    show: field(show, line.show)?.slice(),
  };
}
