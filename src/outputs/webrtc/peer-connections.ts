/*
 * Problem: werift keeps a state for each stream number (SSRC) that a peer sends under, for as long as the connection lives,
 * and writes down each packet of a gap as lost: one jump of the packet numbers, or a late packet at their wrap, costs tens of milliseconds.
 * Rule: a connection with more streams than any sender has is ended, and a jump of the packet numbers is no loss.
 * Numbers: a sender has two streams and restarts each a few times an hour; 150 packets are half a second of 1080p, and
 * older ones are not sent again.
 */
import { type RTCPeerConnection, RTCRtpCodecParameters, type RTCRtpReceiver, type RtpPacket } from 'werift';

/*
 * Problem: werift takes every datagram of its ports on the main thread and tries to decrypt it, whoever sent it: a peer gone
 * mad, or a stranger who found the port, holds up the whole room.
 * Rule: after the connection is made only its peer's datagrams count, no more than a sender needs; a peer that goes on
 * beyond that is ended, and strangers who go on are shut out by the kernel, where they cost nothing.
 * Numbers: 3,000 datagrams of 1,200 bytes are 29 Mbit/s; a key frame comes as a burst of up to 1.8 MB.
 */

const MAX_PER_SECOND = 3000;
const MAX_BURST = 1500;
/** Checks of the connection (STUN) from addresses other than the peer's. */
const MAX_STRANGERS_PER_SECOND = 100;
/** Beyond this the ports are closed to strangers. */
const MAX_STRANGE_DATAGRAMS = 1000;
/** Looks, one a second, at which datagrams were lost because of the limit, before the peer counts as a flood. */
const FLOOD_LOOKS = 3;
const LOOK_MS = 1000;
/** First byte of the kinds of datagram that share a port (RFC 7983): below this is STUN. */
const ABOVE_STUN = 4;

type Address = readonly [host: string, port: number];
type IceConnection = RTCPeerConnection['iceTransports'][number]['connection'];

interface DatagramSocket {
  connect(port: number, host: string, connected: (error?: Error) => void): void;
  send(data: Uint8Array): void;
}

interface Port {
  readonly type: string;
  readonly socket: DatagramSocket;
  onData: (data: Buffer, from: Address) => void;
  send: (data: Buffer, to?: Address) => Promise<void>;
  close(): Promise<void>;
}

interface Door {
  readonly ice: IceConnection;
  readonly port: Port;
  isShut: boolean;
  /** Where the peer's last datagram since the last look came from. */
  peer: Address | undefined;
}

/** Tokens that come back evenly, `perSecond` of them, and at most `burst` at once. */
class Allowance {
  private left: number;
  private atMs = performance.now();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.left = burst;
  }

  take(): boolean {
    const nowMs = performance.now();
    this.left = Math.min(this.burst, this.left + ((nowMs - this.atMs) / 1000) * this.perSecond);
    this.atMs = nowMs;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}

/** Limits the datagrams of a connection whose description is set. `onFlood` is called once; clear the timer at the end. */
export function limitDatagrams(connection: RTCPeerConnection, onFlood: () => void): NodeJS.Timeout {
  const peers = new Allowance(MAX_PER_SECOND, MAX_BURST);
  const strangers = new Allowance(MAX_STRANGERS_PER_SECOND, MAX_STRANGERS_PER_SECOND);
  let dropped = 0;
  let strange = 0;
  let floodLooks = 0;
  let flooded = false;
  let peerKnown = false;
  const doors = connection.iceTransports.flatMap(({ connection: ice }) =>
    portsOf(ice).map((port) => ({ ice, port, isShut: false, peer: undefined }) as Door),
  );
  for (const door of doors) {
    const take = door.port.onData;
    door.port.onData = (data, from) => {
      const isPeer = isPeerOf(door.ice, from);
      peerKnown ||= isPeer && door.ice.nominated !== undefined;
      if (isPeer) door.peer = from;
      if (isPeer || !peerKnown) {
        if (peers.take()) take(data, from);
        else dropped += 1;
        return;
      }
      strange += 1;
      if (data.length > 0 && data[0]! < ABOVE_STUN && strangers.take()) take(data, from);
    };
  }
  return setInterval(() => {
    floodLooks = dropped > 0 ? floodLooks + 1 : 0;
    if (strange > MAX_STRANGE_DATAGRAMS) for (const door of doors) shutOut(door);
    for (const door of doors) door.peer = undefined;
    dropped = 0;
    strange = 0;
    if (floodLooks < FLOOD_LOOKS || flooded) return;
    flooded = true;
    onFlood();
  }, LOOK_MS);
}

/**
 * Lets the kernel drop all datagrams but the peer's: a port that neither side uses is closed. Each side may have settled
 * on another pair, so the peer's packets and ours can go through two ports.
 */
function shutOut(door: Door): void {
  const { ice, port, peer } = door;
  const { nominated } = ice;
  if (door.isShut || nominated === undefined) return;
  const isOurs = (nominated.protocol as unknown as { transport: unknown }).transport === port;
  const to = isOurs ? nominated.remoteAddr : peer;
  if (to === undefined) {
    door.isShut = true;
    void port.close();
    return;
  }
  if (peer !== undefined && (peer[0] !== to[0] || peer[1] !== to[1])) return;
  door.isShut = true;
  port.socket.connect(to[1], to[0], (error) => {
    // An address that cannot be connected keeps its limits.
    if (error !== undefined) return;
    // A connected socket refuses an address, even its own peer's.
    port.send = async (data) => port.socket.send(data);
  });
}

/** Of any pair: a sender may use another one than the connection has settled on. */
function isPeerOf({ nominated, candidatePairs }: IceConnection, [host, number]: Address): boolean {
  const fits = ({ remoteAddr }: { remoteAddr: Address }): boolean => remoteAddr[1] === number && remoteAddr[0] === host;
  return (nominated !== undefined && fits(nominated)) || candidatePairs.some(fits);
}

/** UDP ports of a connection: private to werift. */
function portsOf(ice: IceConnection): Port[] {
  const { protocols } = ice as unknown as { protocols: readonly { transport?: Port }[] };
  return protocols.flatMap(({ transport }) => (transport?.type === 'udp' ? [transport] : []));
}

/** DTLS 1.2 has six flights (RFC 6347, section 4.2.4): in the last one nothing is left to retransmit. */
const BEYOND_LAST_FLIGHT = 7;

/**
 * Stops the handshakes of a closed connection: werift retransmits an unanswered flight for 33 seconds even after close,
 * which keeps the process alive.
 */
export function endHandshakes(connection: RTCPeerConnection): void {
  for (const { dtls } of connection.dtlsTransports) {
    if (dtls !== undefined) dtls.dtls.flight = BEYOND_LAST_FLIGHT;
  }
}

const FEEDBACK = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'goog-remb' }];

/** H.264 as the room packetizes it; `profile` is `profile-level-id`, constrained baseline 3.1 by default. */
export const h264Codec = (profile = '42e01f'): RTCRtpCodecParameters =>
  new RTCRtpCodecParameters({
    mimeType: 'video/H264',
    clockRate: 90_000,
    rtcpFeedback: FEEDBACK,
    parameters: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`,
  });

export const opusCodec = (): RTCRtpCodecParameters =>
  new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 });

const MAX_STREAMS = 64;
const MAX_GAP = 150;

/** Whether a peer has sent under more numbers than a sender needs; look now and then. */
export function sendsTooManyStreams({ dtlsTransports }: Pick<RTCPeerConnection, 'dtlsTransports'>): boolean {
  for (const { srtp } of dtlsTransports) {
    let streams = 0;
    for (const _ in srtp?.remoteContext?.srtpSSRCStates) if ((streams += 1) > MAX_STREAMS) return true;
  }
  return false;
}

/** Lets the receiver ask again for the packets of short gaps alone. */
export function limitLosses(receiver: RTCRtpReceiver): void {
  const nack = receiver['nack'];
  const add = nack.addPacket.bind(nack);
  let newest: number | undefined;
  nack.addPacket = (packet: RtpPacket) => {
    const { sequenceNumber } = packet.header;
    const step = (sequenceNumber - (newest ?? sequenceNumber)) & 0xffff;
    // A packet that was sent again, or is late.
    if (newest !== undefined && (step === 0 || step >= 0x10000 - MAX_GAP)) return nack.removeLost(sequenceNumber);
    newest = sequenceNumber;
    // A jump; or the wrap, of which werift knows nothing.
    if (step > MAX_GAP || sequenceNumber < nack['newEstSeqNum']) nack['newEstSeqNum'] = sequenceNumber;
    else add(packet);
  };
}
