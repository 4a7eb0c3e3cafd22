/** The used part of @echogarden/espeak-ng-emscripten, which ships no types. */
export interface RawEvent {
  readonly type: string;
  readonly text_position: number;
  readonly audio_position: number;
  readonly id: string | number | undefined;
}

export interface EspeakWorker {
  set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
  set_rate(wordsPerMinute: number): void;
  set_pitch(value: number): void;
  set_volume(value: number): void;
  get_samplerate(): number;
  list_voices(): { name: string; identifier: string; languages: { priority: number; name: string }[] }[];
  synthesize(text: string, onChunk: (pcm: Int16Array, events: RawEvent[]) => boolean): void;
}

export interface MemoryFile {
  contents: Uint8Array;
  usedBytes: number;
}

export interface EspeakModule {
  readonly HEAPU8: Uint8Array;
  readonly eSpeakNGWorker: new () => EspeakWorker;
  readonly FS: {
    readdir(path: string): string[];
    stat(path: string): { mode: number; size: number };
    isDir(mode: number): boolean;
    lookupPath(path: string): { node: MemoryFile };
  };
}

export async function loadEspeakModule(): Promise<EspeakModule> {
  const name = '@echogarden/espeak-ng-emscripten';
  const loaded = (await import(name)) as { default: (options: object) => Promise<EspeakModule> };
  return loaded.default({});
}
