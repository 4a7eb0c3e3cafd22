import t from 'tap';
import { EncoderKeeper } from '../../src/room/open/broadcast.js';
import { silentLog } from '../../src/core/log.js';
import type { EncodedPacket } from '../../src/core/media/packets.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { TcpProxy } from '../../scripts/bench/faults/tcp-proxy.js';
import { SyntheticRoom, sleep, until } from '../encoder/synthetic-room.js';
import { fakeServer } from '../outputs/rtmp-fake-server.js';
import { outputOf } from '../outputs/rtmp-output-of.js';

const WANTED_KBPS = 1200;
/** Less than picture and sound need one step below that rate, more than they need two steps below. */
const NARROW_KBPS = 760;

t.test(
  'lowers the bitrate at an IDR on a narrow link and restores it on a wide one, on one connection',
  { timeout: 300_000 },
  async (t) => {
    const server = await fakeServer(0, 'acknowledge');
    t.teardown(() => server.close());
    const proxy = new TcpProxy(server.port);
    await proxy.listen();
    t.teardown(() => proxy.close());
    const room = await SyntheticRoom.start({
      noise: true,
      encoder: { videoKbps: WANTED_KBPS, aacKbps: 64, keyframeIntervalMs: 1000 },
    });
    t.teardown(() => room.close());
    const outputs = new OutputSupervisor({
      outputs: [
        outputOf(room, `rtmp://127.0.0.1:${proxy.port}/live/room`, {
          videoKbps: WANTED_KBPS,
          aacKbps: 64,
          maxLagMs: 3000,
        }),
      ],
      log: silentLog,
    });
    t.teardown(() => outputs.close());
    outputs.start();
    const entries: LedgerEntry[] = [];
    // Advances the clock instead of waiting for a minute of calm.
    let aheadMs = 0;
    const keeper = new EncoderKeeper({
      encoder: room.supervisor,
      outputs,
      note: (entry) => entries.push(entry),
      log: silentLog,
      nowMs: () => performance.now() + aheadMs,
    });
    t.teardown(() => keeper.close());
    const firsts: EncodedPacket[] = [];
    const cursor = room.supervisor.open({ codecs: ['h264'], from: 'latest-key', maxLagMs: 5000, maxLagBytes: 8 << 20 });
    t.teardown(() => cursor.close());
    void (async () => {
      const never = new AbortController().signal;
      for (let one = await cursor.next(never); one !== undefined; one = await cursor.next(never)) {
        if (one.generation !== firsts.at(-1)?.generation) firsts.push(one);
      }
    })();
    const kbps = (): number => room.supervisor.settings.videoKbps;
    const output = () => outputs.snapshots()[0]!;
    const received = (): number => server.videoMessages();
    t.ok(await until(() => output().state === 'live' && received() > 60, 10_000));
    await sleep(2000);
    t.equal(kbps(), WANTED_KBPS, 'a wide link changes nothing');

    proxy.set({ kind: 'throttle', kbps: NARROW_KBPS });
    t.ok(await until(() => kbps() < WANTED_KBPS, 30_000), 'lowered');
    t.equal(kbps(), 840, 'by one step');
    aheadMs += 10_000;
    t.ok(await until(() => kbps() < 840, 20_000), 'and by another, since that was not enough');
    const narrow = async (): Promise<boolean> => {
      const dropped = output().packetsDropped;
      await sleep(2000);
      return output().packetsDropped > dropped || output().queue.ms > 800;
    };
    let tries = 0;
    while ((await narrow()) && tries < 10) tries += 1;
    t.ok(tries < 10, 'then everything gets through');
    const [before, made] = [received(), room.n - room.refused];
    await sleep(2000);
    const [pictures, frames] = [received() - before, room.n - room.refused - made];
    t.ok(pictures > frames * 0.75, `${pictures} pictures of ${frames} frames in two seconds`);

    proxy.set({ kind: 'none' });
    while (kbps() < WANTED_KBPS) {
      const from = kbps();
      await sleep(2200);
      aheadMs += 61_000;
      if (!t.ok(await until(() => kbps() > from, 5000), `raised from ${from} after a minute of calm`)) break;
    }
    t.ok(await until(() => firsts.length === entries.length + 1, 10_000), 'a generation each');

    const went = entries.map(({ action, detail }) => `${action} ${String(detail!['toKbps'])}`);
    t.strictSame(went.slice(0, 2), ['bitrate-down 840', 'bitrate-down 590']);
    t.equal(went.at(-1), `bitrate-up ${WANTED_KBPS}`);
    t.ok(
      firsts.every(({ key }) => key),
      'and each begins with an IDR',
    );
    t.equal(output().reconnects, 0);
    t.equal(server.commands().filter((name) => name === 'publish').length, 1, 'one publish');
    const times = server.videoTimes();
    const steps = times.slice(1).map((time, i) => time - times[i]!);
    t.ok(Math.min(...steps) > 0, 'timestamps rise throughout');
  },
);
