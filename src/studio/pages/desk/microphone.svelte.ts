import { send } from '../../api/client';
import { gathered } from '../../lib/whep';

interface Session {
  readonly peer: RTCPeerConnection;
  readonly stream: MediaStream;
  /** Address that ends it, once the engine has answered. */
  address: string | null;
}

/** A person's voice on its way to the show, by WHIP. */
export class Microphone {
  private session: Session | null = $state.raw(null);

  constructor(private readonly onlost: () => void) {}

  get isOn(): boolean {
    return this.session !== null;
  }

  async open(url: string): Promise<void> {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    const peer = new RTCPeerConnection();
    const session: Session = { peer, stream, address: null };
    this.session = session;
    const [track] = stream.getAudioTracks();
    peer.addTransceiver(track!, { direction: 'sendonly', streams: [stream] });
    peer.onconnectionstatechange = () => {
      if (this.session !== session) return;
      if (peer.connectionState !== 'failed' && peer.connectionState !== 'disconnected') return;
      this.hangUp();
      this.onlost();
    };
    try {
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const reply = await send('POST', url, {
        body: peer.localDescription?.sdp ?? '',
        headers: { 'content-type': 'application/sdp' },
      });
      session.address = reply.headers.get('location');
      await peer.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
    } catch (error) {
      this.hangUp();
      throw error;
    }
  }

  hangUp(): void {
    const { session } = this;
    this.session = null;
    if (session === null) return;
    // The engine ends a silent microphone by itself, so a failed request does not matter.
    if (session.address !== null) void send('DELETE', session.address).catch(() => undefined);
    for (const track of session.stream.getTracks()) track.stop();
    session.peer.close();
  }
}
