import { spawnSync } from 'node:child_process';
import {
  dePacketizeRtpPackets,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtcpSrPacket,
  type RtcpSenderInfo,
  type RtpPacket,
} from 'werift';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { WhepServer } from '../../src/outputs/whep/whep-server.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';
import { oggOpus } from './ogg-opus.js';

const ffmpeg = (await findFfmpeg()).path;
const WIDTH = 160;
const HEIGHT = 96;
const BEEPS = 2;

interface Received {
  readonly packets: RtpPacket[];
  report: RtcpSenderInfo | undefined;
}

// A browser leaves up to 30 ms between sound and picture, and drops frames when it is busy
// (test/on-air/whep-browser.test.ts). This is what leaves the engine: times by which a receiver could be exact.
t.test('sends a flash and its beep over WHEP with the same time in the sender reports', async (t) => {
  const room = await SyntheticRoom.start({ width: WIDTH, height: HEIGHT });
  t.teardown(() => room.close());
  const whep = new WhepServer({ source: room.supervisor, rate: room.rate, maxViewers: 1, log: silentLog });
  t.teardown(() => whep.close());
  const peer = receiver();
  t.teardown(() => peer.close());
  const got = { video: stream(), audio: stream() };
  peer.onTrack.subscribe((track) => {
    const mine = got[track.kind === 'video' ? 'video' : 'audio'];
    track.onReceiveRtp.subscribe((packet) => mine.packets.push(packet.clone()));
    track.onReceiveRtcp.subscribe((packet) => {
      if (packet instanceof RtcpSrPacket) mine.report = packet.senderInfo;
    });
  });
  await peer.setLocalDescription(await peer.createOffer());
  const { answer } = await whep.offer(peer.localDescription!.sdp);
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  const enough = (): boolean =>
    got.audio.packets.length > (BEEPS + 1.5) * 50 && got.video.report !== undefined && got.audio.report !== undefined;
  t.ok(await until(enough, 20_000), 'seconds of both, and a report of each');

  const flashes = flashTimes(got.video).map((time) => seconds(time, 90_000, got.video.report!));
  const beeps = beepTimes(got.audio).map((time) => seconds(time, 48_000, got.audio.report!));
  t.ok(beeps.length >= BEEPS, `${beeps.length} beeps`);
  const offsetsMs = beeps.map((beep) =>
    flashes.map((flash) => (beep - flash) * 1000).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), Infinity),
  );
  t.ok(
    offsetsMs.every((ms) => Math.abs(ms) < MAX_MS),
    `beep after flash: ${offsetsMs.map((ms) => ms.toFixed(2))} ms`,
  );
});

/** Of a codec whose blocks are 2.5 ms where a sound begins. */
const MAX_MS = 2.5;

const stream = (): Received => ({ packets: [], report: undefined });

function receiver(): RTCPeerConnection {
  const h264 = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';
  const peer = new RTCPeerConnection({
    bundlePolicy: 'max-bundle',
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    codecs: {
      video: [new RTCRtpCodecParameters({ mimeType: 'video/H264', clockRate: 90_000, parameters: h264 })],
      audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 })],
    },
  });
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  return peer;
}

/** Time of day of an RTP timestamp. */
function seconds(timestamp: number, rate: number, { ntpTimestamp, rtpTimestamp }: RtcpSenderInfo): number {
  return Number(ntpTimestamp) / 2 ** 32 + ((timestamp - rtpTimestamp) | 0) / rate;
}

function decode(input: Buffer, format: string, output: readonly string[]): Buffer {
  const args = ['-loglevel', 'error', '-f', format, '-i', 'pipe:0', ...output, 'pipe:1'];
  const { stdout, stderr, status } = spawnSync(ffmpeg, args, { input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

/** RTP timestamps of the pictures in which it becomes bright. */
function flashTimes({ packets }: Received): number[] {
  const frames = new Map<number, RtpPacket[]>();
  for (const packet of packets) {
    const { timestamp } = packet.header;
    frames.set(timestamp, [...(frames.get(timestamp) ?? []), packet]);
  }
  const units = [...frames].map(([timestamp, parts]) => ({
    ...dePacketizeRtpPackets('MPEG4/ISO/AVC', parts),
    timestamp,
  }));
  const whole = units.slice(
    units.findIndex(({ isKeyframe }) => isKeyframe),
    -1,
  );
  const bitstream = Buffer.concat(whole.map(({ data }) => data));
  const luma = decode(bitstream, 'h264', ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray']);
  const bright = whole.map((_, i) => luma[i * WIDTH * HEIGHT + 8]! > 140);
  return whole.flatMap(({ timestamp }, i) => (i > 0 && bright[i] && !bright[i - 1] ? [timestamp] : []));
}

/** RTP timestamps at which it becomes loud. */
function beepTimes({ packets }: Received): number[] {
  const pcm = decode(oggOpus(packets.map(({ payload }) => payload)), 'ogg', [
    '-f',
    'f32le',
    '-ar',
    '48000',
    '-ac',
    '1',
  ]);
  const sound = new Float32Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.length & ~3)));
  const times: number[] = [];
  let quietFor = 0;
  for (const [i, v] of sound.entries()) {
    // The first packets come out of an encoder and a decoder that have heard nothing yet.
    if (Math.abs(v) > 0.05 && quietFor > 24_000 && i > 9600) {
      times.push(packets[Math.floor(i / 960)]!.header.timestamp + (i % 960));
    }
    quietFor = Math.abs(v) > 0.05 ? 0 : quietFor + 1;
  }
  return times;
}
