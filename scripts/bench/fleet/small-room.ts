import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of the small room, by their order. */
const LINES = Array.from({ length: 12 }, (_, i) => `Line number ${i + 1} of the show is about our mug.`);

/** A room that is cheap to carry, without outputs. Returns its file. */
export function writeSmallRoom(
  folder: string,
  name: string,
  change: (room: Record<string, unknown>) => void = () => undefined,
): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'mug.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#2a7"/></svg>',
  );
  const room: Record<string, unknown> = {
    name,
    video: { width: 128, height: 228, fps: 15 },
    presenter: { pack: 'mei', voice: { provider: 'espeak' } },
    products: [{ id: 'mug', title: 'Mug', price: { amount: 9.5, currency: 'USD' }, image: 'mug.svg' }],
    layers: [{ id: 'presenter', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' }],
    script: { segments: [{ id: 'talk', lines: LINES.map((text, i) => ({ id: `l${i + 1}`, text })) }] },
  };
  change(room);
  const file = join(folder, 'room.json');
  writeFileSync(file, JSON.stringify(room, null, 2));
  return file;
}
