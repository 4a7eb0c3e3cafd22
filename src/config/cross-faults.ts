import type { RoomFile } from './room.js';
import { scriptFaults } from './script-faults.js';
import { PLATFORMS } from './sections/platform.js';
import type { ValueFault } from './value-fault.js';

/** Checks across values: unique names and existing references. */
export function crossFaults(file: RoomFile): ValueFault[] {
  const faults: ValueFault[] = [];
  const unique = (list: readonly { id: string }[], what: string): void => {
    const seen = new Set<string>();
    list.forEach(({ id }, i) => {
      if (seen.has(id))
        faults.push({ where: `${what}[${i}].id`, expected: 'a name not used before', found: `"${id}" again` });
      seen.add(id);
    });
  };
  unique(file.layers, 'layers');
  unique(file.products, 'products');
  unique(file.outputs, 'outputs');
  unique(file.events.sources, 'events.sources');
  unique(file.replies.rules, 'replies.rules');
  unique(file.takeover.quickPhrases, 'takeover.quickPhrases');
  const products = new Set(file.products.map((p) => p.id));
  const list = products.size === 0 ? 'a product of this room (it has none)' : `one of ${[...products].join(', ')}`;
  file.script.segments.forEach((s, i) => {
    if (s.product !== undefined && !products.has(s.product))
      faults.push({ where: `script.segments[${i}].product`, expected: list, found: `"${s.product}"` });
  });
  faults.push(...scriptFaults(file), ...presenterFaults(file.presenter));
  file.layers.forEach((l, i) => {
    if (l.product !== undefined && !products.has(l.product))
      faults.push({ where: `layers[${i}].product`, expected: list, found: `"${l.product}"` });
  });
  file.outputs.forEach((o, i) => {
    if (o.kind !== 'rtmp' || o.backup !== 'together') return;
    const where = `outputs[${i}].backup`;
    if (o.backupUrl === undefined) faults.push({ where, expected: '"standby", or a backupUrl', found: '"together"' });
    else if (!PLATFORMS[o.platform].redundantIngest)
      faults.push({ where, expected: `"standby": ${o.platform} takes one ingest at a time`, found: '"together"' });
  });
  const presenters = file.layers.filter((l) => l.type === 'presenter').length;
  if (presenters !== 1)
    faults.push({ where: 'layers', expected: 'exactly one layer of type "presenter"', found: String(presenters) });
  const assistants = file.layers.filter((l) => l.type === 'assistant').length;
  if (file.assistant?.pack === undefined && assistants > 0)
    faults.push({
      where: 'assistant.pack',
      expected: 'a presenter for the layer of type "assistant"',
      found: 'nothing',
    });
  if (file.assistant?.pack !== undefined && assistants !== 1)
    faults.push({ where: 'layers', expected: 'exactly one layer of type "assistant"', found: String(assistants) });
  return faults;
}

function presenterFaults({ source = 'pack', external }: RoomFile['presenter']): ValueFault[] {
  if (source === 'pack' && external !== undefined)
    return [
      { where: 'presenter.external', expected: '"source": "whip" or "rtmp" beside it', found: '"source": "pack"' },
    ];
  const isPacked = external?.key.kind === 'alpha-right' || external?.key.kind === 'alpha-below';
  if (isPacked && external.fit === 'cover')
    return [{ where: 'presenter.external.fit', expected: '"contain" with packed alpha', found: '"cover"' }];
  if (source === 'rtmp' && external?.streamKey === undefined)
    return [
      {
        where: 'presenter.external.streamKey',
        expected: 'a key for the engine that pushes, such as "${AVATAR_KEY}"',
        found: 'none',
      },
    ];
  return [];
}
