import type { SynthesiserReply } from './synthesiser-messages.js';

/** Answers the jobs of the parent process with `speak`, and exits with it. Call it once the module is loaded. */
export function answerJobs<Job extends object, Done>(speak: (job: Job) => Promise<Done>): void {
  const send = (reply: SynthesiserReply<object, Done>): void => {
    process.send?.(reply);
  };
  process.on('message', (job: Job & { id: number }) => {
    speak(job).then(
      (done) => send({ kind: 'done', id: job.id, done }),
      (error: unknown) => {
        const message = String(error instanceof Error ? error.message : error).slice(0, 300);
        send({ kind: 'failed', id: job.id, message });
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C in a terminal signals the whole group; the engine decides when its children end.
  process.on('SIGINT', () => undefined);
  setImmediate(() => send({ kind: 'ready', ready: {} }));
}
