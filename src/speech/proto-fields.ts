/** The little of protocol buffers' wire format that a model file needs. */

export interface ProtoField {
  readonly number: number;
  /** 0: varint, 1: 8 bytes, 2: bytes, 5: 4 bytes. */
  readonly type: number;
  /** Place of the field in the file, with its number. */
  readonly start: number;
  /** Place of the value in the file; of a varint, the value is `value`. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Fields of a message between two places. Values are not copied: a model's weights stay where they are. */
export function* protoFields(bytes: Buffer, from = 0, to = bytes.length): Generator<ProtoField> {
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
    const start = at;
    const tag = varint();
    const type = tag & 7;
    const begin = at;
    let value = 0;
    if (type === 0) value = varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = varint();
      const inner = at;
      at += length;
      if (at > to) throw new Error('the file ends inside a message');
      yield { number: Math.floor(tag / 8), type, start, from: inner, to: at, value: 0 };
      continue;
    } else throw new Error(`a field of the unknown type ${type}`);
    yield { number: Math.floor(tag / 8), type, start, from: begin, to: at, value };
  }
}

export function protoBytes(number: number, bytes: Uint8Array | string): Buffer {
  const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return Buffer.concat([protoVarint(number * 8 + 2), protoVarint(body.length), body]);
}

export const protoInt = (number: number, value: number): Buffer =>
  Buffer.concat([protoVarint(number * 8), protoVarint(value)]);

export function protoVarint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return Buffer.from(out);
}

/** Packed whole numbers. */
export function protoVarints(bytes: Buffer, from: number, to: number): number[] {
  const values: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of bytes.subarray(from, to)) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    values.push(value);
    [value, scale] = [0, 1];
  }
  return values;
}
