/** Messages between the engine and a synthesiser process (Node IPC, advanced serialisation). */
export type SynthesiserReply<Ready, Done> =
  | { readonly kind: 'ready'; readonly ready: Ready }
  | { readonly kind: 'done'; readonly id: number; readonly done: Done }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** The program a pool runs, and its children's settings. */
export interface SynthesiserProgram {
  /** In logs and errors: `espeak`. */
  readonly name: string;
  /** The program's module, as .ts or .js beside the file that names it. */
  readonly module: URL;
  /** npm package that holds the synthesiser. */
  readonly package: string;
  /** Limit of the child's JavaScript heap. */
  readonly heapMib: number;
}

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
