import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { WhepServer } from '../../src/outputs/whep/whep-server.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';
import { serveWhepPage } from './whep-page.js';
import { launchChromium, noChromium } from '../kit/chromium.js';

/** Plays the picture, and says how many frames of it were decoded. */
const PAGE = `<!doctype html><script>
async function play() {
  const pc = new RTCPeerConnection();
  window.pc = pc;
  pc.addTransceiver('video', { direction: 'recvonly' });
  await pc.setLocalDescription(await pc.createOffer());
  await new Promise((r) => { pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && r(); setTimeout(r, 1000); });
  const answer = await (await fetch('/whep', { method: 'POST', body: pc.localDescription.sdp })).text();
  await pc.setRemoteDescription({ type: 'answer', sdp: answer });
}
async function decoded() {
  for (const s of (await pc.getStats()).values()) if (s.type === 'inbound-rtp' && s.kind === 'video') return s.framesDecoded;
  return 0;
}
</script>`;

t.test('drops a viewer within 15 s after its browser vanished', { skip: noChromium }, async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const whep = new WhepServer({ source: room.supervisor, rate: room.rate, maxViewers: 2, log: silentLog });
  t.teardown(() => whep.close());
  const page = await serveWhepPage(PAGE, whep);
  t.teardown(() => page.close());
  const browser = await launchChromium(t);
  const tab = await browser.newPage();
  await tab.goto(page.url);
  await tab.evaluate('play()');
  let decoded = 0;
  const end = performance.now() + 20_000;
  while (decoded === 0 && performance.now() < end) decoded = (await tab.evaluate('decoded()')) as number;
  t.ok(decoded > 0, 'it is shown pictures');
  t.equal(whep.viewers(), 1);
  await browser.close();
  t.ok(await until(() => whep.viewers() === 0, 15_000));
});
