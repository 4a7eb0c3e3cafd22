import t from 'tap';
import { layer as layerSchema } from '../../src/config/sections/layer.js';
import { frameIndex } from '../../src/core/time.js';
import type { SceneDeps } from '../../src/scene/scene-compiler.js';
import { compilerOf, roomOf } from './scene-kit.js';

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

t.test('scans a slate with drawing characters like a picture', async (t) => {
  const scanned: string[] = [];
  const admit: SceneDeps['admit'] = async ({ where }) => void scanned.push(where);
  const room = roomOf(t.testdir(), { language: 'en' });
  await compilerOf(room, admit).slate('Back soon');
  t.strictSame(scanned, [], 'words are judged as words');
  await compilerOf(room, admit).slate('▀█▄ ▄█▀');
  t.strictSame(scanned, ['slate']);
  const refusing = compilerOf({ ...room, title: '▀█▄ ▄█▀' }, () => Promise.reject(new Error('a code')));
  await t.rejects(refusing.slate('Back soon'), { message: 'a code' });
});

t.test('refuses an oversized layer before anything is drawn', async (t) => {
  const price = { amount: 4, currency: 'USD' };
  const products = [{ id: 'one', title: 'Lamp', image: pixel, price }];
  const room = roomOf(t.testdir(), { products, product: 'one' });
  const scene = compilerOf(room);
  await scene.open();
  const put = (of: object) => scene.putLayer(layerSchema.parse(of), frameIndex(1));
  for (const layer of [
    { type: 'text', text: 'hi', width: 9000, height: 9000 },
    { type: 'text', text: 'hi', width: '99999%', size: 6 },
    { type: 'text', text: 'hi', size: '999%' },
    { type: 'bubble', text: 'hi', width: 1e9 },
    { type: 'shape', fill: '#123456', width: 12_000, height: 12_000 },
    { type: 'image', src: pixel, width: 16_000, height: 16_000 },
    { type: 'media', items: [pixel], width: 16_000, height: 16_000 },
    { type: 'ticker', items: ['hi'], width: 1e8 },
    { type: 'card', width: 1e7 },
    { type: 'caption', size: 10_000 },
  ]) {
    await t.rejects(
      put({ id: 'big', ...layer }),
      { code: 'E_LAYER_INVALID', found: /pixels$/, todo: /smaller/ },
      JSON.stringify(layer),
    );
  }
  await put({ id: 'wide', type: 'shape', fill: '#123456', width: 3000, height: 240 });
});
