import { collectGarbage } from '../../core/collect-garbage.js';
import { dropFilePages } from '../../native/process-memory.js';
import type { SynthesiserReply } from '../synthesiser/synthesiser-messages.js';
import type { EspeakDone, EspeakEvent, EspeakJob, EspeakReady } from './espeak-messages.js';
import { loadEspeakModule, type EspeakModule, type EspeakWorker, type RawEvent } from './espeak-module.js';
import { makeFilesLazy } from './lazy-files.js';
import { RepeatableMemory } from './repeatable-memory.js';

/**
 * The synthesiser's own process: espeak-ng is under the GPL and can block for as long as a text takes, so none of it is
 * loaded in the engine. It answers jobs in order until its parent exits.
 */

/** Maximum text of one job in UTF-8 bytes; memory is grown for it before the snapshot. */
const LONGEST_BYTES = 16_384;

const send = (reply: SynthesiserReply<EspeakReady, EspeakDone>): void => {
  process.send?.(reply);
};

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
