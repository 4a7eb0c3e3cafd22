// Plays a WHEP endpoint in a <video> and reconnects. `token()` is empty while the page has none; with it a place is reserved.
export function playWhep(video, endpoint, onState, token) {
  let peer;
  let timer;
  let session;
  let wait = 500;
  let stopped = false;

  const again = () => {
    if (stopped) return;
    drop();
    onState('lost');
    timer = setTimeout(connect, wait);
    wait = Math.min(8000, wait * 1.7);
  };

  async function connect() {
    try {
      peer = new RTCPeerConnection();
      const mine = peer;
      const stream = new MediaStream();
      video.srcObject = stream;
      peer.addTransceiver('video', { direction: 'recvonly' });
      peer.addTransceiver('audio', { direction: 'recvonly' });
      peer.ontrack = ({ track }) => stream.addTrack(track);
      peer.onconnectionstatechange = () => {
        if (peer !== mine) return;
        if (mine.connectionState === 'connected') wait = 500;
        if (mine.connectionState === 'failed' || mine.connectionState === 'disconnected') again();
      };
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer, 1500);
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp', ...(token() ? { authorization: `Bearer ${token()}` } : {}) },
        body: mine.localDescription.sdp,
      });
      if (!answer.ok) throw new Error(`WHEP answered ${answer.status}`);
      session = answer.headers.get('location');
      await mine.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
      video.play().catch(() => onState('paused'));
    } catch {
      again();
    }
  }

  function drop() {
    clearTimeout(timer);
    // The engine ends a silent viewer by itself, so a failed request does not matter.
    if (session) fetch(session, { method: 'DELETE', keepalive: true }).catch(() => undefined);
    session = undefined;
    peer?.close();
    peer = undefined;
  }

  video.addEventListener('playing', () => onState('playing'));
  addEventListener('pagehide', () => {
    stopped = true;
    drop();
  });
  void connect();
}

function gathered(peer, timeoutMs) {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, timeoutMs);
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve());
  });
}
