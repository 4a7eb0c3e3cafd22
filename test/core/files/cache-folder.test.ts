import t from 'tap';
import { cacheFolder } from '../../../src/core/files/cache-folder.js';

t.test('caches follow XDG_CACHE_HOME, else are in a folder of the user', async (t) => {
  t.equal(cacheFolder('pictures', { XDG_CACHE_HOME: '/c' }), '/c/showroom/pictures');
  for (const env of [{}, { XDG_CACHE_HOME: '' }]) t.match(cacheFolder('clips', env), /showroom-\w+[\\/]clips$/);
});
