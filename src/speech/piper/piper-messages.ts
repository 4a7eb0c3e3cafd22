/** Messages between the engine and the process of a Piper model. */
export interface PiperJob {
  /** Path of the .onnx file. */
  readonly model: string;
  readonly ids: readonly number[];
  /** Noise, length and noise of the durations, as the model's settings have them. */
  readonly scales: readonly [number, number, number];
  readonly speaker: number | undefined;
}

export interface PiperDone {
  readonly pcm: Int16Array;
  /** Samples of each id; empty when the model does not report them. */
  readonly samples: Float64Array;
}
