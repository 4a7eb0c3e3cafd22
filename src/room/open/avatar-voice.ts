import type { VoiceLink, VoiceLinkEvents } from '../../takeover/takeover-parts.js';
import type { AvatarDesk } from '../../external-avatar/avatar-desk.js';

/** The sound of an external avatar as the voice of a takeover: it is written down and judged like a microphone. */
export async function avatarVoice(
  desk: AvatarDesk,
  { onPcm, onGone }: VoiceLinkEvents,
  { ffmpegPath, delayMs }: { readonly ffmpegPath: string; readonly delayMs: number },
): Promise<VoiceLink> {
  const [{ VoiceDecoder }, { FlvVoiceDecoder, isAacConfig }] = await Promise.all([
    import('../../outputs/voice-in/voice-decoder.js'),
    import('../../outputs/voice-in/flv-voice-decoder.js'),
  ]);
  const options = { ffmpegPath, onPcm, onEnd: onGone };
  const opus = desk.state().source === 'whip' ? new VoiceDecoder(options) : undefined;
  let aac: InstanceType<typeof FlvVoiceDecoder> | undefined;
  const begin = (config: Uint8Array): void => {
    void aac?.close();
    aac = new FlvVoiceDecoder(options, config);
  };
  if (opus === undefined && desk.soundConfig !== undefined) begin(desk.soundConfig);
  desk.hear(
    {
      packet: (sequence, payload) => opus?.push(sequence, payload),
      tag: (tag) => {
        if (isAacConfig(tag)) begin(tag);
        else aac?.push(tag);
      },
    },
    delayMs,
  );
  return {
    get connected() {
      return desk.state().connected;
    },
    answer: () => Promise.resolve(''),
    close: async () => {
      desk.hear(undefined);
      await opus?.close();
      await aac?.close();
    },
  };
}
