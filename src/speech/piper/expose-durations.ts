import { protoBytes, protoFields, protoInt } from '../proto-fields.js';

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
