import t from 'tap';
import { cacheFolder } from '../../../src/core/files/cache-folder.js';

t.test('what can be made again follows XDG_CACHE_HOME and is a user’s own without it', async (t) => {
  t.equal(cacheFolder('pictures', { XDG_CACHE_HOME: '/c' }), '/c/showroom/pictures');
  for (const env of [{}, { XDG_CACHE_HOME: '' }]) t.match(cacheFolder('clips', env), /showroom-\w+[\\/]clips$/);
});
