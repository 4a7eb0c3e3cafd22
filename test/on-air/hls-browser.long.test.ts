import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onAir, probePackets, templateRoom, until } from '../kit/on-air.js';
import { launchChromium, noChromium } from '../kit/chromium.js';

interface Seen {
  readonly width: number;
  readonly time: number;
  readonly frames: number;
  readonly sound: number;
  readonly error: string;
}

/** As a phone's page does it: the playlist as the video's source. */
const PAGE = `<!doctype html><video id="v" muted playsinline crossorigin></video><script>
function play(url) { v.src = url; return v.play().catch((e) => String(e)); }
function seen() {
  const q = v.getVideoPlaybackQuality();
  return { width: v.videoWidth, time: v.currentTime, frames: q.totalVideoFrames, sound: v.webkitAudioDecodedByteCount || 0,
    error: v.error ? v.error.message : '' };
}
</script>`;

t.test('plays the room over HLS in a browser while it is recorded', { skip: noChromium }, async (t) => {
  const room = templateRoom('minimal');
  const dir = t.testdir();
  const outputs = [
    { id: 'phone', kind: 'hls' },
    { id: 'tape', kind: 'recording', dir },
  ];
  const { live, url } = await onAir(t, { ...room, outputs });
  const states = (): Record<string, string> =>
    Object.fromEntries(live.snapshot().outputs.map((one) => [one.id, one.state]));
  await until('both outputs are live', () => states()['phone'] === 'live' && states()['tape'] === 'live', 20_000);
  const playlist = `${url}/hls/phone/index.m3u8`;
  await until('there is enough to begin with', async () => (await fetch(playlist)).ok, 20_000);
  const browser = await launchChromium(t);
  try {
    const tab = await browser.newPage();
    await tab.goto(`${url}/healthz`);
    await tab.setContent(PAGE);
    const native = await tab.evaluate(`v.canPlayType('application/vnd.apple.mpegurl')`);
    t.comment(`canPlayType: ${String(native)}`);
    t.equal(await tab.evaluate(`play('${playlist}')`), undefined);
    const seen = async (): Promise<Seen> => (await tab.evaluate('seen()')) as Seen;
    let now = await seen();
    const first = now.time;
    await until(
      'it plays for four seconds',
      async () => {
        now = await seen();
        return now.time > first + 4 && now.frames > 60;
      },
      30_000,
    ).catch((e: unknown) => t.fail(String(e), now));
    t.equal(now.width, live.snapshot().width);
    t.ok(now.sound > 10_000, 'with sound');
    t.equal(now.error, '');
  } finally {
    await browser.close();
  }
  await live.close();
  const packets = await probePackets(
    join(
      dir,
      readdirSync(dir).find((name) => name.endsWith('.mp4'))!,
    ),
  );
  t.ok(packets.filter(({ kind }) => kind === 'video').length > 60, 'the recording has the pictures');
  t.ok(packets.filter(({ kind }) => kind === 'audio').length > 100, 'and the sound');
});
