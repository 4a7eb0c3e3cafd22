import { createServer, type Server } from 'node:http';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { RoomHandle } from '../../../src/config/api/room-handle.js';
import { UdpProxy } from './udp-proxy.js';

const CHROMIUM = '/usr/bin/chromium';
const PAGE = `<!doctype html><video id="v" autoplay muted playsinline></video><script>
async function play() {
  const pc = (window.pc = new RTCPeerConnection());
  const stream = new MediaStream();
  for (const kind of ['video', 'audio']) pc.addTransceiver(kind, { direction: 'recvonly' });
  pc.ontrack = (e) => { stream.addTrack(e.track); v.srcObject = stream; };
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await (await fetch('/whep', { method: 'POST', body: pc.localDescription.sdp })).text();
  await pc.setRemoteDescription({ type: 'answer', sdp: answer });
}
async function seen() {
  const out = { state: pc.connectionState, frames: 0, freezeMs: 0, lost: 0 };
  for (const s of (await pc.getStats()).values()) {
    if (s.type === 'inbound-rtp' && s.kind === 'video')
      Object.assign(out, { frames: s.framesDecoded, freezeMs: Math.round(1000 * (s.totalFreezesDuration || 0)), lost: s.packetsLost });
  }
  return out;
}
</script>`;

export interface ViewerSeen {
  readonly state: string;
  readonly frames: number;
  readonly freezeMs: number;
  readonly lost: number;
}

/** A browser that watches the room over WebRTC, through a proxy that can drop datagrams. */
export class WhepViewerPage {
  private constructor(
    private readonly browser: Browser,
    private readonly tab: Page,
    private readonly server: Server,
    readonly proxy: UdpProxy,
  ) {}

  static async open(room: RoomHandle): Promise<WhepViewerPage> {
    if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is needed: apt install chromium`);
    const proxy = new UdpProxy();
    const port = await proxy.listen();
    const server = createServer((request, response) => {
      if (request.method !== 'POST') return void response.setHeader('content-type', 'text/html').end(PAGE);
      let offer = '';
      request.on('data', (chunk: Buffer) => (offer += chunk.toString()));
      request.on('end', () => void answerThrough(offer).then((answer) => response.end(answer)));
    });
    const answerThrough = async (offer: string): Promise<string> => {
      // The proxy is the only route between the two sides.
      const { answer } = await room.whepOffer(offer.replaceAll(/^a=candidate:.*\r\n/gm, ''), {
        holdsToken: true,
        address: '127.0.0.1',
      });
      const far = /^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host/im.exec(answer)?.[1];
      proxy.connect(Number(far));
      const line = `a=candidate:1 1 udp 2130706431 127.0.0.1 ${port} typ host\r\n`;
      const bare = answer.replaceAll(/^a=candidate:.*\r\n/gm, '');
      return bare.replaceAll(/^a=mid:.*\r\n/gm, (mid) => mid + line);
    };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const args = ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'];
    const browser = await chromium.launch({ executablePath: CHROMIUM, args });
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await tab.evaluate('play()');
    return new WhepViewerPage(browser, tab, server, proxy);
  }

  async seen(): Promise<ViewerSeen> {
    return (await this.tab.evaluate('seen()')) as ViewerSeen;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    this.proxy.close();
  }
}
