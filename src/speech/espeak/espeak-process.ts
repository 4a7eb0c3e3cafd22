import { collectGarbage } from '../../core/collect-garbage.js';
import { dropFilePages } from '../../native/process-memory.js';
import type { SynthesiserReply } from '../synthesiser/synthesiser-messages.js';
import type { EspeakDone, EspeakEvent, EspeakJob, EspeakReady } from './espeak-messages.js';
import { openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The synthesiser's own process: espeak-ng is under the GPL and can block for as long as a text takes, so none of it is
 * loaded in the engine. It answers jobs in order until its parent exits.
 */

/** Maximum text of one job in UTF-8 bytes; memory is grown for it before the snapshot. */
const LONGEST_BYTES = 16_384;

const send = (reply: SynthesiserReply<EspeakReady, EspeakDone>): void => {
  process.send?.(reply);
};

/** The used part of @echogarden/espeak-ng-emscripten, which ships no types. */
interface RawEvent {
  readonly type: string;
  readonly text_position: number;
  readonly audio_position: number;
  readonly id: string | number | undefined;
}

interface EspeakWorker {
  set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
  set_rate(wordsPerMinute: number): void;
  set_pitch(value: number): void;
  set_volume(value: number): void;
  get_samplerate(): number;
  list_voices(): { name: string; identifier: string; languages: { priority: number; name: string }[] }[];
  synthesize(text: string, onChunk: (pcm: Int16Array, events: RawEvent[]) => boolean): void;
}

interface MemoryFile {
  contents: Uint8Array;
  usedBytes: number;
}

interface EspeakModule {
  readonly HEAPU8: Uint8Array;
  readonly eSpeakNGWorker: new () => EspeakWorker;
  readonly FS: {
    readdir(path: string): string[];
    stat(path: string): { mode: number; size: number };
    isDir(mode: number): boolean;
    lookupPath(path: string): { node: MemoryFile };
  };
}

async function loadEspeakModule(): Promise<EspeakModule> {
  const name = '@echogarden/espeak-ng-emscripten';
  const loaded = (await import(name)) as { default: (options: object) => Promise<EspeakModule> };
  return loaded.default({});
}

function variantsOf(module: EspeakModule): string[] {
  return module.FS.readdir('/usr/share/espeak-ng-data/voices/!v').filter((name) => !name.startsWith('.'));
}

const keep = (event: RawEvent): EspeakEvent | undefined => {
  if (event.type !== 'word' && event.type !== 'phoneme' && event.type !== 'end') return undefined;
  return {
    type: event.type,
    ms: event.audio_position,
    position: Math.max(0, event.text_position - 1),
    name: event.type === 'phoneme' ? String(event.id ?? '') : '',
  };
};

function speak(worker: EspeakWorker, job: EspeakJob): EspeakDone {
  const bytes = Buffer.byteLength(job.text);
  if (bytes > LONGEST_BYTES) throw new Error(`the text has ${bytes} bytes, the maximum is ${LONGEST_BYTES}`);
  const code = worker.set_voice(job.voice, '', 0, 0, 0);
  if (code !== 0) throw new Error(`voice ${job.voice} does not load (espeak-ng error ${code})`);
  worker.set_rate(job.rate);
  worker.set_pitch(job.pitch);
  const parts: Int16Array[] = [];
  const events: EspeakEvent[] = [];
  let length = 0;
  worker.synthesize(job.text, (pcm, raw) => {
    parts.push(pcm);
    length += pcm.length;
    for (const one of raw) {
      const event = keep(one);
      if (event !== undefined) events.push(event);
    }
    return false;
  });
  const pcm = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length;
  }
  return { rateHz: worker.get_samplerate(), pcm, events };
}

const PAGE = 4096;
const ZEROS = new Uint8Array(PAGE);

/**
 * Makes espeak-ng deterministic. It carries phases of its vibrato and noise from one text to the next, so the same text
 * never sounds exactly the same twice. Its whole state is in its linear memory: a snapshot is taken after start (only
 * non-zero pages, about 1 MB of 17) and restored before each text. The same request then gives the same samples in any
 * process, whatever was spoken before.
 *
 * Pages are compared before they are written: most of the memory is never used, and pages that are only read do not
 * become resident.
 */
class RepeatableMemory {
  /** Non-zero pages, in order. */
  private readonly pages: { at: number; bytes: Uint8Array }[] = [];

  constructor(private readonly module: EspeakModule) {
    const heap = module.HEAPU8;
    for (let at = 0; at < heap.length; at += PAGE) {
      if (isZero(heap, at)) continue;
      this.pages.push({ at, bytes: heap.slice(at, at + PAGE) });
    }
  }

  restore(): void {
    // Read each time: a grown heap is a new array.
    const heap = this.module.HEAPU8;
    let next = 0;
    for (let at = 0; at < heap.length; at += PAGE) {
      const kept = this.pages[next];
      if (kept?.at === at) {
        heap.set(kept.bytes, at);
        next += 1;
      } else if (!isZero(heap, at)) heap.fill(0, at, at + PAGE);
    }
  }
}

const isZero = (heap: Uint8Array, at: number): boolean => Buffer.compare(heap.subarray(at, at + PAGE), ZEROS) === 0;

/** Larger files are read from disk when they are opened. */
const LAZY_BYTES = 16 * 1024;
/** Dictionaries of the last few languages stay in memory. */
const KEPT = 3;
const DATA = '/usr/share/espeak-ng-data';

/**
 * The package keeps the data of all its languages (24 MB, of which two dictionaries are 14) in memory. A room speaks
 * one or two, so each large file is dropped and read again from the package's data file when the synthesiser opens it.
 */
function makeFilesLazy(module: EspeakModule): void {
  const data = join(
    dirname(createRequire(import.meta.url).resolve('@echogarden/espeak-ng-emscripten')),
    'espeak-ng.data',
  );
  const fd = openSync(data, 'r');
  const kept: { file: MemoryFile; bytes: Uint8Array }[] = [];
  const read = (file: MemoryFile, offset: number, length: number): Uint8Array => {
    const known = kept.find((k) => k.file === file);
    if (known !== undefined) return known.bytes;
    const bytes = new Uint8Array(length);
    let got = 0;
    while (got < length) {
      const n = readSync(fd, bytes, got, length - got, offset + got);
      if (n === 0) throw new Error(`the speech data file ends early: ${data}`);
      got += n;
    }
    if (kept.length === KEPT) kept.shift();
    kept.push({ file, bytes });
    return bytes;
  };
  const visit = (dir: string): void => {
    for (const name of module.FS.readdir(dir)) {
      if (name === '.' || name === '..') continue;
      const path = `${dir}/${name}`;
      if (module.FS.isDir(module.FS.stat(path).mode)) {
        visit(path);
        continue;
      }
      const file = module.FS.lookupPath(path).node;
      const { byteOffset, length } = file.contents;
      if (length <= LAZY_BYTES) file.contents = file.contents.slice();
      else Object.defineProperty(file, 'contents', { get: () => read(file, byteOffset, length) });
    }
  };
  visit(DATA);
}

async function main(): Promise<void> {
  const module = await loadEspeakModule();
  const worker = new module.eSpeakNGWorker();
  const voices = worker.list_voices().map((v) => ({
    name: v.name.trim(),
    identifier: v.identifier.split('/').at(-1)!,
    languages: v.languages.map((l) => l.name),
  }));
  const variants = variantsOf(module);
  makeFilesLazy(module);
  // The glue keeps one text buffer in that memory, which must not grow after the snapshot.
  for (let i = 0; i < 2; i += 1) {
    worker.set_voice('en-US', '', 0, 0, 0);
    worker.synthesize(' '.repeat(LONGEST_BYTES + 256), () => false);
  }
  worker.set_voice('en-US', '', 0, 0, 0);
  worker.set_volume(90);
  const memory = new RepeatableMemory(module);
  process.on('message', (job: EspeakJob & { id: number }) => {
    try {
      memory.restore();
      send({ kind: 'done', id: job.id, done: speak(worker, job) });
    } catch (error) {
      send({
        kind: 'failed',
        id: job.id,
        message: String(error instanceof Error ? error.message : error).slice(0, 300),
      });
    }
  });
  // In the next tick nothing on the stack holds the package's data: half of the process's memory.
  setImmediate(() => {
    collectGarbage();
    dropFilePages();
    send({ kind: 'ready', ready: { voices, variants } });
  });
}

process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal signals the whole group; the engine decides when its children end.
process.on('SIGINT', () => undefined);
main().catch((error: unknown) => {
  // An error thrown inside the glue includes its whole source line; the message is enough.
  process.stderr.write(`${String(error instanceof Error ? error.message : error).slice(0, 500)}\n`);
  process.exit(1);
});
