import type { RoomFile } from './room.js';
import type { ValueFault } from './value-fault.js';

/** Layers that a show cannot do without for a moment. */
const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['presenter', 'label', 'caption']);

/** Checks the ids of segments and lines, and the layers that lines show. */
export function scriptFaults({ script, layers }: Pick<RoomFile, 'script' | 'layers'>): ValueFault[] {
  const faults: ValueFault[] = uniqueIds(script.segments, 'script.segments');
  const onCue = new Set(layers.filter((l) => l.shown === 'on-cue').map((l) => l.id));
  const cues =
    onCue.size === 0 ? 'a layer with `shown: "on-cue"`; the room has no such layer' : `one of ${[...onCue].join(', ')}`;
  script.segments.forEach((segment, s) => {
    faults.push(...uniqueIds(segment.lines, `script.segments[${s}].lines`));
    segment.lines.forEach((line, l) =>
      line.show?.forEach((id, k) => {
        const where = `script.segments[${s}].lines[${l}].show[${k}]`;
        if (!onCue.has(id)) faults.push({ where, expected: cues, found: `"${id}"` });
      }),
    );
  });
  layers.forEach(({ shown, type }, i) => {
    if (shown === 'on-cue' && ALWAYS_SHOWN.has(type))
      faults.push({ where: `layers[${i}].shown`, expected: `"always" for a ${type}`, found: '"on-cue"' });
  });
  return faults;
}

function uniqueIds(list: readonly { readonly id?: string | undefined }[], where: string): ValueFault[] {
  const seen = new Set<string>();
  return list.flatMap(({ id }, i): ValueFault[] => {
    if (id === undefined) return [];
    const isTaken = seen.has(id);
    seen.add(id);
    return isTaken ? [{ where: `${where}[${i}].id`, expected: 'a name not used before', found: `"${id}" again` }] : [];
  });
}
