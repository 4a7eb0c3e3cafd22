/** Boxes of ISO base media files (ISO/IEC 14496-12) as buffers: size, name, content. */

export type BoxPart = Uint8Array | readonly BoxPart[];

const flat = (part: BoxPart): Uint8Array[] =>
  part instanceof Uint8Array ? [part] : (part as readonly BoxPart[]).flatMap(flat);

export function box(name: string, ...parts: BoxPart[]): Buffer {
  const inside = parts.flatMap(flat);
  const size = inside.reduce((sum, part) => sum + part.length, 8);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size, 0);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, ...inside], size);
}

export const fullBox = (name: string, version: number, flags: number, ...parts: BoxPart[]): Buffer =>
  box(name, u32(((version << 24) | flags) >>> 0), ...parts);

export function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function u16(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => out.writeUInt16BE(value & 0xffff, i * 2));
  return out;
}

export function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => out.writeUInt32BE(value >>> 0, i * 4));
  return out;
}

export function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

export const text = (value: string): Buffer => Buffer.from(value, 'latin1');
export const zeros = (length: number): Buffer => Buffer.alloc(length);
