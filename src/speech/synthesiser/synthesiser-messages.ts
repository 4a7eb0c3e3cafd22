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
