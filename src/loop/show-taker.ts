import type { Mixer } from '../audio/mixer.js';
import type { PresenterRuntime } from '../avatar/presenter-runtime.js';
import type { FrameIndex, SampleIndex } from '../core/time.js';
import type { SceneRuntime } from '../scene/scene-runtime.js';
import type { ShowCommand } from '../show/show-command.js';

/** Receives released frames and their sound: the encoders when live, files or encoders when offline. */
export interface EncoderSink {
  /** Pictures that wait for the encoder; undefined where nothing waits. */
  readonly waiting?: number;
  /** False when it cannot accept the picture now; the caller keeps the buffer then. */
  writeVideo(n: FrameIndex, picture: Uint8Array, token: number): boolean;
  /** Copies the samples before it returns. False when they were dropped. */
  writeAudio(startSample: SampleIndex, pcm: Float32Array, samples: number): boolean;
}

/** Passes a show command to its part of the loop; called between two slots. */
export function takeShowCommand(
  command: ShowCommand,
  parts: {
    readonly scene: SceneRuntime;
    readonly presenter: PresenterRuntime;
    readonly assistant?: PresenterRuntime;
    readonly mixer: Mixer;
  },
): void {
  switch (command.type) {
    case 'scene':
      parts.scene.apply(command.update);
      return;
    case 'speak':
      parts.mixer.schedule(command);
      // A voice without a face on stage moves no mouth.
      if (command.mouth.viseme.length > 0)
        personOf(command.role, parts)?.speak(command.startFrame, command.mouth, command.acting);
      return;
    case 'chime':
      parts.mixer.chime(command.chime, command.atSample);
      return;
    case 'cut':
      parts.mixer.cancel(command.id, command.atSample, command.fadeSamples);
      parts.presenter.cut(command.startFrame, command.atFrame);
      parts.assistant?.cut(command.startFrame, command.atFrame);
      return;
    case 'listen':
      parts.presenter.listen(command.atFrame, command.frames);
      parts.assistant?.listen(command.atFrame, command.frames);
      return;
    case 'gesture':
      if (command.gesture !== 'none') personOf(command.role, parts)?.gesture(command.atFrame, command.gesture);
  }
}

const personOf = (
  role: 'host' | 'assistant' | undefined,
  { presenter, assistant }: { readonly presenter: PresenterRuntime; readonly assistant?: PresenterRuntime },
): PresenterRuntime | undefined => (role === 'assistant' ? assistant : presenter);
