/**
 * Writes templates/models/face/*.onnx from the nets of MediaPipe in TensorFlow.js form (blazeface, facemesh, selfie:
 * a .json and a .bin each), so that the ONNX runtime that reads text in pictures runs them too.
 *
 *   npm run tool -- convert-face-nets FOLDER
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatePath } from '../../../src/core/files/paths.js';

interface Attr {
  readonly list?: { readonly i?: string[]; readonly s?: string[] };
  readonly s?: string;
  readonly b?: boolean;
}
interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attr>>;
}
interface Weight {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}
interface Net {
  readonly modelTopology: { readonly node: readonly Node[] };
  readonly weightsManifest: readonly { readonly weights: readonly Weight[] }[];
}

/** Protocol buffers, as far as ONNX needs them. */
class Proto {
  private readonly parts: Buffer[] = [];
  private varint(n: number): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(n));
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    this.parts.push(Buffer.from(bytes));
  }
  int(field: number, n: number): this {
    this.varint(field << 3);
    this.varint(n);
    return this;
  }
  bytes(field: number, value: Uint8Array | string): this {
    const data = Buffer.from(value as string);
    this.varint((field << 3) | 2);
    this.varint(data.length);
    this.parts.push(data);
    return this;
  }
  message(field: number, value: Proto): this {
    return this.bytes(field, value.end());
  }
  end(): Buffer {
    return Buffer.concat(this.parts);
  }
}

const FLOAT = 1;
const INT64 = 7;
const FLOAT16 = 10;

class Converter {
  private readonly graph = new Proto();
  private readonly tensors = new Map<string, { shape: number[]; f16: boolean; data: Uint8Array }>();
  private readonly written = new Map<string, string>();
  private count = 0;

  constructor(
    private readonly net: Net,
    bin: Buffer,
  ) {
    let at = 0;
    for (const w of net.weightsManifest.flatMap((m) => m.weights)) {
      const f16 = w.quantization?.dtype === 'float16';
      const bytes = w.shape.reduce((a, b) => a * b, 1) * (f16 ? 2 : 4);
      this.tensors.set(w.name, { shape: w.shape, f16, data: bin.subarray(at, at + bytes) });
      at += bytes;
    }
    if (at !== bin.length) throw new Error(`weights end at ${at} of ${bin.length}`);
  }

  convert(outputs: Readonly<Record<string, string>>): Buffer {
    for (const node of this.net.modelTopology.node) this.node(node);
    for (const [from, to] of Object.entries(outputs)) {
      this.op('Identity', [from], to);
      this.graph.message(12, valueInfo(to));
    }
    this.graph.bytes(2, 'net');
    const model = new Proto().int(1, 8).bytes(2, 'showroom').message(7, this.graph);
    return model.message(8, new Proto().bytes(1, '').int(2, 13)).end();
  }

  private node(node: Node): void {
    const input = (node.input ?? []).map((name) => name.replace(/:\d+$/, ''));
    const { name, op } = node;
    const ints = (key: string): number[] => (node.attr?.[key]?.list?.i ?? []).map(Number);
    const pad = Buffer.from(node.attr?.['padding']?.s ?? '', 'base64').toString() === 'SAME' ? 'SAME_UPPER' : 'VALID';
    const strides = ints('strides').slice(1, 3);
    switch (op) {
      case 'Const':
        return;
      case 'Placeholder': {
        const size = Number(
          (node.attr as unknown as { shape: { shape: { dim: { size: string }[] } } }).shape.shape.dim[1]!.size,
        );
        this.graph.message(11, valueInfo('picture', [1, 3, size, size]));
        this.op('Identity', ['picture'], name);
        return;
      }
      case 'Conv2D':
      case '_FusedConv2D': {
        const fused = (node.attr?.['fused_ops']?.list?.s ?? []).map((s) => Buffer.from(s, 'base64').toString());
        const w = this.weights(input[1]!, 'conv');
        const inputs = [input[0]!, w, ...(fused.includes('BiasAdd') ? [this.weights(input[2]!, 'plain')] : [])];
        const then = fused.at(-1);
        const own = then === 'Relu' || then === 'Prelu' ? this.fresh() : name;
        this.op('Conv', inputs, own, { auto_pad: pad, strides });
        if (then === 'Relu') this.op('Relu', [own], name);
        if (then === 'Prelu') this.op('PRelu', [own, this.weights(input[3]!, 'channels')], name);
        return;
      }
      case 'DepthwiseConv2dNative': {
        const group = this.tensors.get(input[1]!)!.shape[2]!;
        this.op('Conv', [input[0]!, this.weights(input[1]!, 'depthwise')], name, { auto_pad: pad, strides, group });
        return;
      }
      case 'Conv2DBackpropInput':
        this.op('ConvTranspose', [input[2]!, this.weights(input[1]!, 'conv')], name, { auto_pad: pad, strides });
        return;
      case 'Prelu':
        this.op('PRelu', [input[0]!, this.weights(input[1]!, 'channels')], name);
        return;
      case 'MaxPool':
      case 'AvgPool': {
        const kernel = ints('ksize').slice(1, 3);
        const type = op === 'MaxPool' ? 'MaxPool' : 'AveragePool';
        this.op(type, [input[0]!], name, { auto_pad: pad, strides, kernel_shape: kernel });
        return;
      }
      case 'Pad': {
        const { data } = this.tensors.get(input[1]!)!;
        const p = Array.from(new Int32Array(data.buffer.slice(data.byteOffset, data.byteOffset + 32)));
        const order = [0, 3, 1, 2];
        const pads = [...order.map((i) => p[i * 2]!), ...order.map((i) => p[i * 2 + 1]!)];
        this.op('Pad', [input[0]!, this.integers(pads)], name);
        return;
      }
      case 'Reshape': {
        const { data } = this.tensors.get(input[1]!)!;
        const shape = Array.from(new Int32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)));
        const turned = this.fresh();
        this.op('Transpose', [input[0]!], turned, { perm: [0, 2, 3, 1] });
        this.op('Reshape', [turned, this.integers(shape)], name);
        return;
      }
      case 'ResizeBilinear': {
        const { data } = this.tensors.get(input[1]!)!;
        const [h, w] = Array.from(new Int32Array(data.buffer.slice(data.byteOffset, data.byteOffset + 8)));
        const shape = this.fresh();
        const channels = this.fresh();
        this.op('Shape', [input[0]!], shape);
        this.op('Slice', [shape, this.integers([0]), this.integers([2])], channels);
        const sizes = this.fresh();
        this.op('Concat', [channels, this.integers([h!, w!])], sizes, { axis: 0 });
        this.op('Resize', [input[0]!, '', '', sizes], name, {
          mode: 'linear',
          coordinate_transformation_mode: 'half_pixel',
        });
        return;
      }
      case 'Relu6':
        this.op('Clip', [input[0]!, this.float(0), this.float(6)], name);
        return;
      case 'Add':
      case 'AddV2':
      case 'Mul':
      case 'AddN':
        this.op(
          op === 'Mul' ? 'Mul' : op === 'AddN' ? 'Sum' : 'Add',
          input.map((one) => (this.tensors.has(one) ? this.weights(one, 'channels') : one)),
          name,
        );
        return;
      case 'Relu':
      case 'Sigmoid':
      case 'Identity':
        this.op(op, [input[0]!], name);
        return;
      default:
        throw new Error(`unknown operation ${op}`);
    }
  }

  private fresh(): string {
    this.count += 1;
    return `t${this.count}`;
  }

  private op(
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, number | string | readonly number[]>> = {},
  ): void {
    const node = new Proto();
    for (const one of inputs) node.bytes(1, one);
    node.bytes(2, output).bytes(4, type);
    for (const [name, value] of Object.entries(attributes)) {
      const a = new Proto().bytes(1, name);
      if (typeof value === 'number') a.int(3, value).int(20, 2);
      else if (typeof value === 'string') a.bytes(4, value).int(20, 3);
      else {
        for (const one of value) a.int(8, one);
        a.int(20, 7);
      }
      node.message(5, a);
    }
    this.graph.message(1, node);
  }

  /** `conv`: HWIO to OIHW. `depthwise`: HWCM to (C·M)1HW. `channels`: a vector along the channels. */
  private weights(name: string, form: 'conv' | 'depthwise' | 'channels' | 'plain'): string {
    const key = `${name}|${form}`;
    const known = this.written.get(key);
    if (known !== undefined) return known;
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new Error(`${name} is not a weight`);
    const { f16 } = tensor;
    let { shape, data } = tensor;
    if (form === 'conv' || form === 'depthwise') {
      const [h, w, i, o] = shape as [number, number, number, number];
      const size = f16 ? 2 : 4;
      const out = new Uint8Array(data.length);
      for (let y = 0; y < h; y += 1)
        for (let x = 0; x < w; x += 1)
          for (let a = 0; a < i; a += 1)
            for (let b = 0; b < o; b += 1) {
              const from = (((y * w + x) * i + a) * o + b) * size;
              const to = (form === 'conv' ? ((b * i + a) * h + y) * w + x : ((a * o + b) * h + y) * w + x) * size;
              out.set(data.subarray(from, from + size), to);
            }
      data = out;
      shape = form === 'conv' ? [o, i, h, w] : [i * o, 1, h, w];
    } else if (form === 'channels') {
      const length = shape.reduce((a, b) => a * b, 1);
      shape = length === 1 ? [] : [length, 1, 1];
    }
    const own = this.fresh();
    this.initializer(own, shape, f16 ? FLOAT16 : FLOAT, data);
    let result = own;
    if (f16) {
      result = this.fresh();
      this.op('Cast', [own], result, { to: FLOAT });
    }
    this.written.set(key, result);
    return result;
  }

  private integers(values: readonly number[]): string {
    const name = this.fresh();
    this.initializer(name, [values.length], INT64, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer));
    return name;
  }

  private float(value: number): string {
    const name = this.fresh();
    this.initializer(name, [], FLOAT, new Uint8Array(Float32Array.of(value).buffer));
    return name;
  }

  private initializer(name: string, shape: readonly number[], type: number, data: Uint8Array): void {
    const tensor = new Proto();
    for (const one of shape) tensor.int(1, one);
    this.graph.message(5, tensor.int(2, type).bytes(8, name).bytes(9, data));
  }
}

function valueInfo(name: string, shape?: readonly number[]): Proto {
  const tensor = new Proto().int(1, FLOAT);
  if (shape !== undefined) {
    const dims = new Proto();
    for (const one of shape) dims.message(1, new Proto().int(1, one));
    tensor.message(2, dims);
  }
  return new Proto().bytes(1, name).message(2, new Proto().message(1, tensor));
}

/** Outputs by the end of their node's name. */
const NETS = {
  blazeface: {
    classificators_1: 'scores1',
    classificators_2: 'scores2',
    regressors_1: 'boxes1',
    regressors_2: 'boxes2',
  },
  facemesh: { 'output_mesh/Reshape': 'mesh', 'output_faceflag/Reshape': 'face' },
  selfie: { activation_10: 'person' },
} as const;

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: npm run tool -- convert-face-nets FOLDER');
for (const [name, ends] of Object.entries(NETS)) {
  const net = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Net;
  const outputs = Object.fromEntries(
    Object.entries(ends).map(([end, to]) => {
      const node = net.modelTopology.node.find((n) => n.name === end || n.name.endsWith(`/${end}`));
      if (node === undefined) throw new Error(`${name} has no ${end}`);
      return [node.name, to];
    }),
  );
  const onnx = new Converter(net, readFileSync(join(folder, `${name}.bin`))).convert(outputs);
  writeFileSync(templatePath('models', 'face', `${name}.onnx`), onnx);
  process.stdout.write(`${name}.onnx ${onnx.length}\n`);
}
