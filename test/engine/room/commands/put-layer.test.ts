import t from 'tap';
import type { Layer } from '../../../../src/config/sections/layer.js';
import { putLayer } from '../../../../src/engine/room/commands/put-layer.js';

const frame = 7 as never;

/** The path that a layer's picture is looked for at. */
async function pathOf(dir: string, src: string): Promise<string> {
  const shown: Layer[] = [];
  const parts = {
    room: { dir, products: [], layers: [], language: 'en', video: { width: 720, height: 1280 } },
    scene: {
      layersWith: (layer: Layer) => [layer],
      layer: () => undefined,
      putLayer: async (layer: Layer) => void shown.push(layer),
    },
    judge: {},
    loop: { send: () => undefined },
    ledger: { append: () => undefined },
  } as unknown as Parameters<typeof putLayer>[0];
  const gone = { add: () => undefined, hits: () => [] };
  await putLayer(parts, gone, 'star', { type: 'sticker', src, width: 40, anchor: 'top-left' }, () => frame);
  const [layer] = shown;
  return layer!.type === 'sticker' ? layer!.src : '';
}

t.test('a path that begins at the room’s folder is found whatever the names are', async (t) => {
  t.equal(await pathOf('/rooms/我的 房间', 'assets/star.png'), '/rooms/我的 房间/assets/star.png');
  t.equal(await pathOf('/rooms/100% #1?', './新品 #2.png'), '/rooms/100% #1?/新品 #2.png');
  t.equal(await pathOf('/rooms/a', '../b/star%20.png'), '/rooms/b/star%20.png');
  t.equal(await pathOf('/rooms/a', '/b c/star.png'), '/b c/star.png');
  t.equal(await pathOf('/rooms/a', 'data:image/png;base64,AA=='), 'data:image/png;base64,AA==');
});
