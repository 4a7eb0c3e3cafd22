import { linePut, type ScriptLinePatch } from '../../config/api/script-handle.js';
import type { LiveLine } from './live-script.js';

const { text: _, ...defaults } = linePut.parse({ text: '-' });

/** A line with changed fields; null returns a field to its default. A checked patch. */
export function patchedLine(line: LiveLine, { after: _after, ...patch }: ScriptLinePatch): LiveLine {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const fields = Object.entries({ ...line, ...Object.fromEntries(given) }).filter(([, value]) => value !== null);
  return { ...defaults, ...(Object.fromEntries(fields) as unknown as LiveLine), id: line.id };
}
