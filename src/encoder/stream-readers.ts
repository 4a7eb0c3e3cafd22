import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { EncodedPacket } from '../core/media/packets.js';
import {
  frameIndex,
  type FrameRate,
  frameToTicks,
  sampleIndex,
  sampleToTicks,
  ticks90k,
  type Ticks90k,
} from '../core/time.js';
import { avcToAnnexB, type ParameterSets, readAvcConfig } from './avc-config.js';
import { OggOpusReader } from './ogg-reader.js';
import type { InputLog } from './process/encoder-link.js';
import type { StreamEncoder, StreamReader } from './stream-encoder.js';

/** Content of a tag (Adobe Flash Video File Format 10.1, E.4). Payloads are copies; timestamps are 32 bits and wrap. */
type FlvUnit =
  | { readonly kind: 'avc-config'; readonly data: Uint8Array }
  | { readonly kind: 'avc'; readonly timestampMs: number; readonly key: boolean; readonly data: Uint8Array }
  | { readonly kind: 'aac-config'; readonly data: Uint8Array }
  | { readonly kind: 'aac'; readonly timestampMs: number; readonly data: Uint8Array };

const NOTHING: Buffer = Buffer.alloc(0);
const FILE_HEADER = 9;
const TAG_HEADER = 11;
const PREVIOUS_SIZE = 4;
const MAX_TAG_BYTES = 8 << 20;
const AUDIO = 8;
const VIDEO = 9;

/** Parses an FLV byte stream in chunks of any size and emits its H.264 and AAC units as soon as each is whole. */
export class FlvReader {
  private pending = NOTHING;
  private started = false;

  constructor(private readonly onUnit: (unit: FlvUnit) => void) {}

  push(chunk: Buffer): void {
    let data = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    if (!this.started) {
      if (data.length < FILE_HEADER + PREVIOUS_SIZE) {
        this.pending = Buffer.from(data);
        return;
      }
      if (data.toString('latin1', 0, 3) !== 'FLV') throw broken('an FLV header', data.toString('hex', 0, 3));
      this.started = true;
      data = data.subarray(FILE_HEADER + PREVIOUS_SIZE);
    }
    while (data.length >= TAG_HEADER) {
      const size = data.readUIntBE(1, 3);
      if (size > MAX_TAG_BYTES) throw broken(`a tag of at most ${MAX_TAG_BYTES} bytes`, String(size));
      const whole = TAG_HEADER + size + PREVIOUS_SIZE;
      if (data.length < whole) break;
      const timestampMs = data[7]! * 0x100_0000 + data.readUIntBE(4, 3);
      this.tag(data[0]! & 0x1f, timestampMs, data.subarray(TAG_HEADER, TAG_HEADER + size));
      data = data.subarray(whole);
    }
    // A copy: the chunk's memory is used again.
    this.pending = data.length === 0 ? NOTHING : Buffer.from(data);
  }

  private tag(type: number, timestampMs: number, body: Buffer): void {
    if (type === VIDEO && body.length > 5 && (body[0]! & 0x0f) === 7) {
      const key = body[0]! >> 4 === 1;
      if (body[1] === 0) this.onUnit({ kind: 'avc-config', data: Uint8Array.from(body.subarray(5)) });
      else if (body[1] === 1) this.onUnit({ kind: 'avc', timestampMs, key, data: Uint8Array.from(body.subarray(5)) });
    } else if (type === AUDIO && body.length > 2 && body[0]! >> 4 === 10) {
      const data = Uint8Array.from(body.subarray(2));
      this.onUnit(body[1] === 0 ? { kind: 'aac-config', data } : { kind: 'aac', timestampMs, data });
    }
  }
}

function broken(expected: string, found: string): EngineError {
  return new EngineError('E_BITSTREAM', { where: 'encoder output (FLV)', expected, found });
}

const LINGER_MS = 10_000;
const START_MS = 10_000;

/** Opus is encoded only while somebody needs it. */
export class OpusOnDemand implements Closeable {
  /** Current users. */
  users = 0;
  private flows = false;
  private linger: NodeJS.Timeout | undefined;
  private readonly waiters = new Set<() => void>();
  private closed = false;

  constructor(private readonly encoder: StreamEncoder) {}

  /**
   * Resolves when packets flow, with a function that ends this use.
   *
   * @throws EngineError E_CLOSED, E_ENCODER_STALLED
   */
  async acquire(): Promise<() => void> {
    this.users += 1;
    clearTimeout(this.linger);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      this.users -= 1;
      if (this.users > 0 || this.closed) return;
      // Viewers come and go; a reloading page should not wait for a new process.
      this.linger = setTimeout(() => {
        this.encoder.stop();
        this.flows = false;
      }, LINGER_MS).unref();
    };
    try {
      this.encoder.start();
      await this.untilItFlows();
      return release;
    } catch (e) {
      release();
      throw e;
    }
  }

  /** Called for each packet. */
  packetOut(): void {
    if (this.flows) return;
    this.flows = true;
    for (const wake of this.waiters) wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.linger);
    for (const wake of this.waiters) wake();
  }

  private async untilItFlows(): Promise<void> {
    if (!this.flows && !this.closed) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.waiters.delete(done);
          resolve();
        };
        const timer = setTimeout(done, START_MS);
        this.waiters.add(done);
      });
    }
    if (this.closed) throw new EngineError('E_CLOSED', { where: 'opus encoder', found: 'a room that is closing' });
    if (!this.flows) {
      throw new EngineError('E_ENCODER_STALLED', {
        where: 'opus encoder',
        expected: `sound within ${START_MS} ms`,
        found: this.encoder.lastError || 'none; is the room on air?',
      });
    }
  }
}

/**
 * Output i belongs to input i: packet times come from the log of written inputs, and the encoder's own times are
 * ignored.
 */

const AAC_FRAME = 1024;
const AAC_TICKS = ticks90k(1920);
/** ffmpeg's AAC encoder codes one frame of silence first (its `initial_padding`). */
const AAC_PRIMING = 1024;
const OPUS_FRAME = 960;
const OPUS_TICKS = ticks90k(1800);

type Emit = (packet: EncodedPacket) => void;

export function videoReader(
  rate: FrameRate,
  generation: number,
  inputs: InputLog,
  onSets: (sets: ParameterSets) => void,
  emit: Emit,
  frameStep = 1,
): StreamReader {
  let sets: ParameterSets | undefined;
  let outputs = 0;
  return new FlvReader((unit) => {
    if (unit.kind === 'avc-config') {
      sets = readAvcConfig(unit.data);
      onSets(sets);
    } else if (unit.kind === 'avc') {
      if (sets === undefined || !inputs.has(outputs)) {
        throw new EngineError('E_BITSTREAM', {
          where: `video encoder, generation ${generation}`,
          expected: sets === undefined ? 'parameter sets before the first picture' : 'one picture for each frame',
          found: `picture ${outputs} after ${inputs.written} frames`,
        });
      }
      const n = inputs.first(outputs);
      outputs += 1;
      const pts = frameToTicks(frameIndex(n), rate);
      // The next input is known while the encoder looks ahead; frames that were left out make this one longer.
      const next = inputs.has(outputs) ? inputs.first(outputs) : n + frameStep;
      const duration = ticks90k(frameToTicks(frameIndex(next), rate) - pts);
      const { data, key } = avcToAnnexB(unit.data, sets);
      emit({ codec: 'h264', kind: 'video', pts, duration, key, generation, data });
    }
  });
}

/** Maps a count of samples since the generation's start to the room's sample clock. */
class SampleClock {
  private entry = 0;
  constructor(private readonly inputs: InputLog) {}

  ticksAt(offset: number): Ticks90k | undefined {
    while (this.inputs.written > this.entry + 1 && this.inputs.first(this.entry + 1) <= offset) this.entry += 1;
    if (!this.inputs.has(this.entry)) return undefined;
    const sample = this.inputs.second(this.entry) + offset - this.inputs.first(this.entry);
    return sample < 0 ? undefined : sampleToTicks(sampleIndex(sample));
  }
}

export function aacReader(
  generation: number,
  inputs: InputLog,
  onConfig: (config: Uint8Array) => void,
  emit: Emit,
): StreamReader {
  const clock = new SampleClock(inputs);
  let outputs = 0;
  return new FlvReader((unit) => {
    if (unit.kind === 'aac-config') {
      onConfig(unit.data);
    } else if (unit.kind === 'aac') {
      const offset = outputs * AAC_FRAME - AAC_PRIMING;
      outputs += 1;
      const pts = offset < 0 ? undefined : clock.ticksAt(offset);
      if (pts === undefined) return;
      emit({ codec: 'aac', kind: 'audio', pts, duration: AAC_TICKS, key: true, generation, data: unit.data });
    }
  });
}

export function opusReader(generation: number, inputs: InputLog, emit: Emit): StreamReader {
  const clock = new SampleClock(inputs);
  let outputs = 0;
  const reader = new OggOpusReader((data) => {
    const offset = outputs * OPUS_FRAME - reader.preSkip;
    outputs += 1;
    const pts = offset < 0 ? undefined : clock.ticksAt(offset);
    if (pts === undefined) return;
    emit({ codec: 'opus', kind: 'audio', pts, duration: OPUS_TICKS, key: true, generation, data });
  });
  return reader;
}
