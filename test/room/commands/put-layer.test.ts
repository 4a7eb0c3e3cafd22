import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import type { Layer } from '../../../src/config/sections/layer.js';
import { putLayer } from '../../../src/room/commands/layer-commands.js';

const frame = 7 as never;

/** The path at which a layer's picture is searched. */
async function pathOf(dir: string, src: string, assetFolders: string[] = [], layers: object[] = []): Promise<string> {
  const shown: Layer[] = [];
  const parts = {
    room: {
      ...{ dir, layers, language: 'en', video: { width: 720, height: 1280 }, control: { assetFolders } },
      products: [],
    },
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

/** Creates these files in a folder. */
function filesIn(dir: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), 'picture');
  }
}

t.test('finds a path relative to the room’s folder', async (t) => {
  const dir = realpathSync(t.testdir());
  filesIn(dir, '我的 房间/assets/star.png', '100% #1?/新品 #2.png', 'b/star%20.png', 'b c/star.png');
  t.equal(await pathOf(join(dir, '我的 房间'), 'assets/star.png'), join(dir, '我的 房间/assets/star.png'));
  t.equal(await pathOf(join(dir, '100% #1?'), './新品 #2.png'), join(dir, '100% #1?/新品 #2.png'));
  t.equal(await pathOf(join(dir, 'a'), '../b/star%20.png', [join(dir, 'b')]), join(dir, 'b/star%20.png'));
  t.equal(await pathOf(join(dir, 'a'), join(dir, 'b c/star.png'), [join(dir, 'b c')]), join(dir, 'b c/star.png'));
  t.equal(await pathOf(join(dir, 'a'), 'data:image/png;base64,AA=='), 'data:image/png;base64,AA==');
});

t.test('refuses a file outside with the same words whether it exists or not', async (t) => {
  const dir = realpathSync(t.testdir());
  filesIn(dir, 'room/in.png', 'secret/there.png', 'room-2/there.png', 'art/kettle.png', 'art/other.png');
  const room = join(dir, 'room');
  symlinkSync(join(dir, 'secret'), join(room, 'link'));
  symlinkSync(join(dir, 'secret', 'there.png'), join(room, 'link.png'));
  const said = async (src: string): Promise<string> => {
    const error: unknown = await pathOf(room, src).catch((e: unknown) => e);
    t.match(error, { code: 'E_ASSET_MISSING' }, src);
    return (error as Error).message.replaceAll(src.startsWith('/') ? src : join(room, src), 'FILE');
  };
  const missing = await said('none.png');
  for (const src of [
    '/etc/shadow',
    '/etc/no-such-file',
    '/dev/zero',
    '/proc/self/environ',
    join(dir, 'secret', 'there.png'),
    join(dir, 'secret', 'not-there.png'),
    join(dir, 'room-2', 'there.png'),
    join(room, '..', 'secret', 'there.png'),
    'link/there.png',
    'link/not-there.png',
    'link.png',
  ]) {
    t.equal(await said(src), missing, src);
  }
  t.equal(await pathOf(room, 'in.png'), join(room, 'in.png'));
  const art = join(dir, 'art', 'other.png');
  t.equal(
    await pathOf(room, art, [], [{ type: 'image', src: join(dir, 'art', 'kettle.png') }]),
    art,
    'next to a picture that the room file names',
  );
  t.equal(await pathOf(room, 'link.png', [join(dir, 'secret')]), join(room, 'link.png'), 'a declared folder');
});
