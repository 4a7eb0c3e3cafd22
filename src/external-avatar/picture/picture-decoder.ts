import type { Closeable } from '../../core/closeable.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { StreamProcess } from '../../core/processes/stream-process.js';
import { Y4mReader } from '../../scene/clips/y4m-reader.js';

export interface PictureDecoderOptions {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly usesStdin: boolean;
  /** I420; valid until the next call but one. */
  readonly onPicture: (frame: Buffer, width: number, height: number) => void;
  /** It ended by itself. */
  readonly onEnd: (reason: string) => void;
}

/** Later bytes are lost until the next key frame. */
const MAX_QUEUED_BYTES = 4 << 20;

/** An ffmpeg process that turns a video into pictures. */
export class PictureDecoder implements Closeable {
  private readonly decoder: StreamProcess;

  constructor({ ffmpegPath, args, usesStdin, onPicture, onEnd }: PictureDecoderOptions) {
    const reader = new Y4mReader((frame) => onPicture(frame, reader.width, reader.height));
    this.decoder = new StreamProcess({
      child: spawnChild(ffmpegPath, args, { stdio: [usesStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] }),
      maxQueuedBytes: MAX_QUEUED_BYTES,
      onOutput: (chunk) => (reader.take(chunk) ? undefined : 'pictures of another size, or no pictures'),
      onEnd,
    });
  }

  /** False when the bytes were dropped. */
  push(bytes: Uint8Array): boolean {
    return this.decoder.write(bytes);
  }

  close(): Promise<void> {
    return this.decoder.close();
  }
}
