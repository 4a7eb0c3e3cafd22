/**
 * An avatar's engine gone mad, in a process of its own: it connects by WHIP, then sends far more packets than any engine,
 * with numbers that jump, and as many datagrams of garbage to the same port. Its parent hands the offer on and the answer back.
 */
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { MediaStreamTrack, RTCPeerConnection, RtpHeader } from 'werift';
import { h264Codec, opusCodec } from '../../../src/outputs/webrtc/peer-connections.js';

/** Every 10 ms: 4,000 packets and 8,000 datagrams of garbage a second. */
const EVERY_MS = 10;
const PACKETS = 40;
const GARBAGE = 80;
/** A fragment of a picture that never ends. */
const PAYLOAD = Buffer.concat([Buffer.from([0x7c, 0x05]), Buffer.alloc(1000, 1)]);

const engine = new RTCPeerConnection({
  codecs: { video: [h264Codec('42c01f')], audio: [opusCodec()] },
  iceServers: [],
  iceAdditionalHostAddresses: ['127.0.0.1'],
  bundlePolicy: 'max-bundle',
});
const { sender } = engine.addTransceiver(new MediaStreamTrack({ kind: 'video' }), { direction: 'sendonly' });
engine.addTransceiver(new MediaStreamTrack({ kind: 'audio' }), { direction: 'sendonly' });
await engine.setLocalDescription(await engine.createOffer());
const answered = new Promise<string>((resolve) => process.once('message', (sdp) => resolve(String(sdp))));
process.send!({ offer: engine.localDescription!.sdp });
const sdp = await answered;
await engine.setRemoteDescription({ type: 'answer', sdp });
const ports = [...sdp.matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) /gim)].map(([, , port]) => Number(port));
const garbage = createSocket('udp4');
let number = 0;
let sent = 0;
process.once('disconnect', () => process.exit());
await new Promise<void>((resolve) => {
  const look = setInterval(() => {
    if (engine.connectionState !== 'connected') return;
    clearInterval(look);
    resolve();
  }, 20);
});
process.send!({ sending: true });
setInterval(() => {
  for (let i = 0; i < PACKETS; i += 1) {
    // Every hundredth number is far from the one before.
    number = (number + (sent % 100 === 0 ? 20_000 : 1)) & 0xffff;
    sent += 1;
    const { payloadType } = sender.codec!;
    const header = new RtpHeader({
      ...{ ssrc: sender.ssrc, sequenceNumber: number, timestamp: sent * 3000, marker: false, payloadType },
    });
    void engine.dtlsTransports[0]!.sendRtp(PAYLOAD, header).catch(() => undefined);
  }
  for (let i = 0; i < GARBAGE; i += 1)
    for (const port of ports) garbage.send(randomBytes(64), port, '127.0.0.1', () => undefined);
}, EVERY_MS);
