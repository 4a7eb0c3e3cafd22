import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protoBytes, protoInt } from '../../../src/speech/proto-fields.js';

/** Samples of a frame, as in Piper's models. */
export const HOP = 256;
const RATE_HZ = 22_050;
const FLOAT = 1;
const INT64 = 7;

/** Frames of an id in the model below. */
export const framesOf = (id: number, length: number): number => Math.ceil(Math.fround(Math.sqrt(id + 4) * length));

const node = (operator: string, inputs: string[], outputs: string[], attributes: Buffer[] = []): Buffer =>
  protoBytes(
    1,
    Buffer.concat([
      ...inputs.map((name) => protoBytes(1, name)),
      ...outputs.map((name) => protoBytes(2, name)),
      protoBytes(4, operator),
      ...attributes.map((a) => protoBytes(5, a)),
    ]),
  );
/** AttributeProto of one integer. */
const integer = (name: string, value: number): Buffer =>
  Buffer.concat([protoBytes(1, name), protoInt(3, value), protoInt(20, 2)]);

function constant(name: string, type: number, dims: number[], values: number[]): Buffer {
  const raw = Buffer.alloc(values.length * (type === FLOAT ? 4 : 8));
  for (const [i, value] of values.entries())
    if (type === FLOAT) raw.writeFloatLE(value, i * 4);
    else raw.writeBigInt64LE(BigInt(value), i * 8);
  return protoBytes(
    5,
    Buffer.concat([...dims.map((d) => protoInt(1, d)), protoInt(2, type), protoBytes(8, name), protoBytes(9, raw)]),
  );
}

/** Dimensions: a number, or a name for any length. */
function value(field: number, name: string, type: number, dims: (number | string)[]): Buffer {
  const shape = Buffer.concat(
    dims.map((d) => protoBytes(1, typeof d === 'number' ? protoInt(1, d) : protoBytes(2, d))),
  );
  const tensor = Buffer.concat([protoInt(1, type), protoBytes(2, shape)]);
  return protoBytes(field, Buffer.concat([protoBytes(1, name), protoBytes(2, protoBytes(1, tensor))]));
}

/**
 * A model with the inputs, the output and the one rounding of Piper's voices, and no network between: each id lasts
 * ⌈√(id + 4) × length⌉ frames, and all of it is a tone.
 */
export function tinyModel({ ceilings = 1 } = {}): Buffer {
  const nodes = [
    node('Cast', ['input'], ['ids'], [integer('to', FLOAT)]),
    node('Add', ['ids', 'four'], ['more']),
    node('Sqrt', ['more'], ['roots']),
    node('Gather', ['scales', 'one'], ['length']),
    node('Mul', ['roots', 'length'], ['w']),
    node('Ceil', ['w'], ['w_ceil']),
    ...(ceilings > 1 ? [node('Ceil', ['length'], ['unused'])] : []),
    node('ReduceSum', ['w_ceil'], ['frames'], [integer('keepdims', 0)]),
    node('Mul', ['frames', 'hop'], ['samples']),
    node('Range', ['zero', 'samples', 'step'], ['time']),
    node('Mul', ['time', 'speed'], ['phase']),
    node('Sin', ['phase'], ['tone']),
    node('Mul', ['tone', 'level'], ['soft']),
    node('Reshape', ['soft', 'shape'], ['output']),
  ];
  const graph = Buffer.concat([
    ...nodes,
    protoBytes(2, 'tiny'),
    constant('four', FLOAT, [1], [4]),
    constant('one', INT64, [], [1]),
    constant('hop', FLOAT, [], [HOP]),
    constant('zero', FLOAT, [], [0]),
    constant('step', FLOAT, [], [1]),
    constant('speed', FLOAT, [], [(2 * Math.PI * 220) / RATE_HZ]),
    constant('level', FLOAT, [], [0.4]),
    constant('shape', INT64, [4], [1, 1, 1, -1]),
    value(11, 'input', INT64, ['batch', 'phonemes']),
    value(11, 'input_lengths', INT64, ['batch']),
    value(11, 'scales', FLOAT, [3]),
    value(12, 'output', FLOAT, ['batch', 1, 1, 'time']),
  ]);
  const opset = protoBytes(8, Buffer.concat([protoBytes(1, ''), protoInt(2, 13)]));
  return Buffer.concat([protoInt(1, 8), protoBytes(2, 'showroom'), protoBytes(7, graph), opset]);
}

const SIGNS = ['_', '^', '$', ' ', '.', ',', '?', '!', ...'abcdefhijklmnoprstuvwzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθ'];
export const ID_MAP: Readonly<Record<string, number[]>> = Object.fromEntries(SIGNS.map((sign, i) => [sign, [i]]));

/** Writes the model and its settings; returns the model's path. */
export function writeModel(
  dir: string,
  { model = tinyModel(), settings = {} }: { model?: Buffer; settings?: object } = {},
): string {
  const path = join(dir, 'tiny.onnx');
  writeFileSync(path, model);
  const usual = {
    audio: { sample_rate: RATE_HZ, quality: 'medium' },
    espeak: { voice: 'en-us' },
    phoneme_type: 'espeak',
    inference: { noise_scale: 0.667, length_scale: 1, noise_w: 0.8 },
    num_speakers: 1,
    speaker_id_map: {},
    phoneme_id_map: ID_MAP,
  };
  writeFileSync(`${path}.json`, JSON.stringify({ ...usual, ...settings }));
  return path;
}
