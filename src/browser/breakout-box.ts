/**
 * MediaStreamTrack insertable streams (W3C, "Breakout Box") as Chromium has them on pages; missing from TypeScript's
 * types.
 */
interface TrackProcessor<T> {
  readonly readable: ReadableStream<T>;
}
export interface TrackGenerator<T> extends MediaStreamTrack {
  readonly writable: WritableStream<T>;
}

type Kinds = { video: VideoFrame; audio: AudioData };

export type Scope = Window &
  typeof globalThis & {
    MediaStreamTrackProcessor?: new <K extends keyof Kinds>(init: {
      track: MediaStreamTrack;
      maxBufferSize?: number;
    }) => TrackProcessor<Kinds[K]>;
    MediaStreamTrackGenerator?: new <K extends keyof Kinds>(init: { kind: K }) => TrackGenerator<Kinds[K]>;
    InputDeviceInfo?: { prototype: MediaDeviceInfo };
  };
