import { AdmissionScanner } from '../codescan/admission/index.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Voice } from '../config/sections/voice.js';
import { TextReader } from '../compliance/ocr/text-reader.js';
import type { Closeable } from '../core/closeable.js';
import type { Log } from '../core/log.js';
import { loadRulePacks } from '../moderation/packs/index.js';
import { PictureProcess, SHOW_LIMITS } from '../scene/drawing/picture-process.js';
import { needsChain } from '../speech/chain/open-chain.js';
import { SpeechService } from '../speech/speech-service.js';
import type { AdmissionOptions } from '../admission/admission.js';
import { refusesRetail } from '../admission/picture-memory.js';

/** Another check follows soon. */
const IDLE_MS = 60_000;
/** Nobody waits for one picture: on a busy machine these checks may get a tenth of a core. */
const TIMEOUT_MS = 600_000;

/** Processes for the checks of several rooms in a row: their starts take longer than the rest of a repeated check. */
export class CheckTools implements Closeable {
  readonly pictures: PictureProcess;
  /** Loaded once, shared by all checks. */
  readonly packs = loadRulePacks();
  private readonly reader: TextReader;
  private readonly scanner: AdmissionScanner;
  private readonly embedded: SpeechService;

  constructor({ log }: { log: Log }) {
    const patient = { log, timeoutMs: TIMEOUT_MS, idleMs: IDLE_MS };
    this.pictures = new PictureProcess({ log, limits: { ...SHOW_LIMITS, wallMs: TIMEOUT_MS }, idleMs: IDLE_MS });
    this.reader = new TextReader(patient);
    this.scanner = new AdmissionScanner(patient);
    this.embedded = new SpeechService({ log, timeoutMs: TIMEOUT_MS });
  }

  /** Reader and scanner of pictures; undefined for a room that refuses retail barcodes, which needs another scan. */
  judgesFor(room: Pick<RoomConfig, 'compliance'>): AdmissionOptions['shared'] {
    return refusesRetail(room) ? undefined : { reader: this.reader, scanner: this.scanner };
  }

  /** The embedded voices; undefined for a room whose voice needs a service or a model. */
  speechFor(voice: Voice): SpeechService | undefined {
    return needsChain([voice]) ? undefined : this.embedded;
  }

  async close(): Promise<void> {
    await Promise.all([this.pictures, this.reader, this.scanner, this.embedded].map((one) => one.close()));
  }
}
