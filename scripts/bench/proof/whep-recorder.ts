import { createWriteStream, type WriteStream } from 'node:fs';
import { EncodedAudioPacketSource, EncodedPacket, FilePathTarget, OggOutputFormat, Output } from 'mediabunny';
import { dePacketizeRtpPackets, type RTCPeerConnection, type RtpPacket } from 'werift';
import { viewerPeer } from './viewer-peer.js';

/** Pictures are assembled this many pictures late, so retransmitted packets find their place. */
const REORDER_PICTURES = 4;

/** Header of an Opus stream (RFC 7845, 5.1): version 1, two channels, no pre-skip, 48 kHz, mapping 0. */
const OPUS_HEAD = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])]);

/** A WebRTC viewer that records: H.264 as a byte stream, Opus in Ogg. */
export class WhepRecorder {
  /** Pictures with a missing packet, and all up to the next complete key picture. */
  lostPictures = 0;
  private readonly pictures = new Map<number, RtpPacket[]>();
  private readonly order: number[] = [];
  private readonly video: WriteStream;
  private nextSequence = -1;
  private waitForKey = true;
  private opus: Promise<void> = Promise.resolve();
  private opusPackets = 0;
  private firstOpus = -1;

  private constructor(
    private readonly peer: RTCPeerConnection,
    readonly videoFile: string,
    readonly soundFile: string,
    private readonly ogg: Output,
    private readonly sound: EncodedAudioPacketSource,
  ) {
    this.video = createWriteStream(videoFile);
  }

  static async start(whep: string, videoFile: string, soundFile: string): Promise<WhepRecorder> {
    const peer = await viewerPeer([{ type: 'nack' }, { type: 'nack', parameter: 'pli' }]);
    const sound = new EncodedAudioPacketSource('opus');
    const ogg = new Output({ format: new OggOutputFormat(), target: new FilePathTarget(soundFile) });
    ogg.addAudioTrack(sound);
    await ogg.start();
    const recorder = new WhepRecorder(peer, videoFile, soundFile, ogg, sound);
    peer.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) =>
        track.kind === 'video' ? recorder.takeVideo(packet) : recorder.takeSound(packet),
      );
    });
    const reply = await fetch(whep, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: peer.localDescription!.sdp,
    });
    if (reply.status !== 201) throw new Error(`WHEP answered ${reply.status}: ${await reply.text()}`);
    await peer.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
    return recorder;
  }

  async stop(): Promise<void> {
    await this.peer.close();
    while (this.order.length > 0) this.writeOldest();
    await new Promise<void>((resolve) => this.video.end(() => resolve()));
    await this.opus;
    if (this.opusPackets > 0) await this.ogg.finalize();
    else await this.ogg.cancel();
  }

  private takeVideo(packet: RtpPacket): void {
    const { timestamp } = packet.header;
    const known = this.pictures.get(timestamp);
    if (known !== undefined) {
      if (!known.some((p) => p.header.sequenceNumber === packet.header.sequenceNumber)) known.push(packet);
      return;
    }
    this.pictures.set(timestamp, [packet]);
    this.order.push(timestamp);
    this.order.sort((a, b) => (a - b) | 0);
    if (this.order.length > REORDER_PICTURES) this.writeOldest();
  }

  private writeOldest(): void {
    const timestamp = this.order.shift()!;
    const packets = this.pictures
      .get(timestamp)!
      .sort((a, b) => ((a.header.sequenceNumber - b.header.sequenceNumber) << 16) >> 16);
    this.pictures.delete(timestamp);
    const next = (p: RtpPacket): number => (p.header.sequenceNumber + 1) & 0xffff;
    let whole = packets.at(-1)!.header.marker;
    whole &&= this.nextSequence < 0 || this.nextSequence === packets[0]!.header.sequenceNumber;
    for (let i = 1; i < packets.length; i += 1) whole &&= next(packets[i - 1]!) === packets[i]!.header.sequenceNumber;
    this.nextSequence = next(packets.at(-1)!);
    const { data, isKeyframe } = dePacketizeRtpPackets('MPEG4/ISO/AVC', packets);
    if (!whole) this.waitForKey = true;
    else if (isKeyframe) this.waitForKey = false;
    // A decoder would conceal missing parts: such pictures differ from the sent ones.
    if (this.waitForKey) this.lostPictures += 1;
    else this.video.write(data);
  }

  private takeSound(packet: RtpPacket): void {
    const { timestamp } = packet.header;
    if (this.firstOpus < 0) this.firstOpus = timestamp;
    const seconds = ((timestamp - this.firstOpus) >>> 0) / 48_000;
    const encoded = new EncodedPacket(Buffer.from(packet.payload), 'key', seconds, 0.02);
    const first = this.opusPackets === 0;
    this.opusPackets += 1;
    const decoderConfig = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 2, description: OPUS_HEAD };
    this.opus = this.opus.then(() => this.sound.add(encoded, first ? { decoderConfig } : undefined));
  }
}
