import { send } from '../api/client';

export type WhepState = 'connecting' | 'playing' | 'paused' | 'lost';

export interface WhepOptions {
  readonly video: HTMLVideoElement;
  /** Where offers are posted: `engineUrl(room, '/whep')`. */
  readonly endpoint: string;
  readonly onstate: (state: WhepState) => void;
}

const GATHER_MS = 1500;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/** Plays a WHEP endpoint in a `<video>` and connects again after a cut; returns a function that ends it. */
export function playWhep({ video, endpoint, onstate }: WhepOptions): () => void {
  let peer: RTCPeerConnection | undefined;
  let session: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = FIRST_WAIT_MS;
  let stopped = false;

  const drop = (): void => {
    clearTimeout(timer);
    // The engine ends a silent viewer by itself, so a failed request does not matter.
    if (session !== null) void send('DELETE', session).catch(() => undefined);
    session = null;
    peer?.close();
    peer = undefined;
  };
  const again = (): void => {
    if (stopped) return;
    drop();
    onstate('lost');
    timer = setTimeout(() => void connect(), waitMs);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.7);
  };

  async function connect(): Promise<void> {
    try {
      const mine = new RTCPeerConnection();
      peer = mine;
      const stream = new MediaStream();
      video.srcObject = stream;
      mine.addTransceiver('video', { direction: 'recvonly' });
      mine.addTransceiver('audio', { direction: 'recvonly' });
      mine.ontrack = ({ track, receiver }) => {
        // A desk shows what is on air now; a player's usual buffer would add a quarter of a second.
        if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
        stream.addTrack(track);
      };
      mine.onconnectionstatechange = () => {
        if (peer !== mine) return;
        if (mine.connectionState === 'connected') waitMs = FIRST_WAIT_MS;
        if (mine.connectionState === 'failed' || mine.connectionState === 'disconnected') again();
      };
      await mine.setLocalDescription(await mine.createOffer());
      await gathered(mine);
      const reply = await send('POST', endpoint, {
        body: mine.localDescription?.sdp ?? '',
        headers: { 'content-type': 'application/sdp' },
      });
      session = reply.headers.get('location');
      if (stopped) return drop();
      await mine.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
      await video.play().catch(() => onstate('paused'));
    } catch {
      again();
    }
  }

  const playing = (): void => onstate('playing');
  const stop = (): void => {
    stopped = true;
    video.removeEventListener('playing', playing);
    removeEventListener('pagehide', stop);
    drop();
    video.srcObject = null;
  };
  video.addEventListener('playing', playing);
  addEventListener('pagehide', stop);
  onstate('connecting');
  void connect();
  return stop;
}

/** Resolves when the candidates are known, or after a while. */
export function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_MS);
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve());
  });
}
