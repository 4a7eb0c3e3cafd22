import { EngineError } from '../../core/errors.js';

const MAX_SDP_BYTES = 64 << 10;

/**
 * Checks a viewer's offer before the WebRTC stack does, for clear error texts.
 *
 * @throws EngineError E_SDP_INVALID
 */
export function checkOffer(sdp: string): void {
  const bad = (expected: string, found: string, todo = 'send the offer of a recvonly peer connection'): EngineError =>
    new EngineError('E_SDP_INVALID', { where: 'WHEP offer', expected, found, todo });
  if (sdp.length > MAX_SDP_BYTES) throw bad(`at most ${MAX_SDP_BYTES} bytes`, `${sdp.length}`);
  if (!/^v=0\r?\n/.test(sdp)) throw bad('an SDP that starts with v=0', JSON.stringify(sdp.slice(0, 20)));
  if (!/^m=video /m.test(sdp)) throw bad('a video section', 'none');
  if (!/^a=ice-ufrag:/m.test(sdp) || !/^a=fingerprint:/m.test(sdp)) {
    throw bad('a WebRTC offer with ICE and DTLS', 'no ICE or DTLS attributes');
  }
  if (!/^a=rtpmap:\d+ H264\/90000/im.test(sdp)) {
    throw bad('H264 among the video codecs', 'no H264', 'use a browser that decodes H.264');
  }
  if (!/^a=fmtp:\d+ .*packetization-mode=1/m.test(sdp)) throw bad('H264 with packetization-mode=1', 'only mode 0');
  if (!/^a=(recvonly|sendrecv)\s*$/m.test(sdp)) throw bad('a section that receives', 'none');
}

/**
 * Removes the candidates whose address a browser hides (RFC 8828, names that end in .local). Resolving such a name over
 * multicast takes ten seconds and is not needed: the browser's own checks come from that address.
 */
export function withoutHiddenAddresses(sdp: string): string {
  return sdp.replace(/^a=candidate:[^\r\n]*\r?\n?/gm, (line) => (isHiddenAddress(line) ? '' : line));
}

/** Whether a candidate line's address is an mDNS name. */
export const isHiddenAddress = (line: string): boolean => /^(a=)?candidate:\S+ \d+ \S+ \d+ \S+\.local\.? /i.test(line);

/** Candidate lines of a trickle fragment (RFC 8840), each with its mid. */
export function fragmentCandidates(fragment: string): { candidate: string; mid: string | undefined }[] {
  const found: { candidate: string; mid: string | undefined }[] = [];
  let mid: string | undefined;
  for (const line of fragment.split(/\r?\n/)) {
    const m = /^a=(mid|candidate):(.*)$/.exec(line.trim());
    if (m?.[1] === 'mid') mid = m[2];
    else if (m?.[1] === 'candidate') found.push({ candidate: `candidate:${m[2]}`, mid });
  }
  return found;
}
