import { roomUrl, send } from '../api/client';

/** Plays lines in the presenter's voice, one at a time. */
export class VoicePlayer {
  /** What is being fetched or played. */
  playing: string | null = $state(null);
  isLoading = $state(false);
  error: unknown = $state.raw(null);
  private audio: HTMLAudioElement | null = null;
  private stopFetch: AbortController | null = null;

  constructor(private readonly room: string) {}

  /** The same words again: stops. */
  async toggle(text: string, language?: string): Promise<void> {
    const isSame = this.playing === text;
    this.stop();
    if (isSame) return;
    this.playing = text;
    this.isLoading = true;
    this.error = null;
    const stop = new AbortController();
    this.stopFetch = stop;
    try {
      const body = { text: text.slice(0, 600), ...(language === undefined ? {} : { language }) };
      const wav = await (await send('POST', roomUrl(this.room, '/voice'), { body, signal: stop.signal })).blob();
      if (stop.signal.aborted) return;
      const address = URL.createObjectURL(wav);
      const audio = new Audio(address);
      this.audio = audio;
      audio.addEventListener('ended', () => {
        URL.revokeObjectURL(address);
        if (this.audio === audio) this.stop();
      });
      await audio.play();
      this.isLoading = false;
    } catch (refused) {
      if (stop.signal.aborted) return;
      this.stop();
      this.error = refused;
    }
  }

  stop(): void {
    this.stopFetch?.abort();
    this.audio?.pause();
    this.audio = null;
    this.playing = null;
    this.isLoading = false;
  }
}
