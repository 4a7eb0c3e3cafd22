import { EngineError } from '../../core/errors.js';

const MAX_SDP_BYTES = 64 << 10;
const DEFAULT_PROFILE = '42e01f';

/** Checks the offer of an engine that sends an avatar, for clear error texts. Throws E_SDP_INVALID. */
export function checkAvatarOffer(sdp: string): void {
  if (sdp.length > MAX_SDP_BYTES) throw bad(`at most ${MAX_SDP_BYTES} bytes`, `${sdp.length}`);
  if (!/^v=0\r?\n/.test(sdp)) throw bad('an SDP that starts with v=0', JSON.stringify(sdp.slice(0, 20)));
  if ((sdp.match(/^m=video /gm) ?? []).length !== 1) throw bad('one video section', 'another number');
  if ((sdp.match(/^m=/gm) ?? []).length > 2 || (sdp.match(/^m=audio /gm) ?? []).length > 1)
    throw bad('one video section, and one audio section or none', 'other sections');
  if (!/^a=ice-ufrag:/m.test(sdp) || !/^a=fingerprint:/m.test(sdp))
    throw bad('a WebRTC offer with ICE and DTLS', 'no ICE or DTLS attributes');
  if (!/^a=rtpmap:\d+ H264\/90000/im.test(sdp)) throw bad('H264 among the video codecs', 'no H264');
  if (!/^a=(sendonly|sendrecv)\s*$/m.test(sdp)) throw bad('a section that sends', 'none');
}

/** Profile of the first H.264 in packetization mode 1, as the sender will encode it. */
export function offeredProfile(sdp: string): string {
  const line = /^a=fmtp:\d+ .*packetization-mode=1.*$/im.exec(sdp)?.[0] ?? '';
  return /profile-level-id=([0-9a-f]{6})/i.exec(line)?.[1]?.toLowerCase() ?? DEFAULT_PROFILE;
}

export const bad = (expected: string, found: string): EngineError =>
  new EngineError('E_SDP_INVALID', {
    where: 'WHIP offer of an avatar',
    expected,
    found,
    todo: 'send the offer of a sendonly peer connection with one H.264 track, and one Opus track if there is sound',
  });
