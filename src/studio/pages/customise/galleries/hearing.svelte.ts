/** One sound at a time: another press of the same stops it. */
export class Hearing {
  /** Name of the sound that is heard. */
  sounding: string | null = $state(null);
  private player: HTMLAudioElement | undefined;
  private release: (() => void) | undefined;

  /** `open` resolves to an address, or to bytes that are let go of afterwards. */
  async toggle(name: string, open: () => string | Promise<Blob>): Promise<void> {
    const again = this.sounding === name;
    this.stop();
    if (again) return;
    const source = await open();
    const url = typeof source === 'string' ? source : URL.createObjectURL(source);
    this.stop(); // another may have begun meanwhile
    if (typeof source !== 'string') this.release = () => URL.revokeObjectURL(url);
    this.player = new Audio(url);
    this.player.onended = () => this.stop();
    this.sounding = name;
    try {
      await this.player.play();
    } catch (error) {
      // Stopped before it could begin: nobody waits for it.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.stop();
      throw error;
    }
  }

  stop(): void {
    this.player?.pause();
    this.player = undefined;
    this.release?.();
    this.release = undefined;
    this.sounding = null;
  }
}
