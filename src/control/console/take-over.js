// The panel by which a person takes over the show: typed lines, quick phrases, a recording, the microphone.
const $ = (id) => document.getElementById(id);
const GATHER_MS = 1500;

let state;
let result = () => '';
let bad = false;
let microphone;
let token = () => '';
let word = (key) => key;

async function send(path, options = {}) {
  const { body, type = 'application/json', method = 'POST' } = options;
  const headers = { authorization: `Bearer ${token()}`, ...(body === undefined ? {} : { 'content-type': type }) };
  const reply = await fetch(path, { method, headers, body });
  const text = await reply.text();
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { sdp: text };
  }
  return { ok: reply.ok, answer, location: reply.headers.get('location') };
}

function tell(text, isBad = false) {
  result = text;
  bad = isBad;
  showTakeOver(undefined, word);
}

/** Tells why something failed; true when it did. */
function failed({ ok, answer }) {
  if (ok) return false;
  const { reason, error } = answer;
  const language = document.documentElement.lang;
  const why = () => (reason ? word('refused')(reason[language] ?? reason.en) : word('failed') + (error?.message ?? ''));
  tell(why, true);
  return true;
}

/** Shows a new state of the room, or the same one in another language. */
export function showTakeOver(next, words) {
  word = words;
  if (next !== undefined) state = next;
  if (state === undefined) return;
  const { on, mode, timedOut, noVoice, quickPhrases, voice } = state;
  const seconds = voice ? Math.round(voice.delayMs / 1000) : '';
  const says = !on
    ? word(timedOut ? 'takeOverIdle' : 'takeOverOff')
    : mode === 'microphone'
      ? word('takeOver-microphone')(seconds)
      : word(`takeOver-${mode}`);
  const dropped = on && voice?.unjudged > 0 ? ` ${word('unjudgedVoice')(voice.unjudged)}` : '';
  const off = noVoice ? ` ${word('noVoice')(noVoice)}` : '';
  $('take-over-state').textContent = says + dropped + off;
  $('take-microphone').textContent = word(microphone ? 'takeMicrophoneOff' : 'takeMicrophone');
  $('take-microphone').disabled = Boolean(noVoice);
  $('take-file').disabled = Boolean(noVoice);
  $('give-back').disabled = !on;
  for (const [id, wanted] of [
    ['take-text', 'text'],
    ['take-microphone', 'microphone'],
    ['take-file', 'audio'],
  ])
    $(id).dataset.on = String(on && mode === wanted);
  $('take-say').hidden = !on;
  $('take-say-text').placeholder = word('takeSayHint');
  $('take-over-result').textContent = result();
  $('take-over-result').classList.toggle('bad', bad);
  const list = $('quick-phrases');
  list.hidden = !on || quickPhrases.length === 0;
  const key = JSON.stringify(quickPhrases);
  if (list.dataset.key !== key) {
    list.dataset.key = key;
    list.replaceChildren(
      ...quickPhrases.map(({ id, text }) => {
        const button = document.createElement('button');
        button.textContent = text;
        button.dataset.phrase = id;
        return button;
      }),
    );
  }
}

async function begin(mode) {
  const reply = await send('/api/takeover', { body: JSON.stringify({ mode }) });
  if (failed(reply)) return false;
  tell(() => '');
  showTakeOver(reply.answer, word);
  return true;
}

async function say(what) {
  const reply = await send('/api/takeover/say', { body: JSON.stringify(what) });
  if (failed(reply)) return false;
  tell(() => word('queued'));
  return true;
}

async function openMicrophone() {
  if (!(await begin('microphone'))) return;
  let stream;
  try {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    stream = await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    return tell(() => word('failed') + error.message, true);
  }
  const peer = new RTCPeerConnection();
  microphone = { peer, stream };
  const [track] = stream.getAudioTracks();
  peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  peer.onconnectionstatechange = () => {
    if (microphone?.peer !== peer) return;
    if (peer.connectionState === 'connected') tell(() => word('microphoneOn'));
    if (peer.connectionState === 'failed' || peer.connectionState === 'disconnected') {
      closeMicrophone();
      tell(() => word('microphoneLost'), true);
    }
  };
  await peer.setLocalDescription(await peer.createOffer());
  await gathered(peer);
  const reply = await send('/whip/takeover', { body: peer.localDescription.sdp, type: 'application/sdp' });
  if (failed(reply)) return closeMicrophone();
  microphone.session = reply.location;
  await peer.setRemoteDescription({ type: 'answer', sdp: reply.answer.sdp });
}

function closeMicrophone() {
  const { peer, stream, session } = microphone ?? {};
  microphone = undefined;
  // The engine ends a silent microphone by itself, so a failed request does not matter.
  const headers = { authorization: `Bearer ${token()}` };
  if (session) fetch(session, { method: 'DELETE', headers, keepalive: true }).catch(() => undefined);
  for (const track of stream?.getTracks() ?? []) track.stop();
  peer?.close();
  showTakeOver(undefined, word);
}

async function play(file) {
  if (!file || !(state?.on || (await begin('audio')))) return;
  tell(() => word('recordingJudged'));
  const type = file.type.startsWith('audio/') ? file.type : 'application/octet-stream';
  const reply = await send('/api/takeover/audio', { body: file, type });
  if (failed(reply)) return;
  const { durationMs, text, hits } = reply.answer;
  const muted = hits.length;
  tell(
    () => word('recordingPlays')(Math.round(durationMs / 1000), text) + (muted ? word('recordingMuted')(muted) : ''),
  );
}

function gathered(peer) {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, GATHER_MS);
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve());
  });
}

/** Once, when the page has loaded. */
export function startTakeOver(currentToken, words) {
  token = currentToken;
  word = words;
  const oops = (error) => tell(() => word('failed') + error.message, true);
  $('take-text').addEventListener('click', () => begin('text').catch(oops));
  $('take-microphone').addEventListener('click', () => (microphone ? closeMicrophone() : openMicrophone().catch(oops)));
  $('take-file').addEventListener('click', () => $('take-file-input').click());
  $('take-file-input').addEventListener('change', ({ target }) => {
    play(target.files[0]).catch(oops);
    target.value = '';
  });
  $('give-back').addEventListener('click', async () => {
    closeMicrophone();
    const reply = await send('/api/takeover', { method: 'DELETE' }).catch(oops);
    if (reply && !failed(reply)) {
      tell(() => '');
      showTakeOver(reply.answer, word);
    }
  });
  $('quick-phrases').addEventListener('click', ({ target }) => {
    const { phrase } = target.dataset;
    if (phrase) say({ phrase }).catch(oops);
  });
  $('take-say').addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = $('take-say-text').value.trim();
    if (text && (await say({ text }).catch(oops))) $('take-say-text').value = '';
  });
  addEventListener('pagehide', () => microphone && closeMicrophone());
}
