import t from 'tap';
import { encoder as encoderSchema } from '../../src/config/sections/encoder.js';
import { fitEncoder } from '../../src/config/resolve-room.js';
import { output } from '../../src/config/sections/output.js';
import { NetworkWatch } from '../../src/outputs/output-supervisor.js';
import { queuedBytes } from '../../src/outputs/rtmp/rtmp-delivery.js';
import { WedgeDetector } from '../../src/outputs/supervised-output.js';
import { until } from '../encoder/synthetic-room.js';

t.test('takes bitrate, sound and IDR distance from the tightest platform', async (t) => {
  const encoder = encoderSchema.parse({ videoKbps: 9000, aacKbps: 256, keyframeIntervalMs: 5000 });
  const to = (platform: string) => output.parse({ id: platform, kind: 'rtmp', url: 'rtmp://h/app/key', platform });
  t.same(fitEncoder(encoder, [to('generic')]).lowered, []);
  const { encoder: fitted, lowered } = fitEncoder(encoder, [to('youtube'), to('twitch')]);
  t.match(fitted, { videoKbps: 6000, aacKbps: 128, keyframeIntervalMs: 2000 });
  t.match(lowered[0], 'encoder.videoKbps: 9000 is more than youtube (output "youtube") takes; 8000 is used');
});

t.test('keeps a constant rate where a platform asks for one, unless the room says otherwise', async (t) => {
  const to = (platform: string) => output.parse({ id: platform, kind: 'rtmp', url: 'rtmp://h/app/key', platform });
  const control = (settings: object, ...platforms: string[]) =>
    fitEncoder(encoderSchema.parse(settings), platforms.map(to)).encoder.rateControl;
  t.equal(control({}), 'capped-crf');
  t.equal(control({}, 'taobao', 'douyin'), 'capped-crf');
  for (const platform of ['youtube', 'twitch', 'facebook']) t.equal(control({}, 'taobao', platform), 'cbr', platform);
  t.equal(control({ rateControl: 'capped-crf' }, 'youtube'), 'capped-crf');
  t.equal(control({ rateControl: 'cbr' }, 'taobao'), 'cbr');
});

t.test('treats a new machine address as a returned network, but not a lost one', async (t) => {
  let addresses = ['10.0.0.1'];
  let returned = 0;
  const watch = new NetworkWatch({ onReturn: () => (returned += 1), addresses: () => addresses, intervalMs: 5 });
  t.teardown(() => watch.close());
  addresses = [];
  await until(() => false, 40);
  t.equal(returned, 0);
  addresses = ['10.0.0.1'];
  t.ok(await until(() => returned === 1, 2000));
  await until(() => false, 40);
  t.equal(returned, 1, 'once');
});

t.test('retries an unreadable address list without reporting a fault', async (t) => {
  let addresses: string[] | undefined;
  let returned = 0;
  let reads = 0;
  const watch = new NetworkWatch({
    onReturn: () => (returned += 1),
    addresses: () => {
      reads += 1;
      if (addresses === undefined) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      return addresses;
    },
    intervalMs: 5,
  });
  t.teardown(() => watch.close());
  t.ok(await until(() => reads > 3, 2000));
  const read = async (now: string[] | undefined): Promise<void> => {
    addresses = now;
    const before = reads;
    await until(() => reads > before + 1, 2000);
  };
  await read(['10.0.0.1']);
  t.equal(returned, 0, 'the first that is known is none that returned');
  await read(undefined);
  await read(['10.0.0.1']);
  t.equal(returned, 0, 'it was there all the time');
  await read(['10.0.0.1', '10.0.0.2']);
  t.equal(returned, 1);
});

t.test("reads a connection's unacknowledged bytes from the system's table", async (t) => {
  const table =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n' +
    '   0: 0100007F:078F 00000000:0000 0A 00000000:00000000 00:00000000\n' +
    '  12: 0100007F:D431 0100007F:078F 01 0001A2B3:00000000 01:00000014\n';
  t.equal(queuedBytes(table, 0xd431, 0x78f), 0x1a2b3);
  t.equal(queuedBytes(table, 0xd431, 0x790), undefined);
  t.equal(queuedBytes('', 1, 2), undefined);
});

t.test('counts a wedge from the last delivered byte and never while idle', async (t) => {
  const wedge = new WedgeDetector();
  wedge.begin(0, 0, 0);
  let sent = 0;
  for (let ms = 500; ms <= 2000; ms += 500) t.equal(wedge.look(ms, (sent += 100_000), sent, 96 << 10, 0), 0);
  let foundMs = 0;
  for (let ms = 2500; ms <= 8000 && foundMs === 0; ms += 500) {
    if (wedge.look(ms, (sent += 30_000), 400_000, 96 << 10, 0) > 0) foundMs = ms;
  }
  t.equal(foundMs, 5500, 'three and a half seconds after the last');
  wedge.begin(0, 1000, 900);
  for (let ms = 500; ms < 60_000; ms += 500) t.equal(wedge.look(ms, 1000, 900, 96 << 10, 0), 0);
  t.equal(wedge.look(60_000, 200_000, 900, 96 << 10, 0), 0, 'a burst after a long rest has its time');
});
