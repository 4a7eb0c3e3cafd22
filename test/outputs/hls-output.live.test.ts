import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { HlsOutput, LivePlaylist } from '../../src/outputs/hls/hls-output.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-muxer.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';

const run = promisify(execFile);

t.test('slides the playlist with rising numbers and still serves segments that just left it', async (t) => {
  const playlist = new LivePlaylist(3, 2000);
  t.equal(playlist.text(), undefined);
  playlist.addInit(1, Buffer.from('i1'));
  playlist.addInit(2, Buffer.from('i2'));
  for (let n = 0; n < 10; n += 1) {
    playlist.add({ bytes: Buffer.from(`s${n}`), seconds: 2, init: n < 5 ? 1 : 2, discontinuity: n === 5 });
    if (n === 5)
      t.match(playlist.text(), /3\.m4s\n#EXTINF[^\n]+\n4\.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-2.mp4"/);
    if (n === 5) t.match(playlist.text(), 'DISCONTINUITY-SEQUENCE:0');
  }
  t.match(playlist.text(), /MEDIA-SEQUENCE:7\n/);
  t.match(playlist.text(), /DISCONTINUITY-SEQUENCE:1\n/);
  t.same(
    ['3.m4s', '4.m4s', '9.m4s', '10.m4s'].map((name) => playlist.file(name)?.toString()),
    [undefined, 's4', 's9', undefined],
  );
  t.equal(playlist.file('init-2.mp4')?.toString(), 'i2');
  for (const name of ['../etc', 'init-1.mp4/x', '-1.m4s', 'NaN.m4s', '']) t.equal(playlist.file(name), undefined);
});

t.test('plays live over HTTP in ffmpeg without losing a frame', async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 1000 } });
  t.teardown(() => room.close());
  const hls = new HlsOutput({
    id: 'phone',
    segments: 4,
    segmentMs: 1000,
    source: room.supervisor,
    bodies: new FlvBodies(),
    width: room.width,
    height: room.height,
  });
  const stop = new AbortController();
  let bytes = 0;
  const running = hls.run(stop.signal, ({ bytesSent }) => (bytes = bytesSent));
  const server = createServer((request, response) => {
    const found = hls.file((request.url ?? '').slice(1));
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': found.contentType }).end(found.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.m3u8`;
  t.ok(await until(() => (hls.file('index.m3u8')?.body.toString().match(/m4s/g) ?? []).length >= 3, 9000));
  const file = join(t.testdir(), 'got.mp4');
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', url, '-t', '4', '-c', 'copy', file], {
    timeout: 20_000,
  });
  t.equal(stderr, '', 'without a complaint');
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'packet=codec_type,pts_time',
    '-of',
    'csv=p=0',
    file,
  ]);
  for (const [kind, most] of [
    ['video', 0.0345 + room.refused * 0.034],
    ['audio', 0.0225],
  ] as const) {
    const times = stdout
      .split('\n')
      .filter((line) => line.startsWith(kind))
      .map((line) => Number(line.split(',')[1]));
    const steps = times.slice(1).map((time, i) => time - times[i]!);
    t.ok(times.length > 100, `${times.length} packets of ${kind}`);
    t.ok(Math.max(...steps) < most, `no ${kind} is missing: ${Math.max(...steps)}`);
  }
  t.ok(bytes > 0);
  stop.abort();
  await running;
});
