import type { Voice } from '../../config/sections/voice.js';
import { TextReader } from '../../compliance/ocr/text-reader.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { PictureProcess } from '../../scene/drawing/picture-process.js';
import { needsChain } from '../../speech/chain/open-chain.js';
import { SpeechService } from '../../speech/speech-service.js';
import { READ_TIMEOUT_MS } from '../admission/admission.js';

/** Processes for the checks of several rooms in a row: their starts take longer than the rest of a repeated check. */
export class CheckTools implements Closeable {
  readonly pictures: PictureProcess;
  readonly reader: TextReader;
  private readonly embedded: SpeechService;

  constructor({ log }: { log: Log }) {
    this.pictures = new PictureProcess({ log });
    this.reader = new TextReader({ log, timeoutMs: READ_TIMEOUT_MS });
    this.embedded = new SpeechService({ log });
  }

  /** The embedded voices; undefined for a room whose voice needs a service or a model. */
  speechOf(voice: Voice): SpeechService | undefined {
    return needsChain([voice]) ? undefined : this.embedded;
  }

  async close(): Promise<void> {
    await Promise.all([this.pictures.close(), this.reader.close(), this.embedded.close()]);
  }
}
