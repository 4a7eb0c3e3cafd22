/** The little of protocol buffers' wire format that a model file needs. */

interface ProtoField {
  readonly number: number;
  /** 0: varint, 1: 8 bytes, 2: bytes, 5: 4 bytes. */
  readonly type: number;
  /** Place of the value in the file; of a varint, the value is `value`. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Fields of a message between two places. Values are not copied: a model's weights stay where they are. */
function* protoFields(bytes: Buffer, from = 0, to = bytes.length): Generator<ProtoField> {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= to) throw new Error('the file ends inside a value');
      const byte = bytes[at]!;
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < to) {
    const tag = varint();
    const type = tag & 7;
    const start = at;
    let value = 0;
    if (type === 0) value = varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = varint();
      const begin = at;
      at += length;
      if (at > to) throw new Error('the file ends inside a message');
      yield { number: Math.floor(tag / 8), type, from: begin, to: at, value: 0 };
      continue;
    } else throw new Error(`a field of the unknown type ${type}`);
    yield { number: Math.floor(tag / 8), type, from: start, to: at, value };
  }
}

export function protoBytes(number: number, bytes: Uint8Array | string): Buffer {
  const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return Buffer.concat([protoVarint(number * 8 + 2), protoVarint(body.length), body]);
}

export const protoInt = (number: number, value: number): Buffer =>
  Buffer.concat([protoVarint(number * 8), protoVarint(value)]);

function protoVarint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return Buffer.from(out);
}

/** Numbers of onnx.proto3. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const NODE_OP_TYPE = 4;
const FLOAT = 1;

export interface DurationModel {
  readonly model: Buffer;
  /** The output with the frames of each symbol; undefined where the model has no single one. */
  readonly durations: string | undefined;
}

/**
 * Makes a VITS model report the duration of each symbol.
 *
 * The network computes it: the one `Ceil` of its graph rounds the predicted durations up to whole frames. Only the
 * result is not an output. Messages of protocol buffers that appear twice are merged, so a second graph message with
 * one output, appended to the file, adds it; nothing of the model is decoded or moved.
 */
export function exposeDurations(model: Buffer): DurationModel {
  const ceilings: string[] = [];
  for (const graph of protoFields(model)) {
    if (graph.number !== MODEL_GRAPH || graph.type !== 2) continue;
    for (const node of protoFields(model, graph.from, graph.to)) {
      if (node.number !== GRAPH_NODE || node.type !== 2) continue;
      let operator = '';
      let output = '';
      for (const field of protoFields(model, node.from, node.to)) {
        if (field.number === NODE_OP_TYPE) operator = model.toString('utf8', field.from, field.to);
        if (field.number === NODE_OUTPUT) output = model.toString('utf8', field.from, field.to);
      }
      if (operator === 'Ceil') ceilings.push(output);
    }
  }
  const [durations] = ceilings;
  if (durations === undefined || ceilings.length > 1) return { model, durations: undefined };
  const type = protoBytes(2, protoBytes(1, protoInt(1, FLOAT)));
  const output = protoBytes(GRAPH_OUTPUT, Buffer.concat([protoBytes(1, durations), type]));
  return { model: Buffer.concat([model, protoBytes(MODEL_GRAPH, output)]), durations };
}
