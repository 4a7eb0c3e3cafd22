import { createRequire } from 'node:module';
import type { InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import t from 'tap';
import { convolutionsAsProducts } from '../../../src/speech/kokoro/convolutions-as-products.js';
import { protoBytes, protoInt } from '../../../src/speech/proto-fields.js';
import { seededRandom } from '../../../src/core/random.js';

const { InferenceSession, Tensor: OnnxTensor } = createRequire(import.meta.url)('onnxruntime-node') as {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
};
const FLOAT = 1;
const UINT8 = 2;
const INT32 = 6;
const [INS, OUTS, FRAMES] = [5, 7, 40];

interface Conv {
  taps: number;
  dilation?: number;
  stride?: number;
  pad: number;
}

function convolution({ taps, dilation = 1, stride = 1, pad }: Conv): Buffer {
  const random = seededRandom(taps * 100 + dilation);
  const node = (operator: string, inputs: string[], outputs: string[], attributes: Buffer[] = []): Buffer =>
    protoBytes(
      1,
      Buffer.concat([
        ...inputs.map((name) => protoBytes(1, name)),
        ...outputs.map((name) => protoBytes(2, name)),
        protoBytes(4, operator),
        ...attributes.map((one) => protoBytes(5, one)),
      ]),
    );
  const integers = (name: string, values: number[]): Buffer =>
    Buffer.concat([protoBytes(1, name), ...values.map((value) => protoInt(8, value)), protoInt(20, 7)]);
  const bytes = (name: string, dims: number[], raw: Uint8Array): Buffer =>
    protoBytes(
      5,
      Buffer.concat([
        ...dims.map((size) => protoInt(1, size)),
        protoInt(2, UINT8),
        protoBytes(8, name),
        protoBytes(9, raw),
      ]),
    );
  const value = (field: number, name: string, type: number, dims: (string | number)[]): Buffer => {
    const shape = dims.map((d) => protoBytes(1, typeof d === 'number' ? protoInt(1, d) : protoBytes(2, d)));
    const tensor = Buffer.concat([protoInt(1, type), protoBytes(2, Buffer.concat(shape))]);
    return protoBytes(field, Buffer.concat([protoBytes(1, name), protoBytes(2, protoBytes(1, tensor))]));
  };
  const weights = Uint8Array.from({ length: OUTS * INS * taps }, () => Math.floor(random() * 256));
  const graph = Buffer.concat([
    node('DynamicQuantizeLinear', ['x'], ['bytes', 'scale', 'zero']),
    node(
      'ConvInteger',
      ['bytes', 'weights', 'zero', 'weightZero'],
      ['y'],
      [
        integers('dilations', [dilation]),
        integers('kernel_shape', [taps]),
        integers('pads', [pad, pad]),
        integers('strides', [stride]),
      ],
    ),
    protoBytes(2, 'convolution'),
    bytes('weights', [OUTS, INS, taps], weights),
    bytes('weightZero', [], Uint8Array.of(69)),
    value(11, 'x', FLOAT, [1, INS, 'frames']),
    value(12, 'y', INT32, [1, OUTS, 'out']),
  ]);
  return Buffer.concat([protoInt(1, 8), protoBytes(7, graph), protoBytes(8, protoInt(2, 17))]);
}

async function run(model: Buffer): Promise<Tensor> {
  const session = await InferenceSession.create(new Uint8Array(model), { intraOpNumThreads: 1 });
  const random = seededRandom(7);
  const x = Float32Array.from({ length: INS * FRAMES }, () => random() * 3 - 1);
  const { y } = await session.run({ x: new OnnxTensor('float32', x, [1, INS, FRAMES]) });
  return y as Tensor;
}

for (const conv of [
  { taps: 1, pad: 0 },
  { taps: 3, pad: 1 },
  { taps: 3, dilation: 5, pad: 5 },
  { taps: 11, dilation: 3, pad: 15 },
])
  void t.test(`gives the integers of ${JSON.stringify(conv)} by a product`, async (t) => {
    const model = convolution(conv);
    const changed = Buffer.concat(convolutionsAsProducts(model));
    t.equal(model.includes('ConvInteger'), true);
    t.equal(changed.includes('ConvInteger'), false);
    const [was, is] = [await run(model), await run(changed)];
    t.same(is.dims, was.dims);
    t.same(is.data, was.data);
  });

void t.test('leaves a convolution with steps, and one without its padding, as it is', (t) => {
  for (const conv of [
    { taps: 12, stride: 6, pad: 3 },
    { taps: 3, pad: 0 },
  ]) {
    const model = convolution(conv);
    t.same(Buffer.concat(convolutionsAsProducts(model)).includes('ConvInteger'), true);
  }
  const other = protoInt(1, 8);
  t.same(Buffer.concat(convolutionsAsProducts(other)), other);
  t.end();
});
