import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import t from 'tap';
import { withoutInstances } from '../../../src/scene/fonts/prepare-fonts.js';

const require = createRequire(import.meta.url);

async function font(): Promise<Uint8Array> {
  const decompress = require('wawoff2/decompress.js') as (woff2: Uint8Array) => Promise<Uint8Array>;
  const folder = dirname(require.resolve('@fontsource-variable/noto-sans/package.json'));
  return decompress(await readFile(join(folder, 'files', 'noto-sans-latin-wght-normal.woff2')));
}

/** Where fvar's count of instances stands. */
function countAt(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < view.getUint16(4); i += 1) {
    if (view.getUint32(12 + i * 16) === 0x66766172) return view.getUint32(12 + i * 16 + 8) + 12;
  }
  throw new Error('no fvar');
}

t.test("removes a variable font's named instances and nothing else", async (t) => {
  const before = await font();
  const at = countAt(before);
  t.ok(before[at + 1]! > 1, 'it had some');
  const after = withoutInstances(before);
  t.equal(countAt(after), at);
  t.same([after[at], after[at + 1]], [0, 0]);
  const changed = after.findIndex((byte, i) => byte !== before[i] && i !== at && i !== at + 1);
  t.equal(changed, -1);
});

t.test('leaves other fonts and other files unchanged', async (t) => {
  for (const data of [
    new Uint8Array(0),
    new Uint8Array(11),
    Uint8Array.from(Buffer.from('wOF2 and more bytes than a header has')),
  ])
    t.equal(withoutInstances(data), data);
  const cut = (await font()).slice(0, 40);
  t.equal(withoutInstances(cut), cut);
});
