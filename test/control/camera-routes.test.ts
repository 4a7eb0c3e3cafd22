import { unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { cameraPath } from '../../src/core/files/paths.js';
import { fakeRoom } from './fake-room.js';

t.test('serves the camera without a token, with this engine’s address', async (t) => {
  const server = await ControlServer.start({
    room: fakeRoom(),
    host: '127.0.0.1',
    port: 0,
    token: 'x',
    log: silentLog,
  });
  t.teardown(() => server.close());
  const get = (path: string): Promise<Response> => fetch(server.url + path);

  const picture = await get('/camera.json');
  t.same(await picture.json(), { width: 720, height: 1280, frameRate: 30, whep: '/whep' });
  t.equal(picture.headers.get('access-control-allow-origin'), '*');

  for (const path of ['/camera', '/camera/camera.css', '/camera/camera.js']) {
    const page = await get(path);
    t.equal(page.status, 200, path);
    t.match(page.headers.get('content-security-policy'), "default-src 'none'");
  }

  const script = await (await get('/camera/showroom-camera.user.js')).text();
  t.match(script, /^\/\/ ==UserScript==/);
  t.match(script, `${server.url}/whep`);
  t.notMatch(script, '127.0.0.1:8080');
  t.match(script, /^\/\/ @connect {6}127\.0\.0\.1$/m);

  const zip = await get('/camera/extension.zip');
  t.equal(zip.headers.get('content-type'), 'application/zip');
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  t.same(
    Buffer.from(files['showroom-camera/page.js']!),
    readFileSync(cameraPath('extension', 'page.js')),
    'unpacked, it is the folder that `engine camera` names',
  );
  t.ok(files['showroom-camera/_locales/zh_CN/messages.json']);
});
