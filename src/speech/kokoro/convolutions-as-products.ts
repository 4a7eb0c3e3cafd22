import { protoBytes, type ProtoField, protoFields, protoInt, protoVarint, protoVarints } from '../proto-fields.js';

/** Numbers of onnx.proto3. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, int: 3, text: 4, ints: 8, type: 20 };
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9 };
const UINT8 = 2;
const INT64 = 7;
const INTS = 7;
const INT = 2;
/** To the end of a slice. */
const WHOLE = 2 ** 31 - 1;

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: ReadonlyMap<string, readonly number[]>;
}

interface Weights {
  readonly dims: readonly number[];
  readonly bytes: Buffer;
}

/**
 * Makes the runtime speak in half the time: ConvInteger of one dimension becomes MatMulInteger.
 *
 * Problem: four fifths of Kokoro's time are ConvInteger, which ONNX Runtime 1.16 computes by copying each input into
 * columns and packing weights on every run.
 * Rule: the input is laid out by frames, its shifted copies stand side by side, and one product with the weights, packed
 * when the model is loaded, replaces the convolution. Integers are added in another order alone, so each result stays the same to
 * the bit. Strides, groups and weights of other kinds are left as they are.
 *
 * @returns the file in pieces, what stays as it was without a copy
 */
export function convolutionsAsProducts(model: Buffer): Buffer[] {
  const fields = [...protoFields(model)];
  const graph = fields.find(({ number }) => number === MODEL_GRAPH);
  if (graph === undefined) return [model];
  const inner = [...protoFields(model, graph.from, graph.to)];
  const tensors = new Map<string, ProtoField>();
  for (const field of inner)
    if (field.number === GRAPH_INITIALIZER) tensors.set(textOf(model, field, TENSOR.name), field);
  const parts: Buffer[] = [];
  const graphParts = new GraphParts();
  const used = new Set<string>();
  for (const field of inner) {
    if (field.number === GRAPH_INITIALIZER) continue;
    if (field.number === GRAPH_NODE) {
      const node = nodeOf(model, field);
      const tensor = node.operator === 'ConvInteger' ? tensors.get(node.inputs[1]!) : undefined;
      const weights = tensor === undefined ? undefined : weightsOf(model, tensor);
      if (weights !== undefined && isPlain(node, weights)) {
        parts.push(...graphParts.productOf(node, weights));
        used.add(node.inputs[0]!).add(node.inputs[2]!).add(node.inputs[3]!);
        continue;
      }
      for (const name of node.inputs) used.add(name);
    }
    parts.push(wholeOf(model, field));
  }
  for (const [name, field] of tensors) if (used.has(name)) parts.push(wholeOf(model, field));
  parts.push(...graphParts.constants.values());
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return fields.flatMap((field) =>
    field === graph ? [protoVarint(MODEL_GRAPH * 8 + 2), protoVarint(length), ...parts] : [wholeOf(model, field)],
  );
}

/** The nodes that replace convolutions, and the constants that they share. */
class GraphParts {
  readonly constants = new Map<string, Buffer>();
  private readonly turned = new Set<string>();

  productOf({ inputs, output, attributes }: Node, { dims, bytes }: Weights): Buffer[] {
    const [input, , zero, weightZero] = inputs as [string, string, string, string];
    const [outs, ins, taps] = dims as [number, number, number];
    const [pad = 0] = attributes.get('pads') ?? [];
    const [dilation = 1] = attributes.get('dilations') ?? [];
    const nodes: Buffer[] = [];
    const byFrames = `${input}/by-frames`;
    if (!this.turned.has(input)) nodes.push(node('Transpose', [input], byFrames, [integers('perm', [0, 2, 1])]));
    this.turned.add(input);
    let wide = byFrames;
    if (pad > 0) {
      wide = `${output}/padded`;
      nodes.push(node('Pad', [byFrames, this.integers([0, pad, 0, 0, pad, 0]), zero], wide));
    }
    const shifted = Array.from({ length: taps }, (_, tap) => {
      if (taps === 1) return wide;
      const name = `${output}/tap-${tap}`;
      const end = dilation * tap - 2 * pad;
      const range = [this.integers([dilation * tap]), this.integers([end < 0 ? end : WHOLE]), this.integers([1])];
      nodes.push(node('Slice', [wide, ...range], name));
      return name;
    });
    const columns = taps === 1 ? wide : `${output}/columns`;
    if (taps > 1) nodes.push(node('Concat', shifted, columns, [integer('axis', 2)]));
    const name = `${output}/weights`;
    this.constants.set(name, tensor(name, UINT8, [taps * ins, outs], byTaps(bytes, outs, ins, taps)));
    const product = `${output}/by-frames`;
    nodes.push(node('MatMulInteger', [columns, name, zero, weightZero], product));
    nodes.push(node('Transpose', [product], output, [integers('perm', [0, 2, 1])]));
    return nodes;
  }

  /** The name of a constant with these values. */
  private integers(values: readonly number[]): string {
    const name = `constant/${values.join(',')}`;
    const raw = Buffer.alloc(values.length * 8);
    for (const [i, value] of values.entries()) raw.writeBigInt64LE(BigInt(value), i * 8);
    this.constants.set(name, tensor(name, INT64, [values.length], raw));
    return name;
  }
}

/** One group, one step, as many frames out as in, all inputs given. */
function isPlain({ inputs, attributes }: Node, { dims }: Weights): boolean {
  const one = (name: string): number => attributes.get(name)?.[0] ?? 1;
  const [before = 0, after = 0] = attributes.get('pads') ?? [];
  const isSame = before === after && 2 * before === one('dilations') * (dims[2]! - 1);
  const isWhole = inputs.length === 4 && inputs.every((name) => name !== '');
  return isSame && isWhole && one('group') === 1 && one('strides') === 1 && !attributes.has('auto_pad');
}

/** [outs, ins, taps] to [taps, ins, outs]. */
function byTaps(bytes: Buffer, outs: number, ins: number, taps: number): Buffer {
  const turned = Buffer.alloc(bytes.length);
  let at = 0;
  for (let tap = 0; tap < taps; tap += 1)
    for (let i = 0; i < ins; i += 1)
      for (let out = 0; out < outs; out += 1) turned[at++] = bytes[(out * ins + i) * taps + tap]!;
  return turned;
}

const wholeOf = (model: Buffer, { start, to }: ProtoField): Buffer => model.subarray(start, to);

function textOf(model: Buffer, { from, to }: ProtoField, number: number): string {
  for (const field of protoFields(model, from, to))
    if (field.number === number) return model.toString('utf8', field.from, field.to);
  return '';
}

function nodeOf(model: Buffer, { from, to }: ProtoField): Node {
  const inputs: string[] = [];
  const attributes = new Map<string, readonly number[]>();
  let [operator, output] = ['', ''];
  for (const field of protoFields(model, from, to)) {
    const text = (): string => model.toString('utf8', field.from, field.to);
    if (field.number === NODE.input) inputs.push(text());
    if (field.number === NODE.output) output = text();
    if (field.number === NODE.operator) operator = text();
    if (field.number === NODE.attribute) {
      const name = textOf(model, field, ATTRIBUTE.name);
      const values = numbersOf(model, field, [ATTRIBUTE.int, ATTRIBUTE.ints]);
      // What the format has by default is written out.
      if (name !== 'auto_pad' || textOf(model, field, ATTRIBUTE.text) !== 'NOTSET') attributes.set(name, values);
    }
  }
  return { operator, inputs, output, attributes };
}

function weightsOf(model: Buffer, { from, to }: ProtoField): Weights | undefined {
  const fields = [...protoFields(model, from, to)];
  const raw = fields.find(({ number }) => number === TENSOR.raw);
  const dims = numbersOf(model, { from, to }, [TENSOR.dims]);
  const isBytes = fields.some(({ number, value }) => number === TENSOR.type && value === UINT8);
  if (raw === undefined || !isBytes || dims.length !== 3) return undefined;
  return { dims, bytes: model.subarray(raw.from, raw.to) };
}

/** Whole numbers, one a field or packed into one. */
function numbersOf(model: Buffer, { from, to }: Pick<ProtoField, 'from' | 'to'>, numbers: readonly number[]): number[] {
  return [...protoFields(model, from, to)].flatMap((field) => {
    if (!numbers.includes(field.number)) return [];
    return field.type === 2 ? protoVarints(model, field.from, field.to) : [field.value];
  });
}

const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Buffer[] = [],
): Buffer =>
  protoBytes(
    GRAPH_NODE,
    Buffer.concat([
      ...inputs.map((name) => protoBytes(NODE.input, name)),
      protoBytes(NODE.output, output),
      protoBytes(NODE.operator, operator),
      ...attributes.map((one) => protoBytes(NODE.attribute, one)),
    ]),
  );

const integer = (name: string, value: number): Buffer =>
  Buffer.concat([protoBytes(ATTRIBUTE.name, name), protoInt(ATTRIBUTE.int, value), protoInt(ATTRIBUTE.type, INT)]);

const integers = (name: string, values: readonly number[]): Buffer =>
  Buffer.concat([
    protoBytes(ATTRIBUTE.name, name),
    ...values.map((value) => protoInt(ATTRIBUTE.ints, value)),
    protoInt(ATTRIBUTE.type, INTS),
  ]);

const tensor = (name: string, type: number, dims: readonly number[], raw: Buffer): Buffer =>
  protoBytes(
    GRAPH_INITIALIZER,
    Buffer.concat([
      ...dims.map((size) => protoInt(TENSOR.dims, size)),
      protoInt(TENSOR.type, type),
      protoBytes(TENSOR.name, name),
      protoBytes(TENSOR.raw, raw),
    ]),
  );
