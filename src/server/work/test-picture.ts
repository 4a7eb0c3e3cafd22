import { findFfmpeg } from '../../encoder/process/find-ffmpeg.js';
import { avcToAnnexB, readAvcConfig, type ParameterSets } from '../../encoder/avc-config.js';
import { FlvReader } from '../../encoder/stream-readers.js';
import { PacketRing } from '../../encoder/packet-ring.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { PacketSource } from '../../core/media/packets.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { ticks90k } from '../../core/time.js';

export interface TestPictureOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly videoKbps: number;
}

const AAC_KBPS = 128;
const RATE_HZ = 48_000;
const AAC_TICKS = ticks90k(1920);
const TICKS_PER_MS = 90;

export interface TestPicture extends Closeable {
  readonly source: PacketSource;
  readonly ffmpegPath: string;
  /** Bytes that have been encoded so far: fewer than wished on a machine that is too busy. */
  encodedBytes(): number;
}

/** A moving test picture with a quiet tone, encoded in real time, as outputs take the packets of a room. */
export async function startTestPicture({ width, height, fps, videoKbps }: TestPictureOptions): Promise<TestPicture> {
  const { path } = await findFfmpeg();
  const ring = new PacketRing();
  let sets: ParameterSets | undefined;
  let aac: Uint8Array | undefined;
  let encoded = 0;
  const reader = new FlvReader((unit) => {
    if (unit.kind === 'avc-config') sets = readAvcConfig(unit.data);
    else if (unit.kind === 'aac-config') aac = unit.data;
    else if (unit.kind === 'aac')
      ring.push({
        codec: 'aac',
        kind: 'audio',
        pts: ticks90k(unit.timestampMs * TICKS_PER_MS),
        duration: AAC_TICKS,
        key: true,
        generation: 0,
        data: unit.data,
      });
    else if (sets !== undefined) {
      const { data, key } = avcToAnnexB(unit.data, sets);
      const pts = ticks90k(unit.timestampMs * TICKS_PER_MS);
      ring.push({ codec: 'h264', kind: 'video', pts, duration: ticks90k(90_000 / fps), key, generation: 0, data });
    }
  });
  const picture = `testsrc2=size=${width}x${height}:rate=${fps}`;
  const tone = `sine=frequency=440:sample_rate=${RATE_HZ}`;
  const args = [
    `-v error -nostdin -re -f lavfi -i ${picture} -re -f lavfi -i ${tone} -af volume=-24dB`,
    `-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -g ${fps}`,
    `-b:v ${videoKbps}k -maxrate ${videoKbps}k -bufsize ${videoKbps}k`,
    `-c:a aac -ac 2 -b:a ${AAC_KBPS}k -f flv -flvflags no_duration_filesize pipe:1`,
  ].flatMap((line) => line.split(' '));
  const child = spawnChild(path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout!.on('data', (chunk: Buffer) => {
    encoded += chunk.length;
    reader.push(chunk);
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(
        new EngineError('E_ENCODER_DIED', { where: 'the test picture', expected: 'an encoder that runs', found: why }),
      );
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with code ${code}`));
    const timer = setInterval(() => {
      if (sets === undefined || aac === undefined) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  return {
    ffmpegPath: path,
    encodedBytes: () => encoded,
    source: {
      open: (options) => ring.open(options),
      requestKeyFrame: () => undefined,
      h264: () => sets,
      aac: () => (aac === undefined ? undefined : { config: aac, sampleRateHz: RATE_HZ, channels: 2 }),
      acquire: () =>
        Promise.reject(new EngineError('E_OUTPUT_INVALID', { where: 'the test picture', found: 'no Opus sound' })),
    },
    async close() {
      child.kill('SIGKILL');
      ring.close();
    },
  };
}
