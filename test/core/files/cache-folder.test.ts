import { chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { cacheFolder, makeOwnFolder } from '../../../src/core/files/own-folder.js';

t.test('caches follow XDG_CACHE_HOME, else are in a folder of the user', async (t) => {
  t.equal(cacheFolder('pictures', { XDG_CACHE_HOME: '/c' }), '/c/showroom/pictures');
  for (const env of [{}, { XDG_CACHE_HOME: '' }]) t.match(cacheFolder('clips', env), /showroom-\w+[\\/]clips$/);
});

t.test('leaves a folder that is a link, or of another user', { skip: process.platform === 'win32' }, async (t) => {
  const base = t.testdir({ target: {}, linked: {}, kind: { showroom: {} }, foreign: { showroom: {} } });
  symlinkSync(join(base, 'target'), join(base, 'linked', 'showroom'));
  symlinkSync(join(base, 'target'), join(base, 'kind', 'showroom', 'presenters'));
  const under = (name: string): string => cacheFolder('presenters', { XDG_CACHE_HOME: join(base, name) });
  t.notOk(under('linked').startsWith(base), 'a link above');
  t.notOk(under('kind').startsWith(base), 'a link itself');
  t.ok(cacheFolder('clips', { XDG_CACHE_HOME: join(base, 'kind') }).startsWith(base), 'beside it');
  if (process.getuid?.() !== 0) return;
  chownSync(join(base, 'foreign', 'showroom'), 65_534, 65_534);
  t.notOk(under('foreign').startsWith(base), 'of another user');
});

t.test('a folder of an earlier version is closed to others', { skip: process.platform === 'win32' }, async (t) => {
  const dir = join(t.testdir(), 'presenters');
  mkdirSync(dir, { mode: 0o755 });
  await makeOwnFolder(dir);
  t.equal(statSync(dir).mode & 0o777, 0o700);
});
