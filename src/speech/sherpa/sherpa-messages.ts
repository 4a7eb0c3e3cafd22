/** Messages between the engine and the process of sherpa-onnx. */
export interface SherpaJob {
  readonly model: SherpaModel;
  readonly text: string;
  readonly speaker: number;
  readonly speed: number;
}

export interface SherpaDone {
  readonly pcm: Int16Array;
  readonly rateHz: number;
}

/** The package's own settings of a model. */
export interface SherpaModel {
  /** `vits`, `kokoro`, `matcha` or `kitten`, with the paths of its files. */
  readonly model: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Rules that turn numbers and dates into words, as the folder has them. */
  readonly ruleFsts: string;
}
