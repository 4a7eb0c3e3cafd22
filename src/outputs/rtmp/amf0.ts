/** AMF 0 (Action Message Format, Adobe 2007): the part that RTMP commands use. */

export type AmfValue = number | boolean | string | null | undefined | AmfValue[] | { readonly [key: string]: AmfValue };

const NUMBER = 0;
const BOOLEAN = 1;
const STRING = 2;
const OBJECT = 3;
const NULL = 5;
const UNDEFINED = 6;
const ECMA_ARRAY = 8;
const OBJECT_END = 9;
const STRICT_ARRAY = 10;
const DATE = 11;
const LONG_STRING = 12;
const MAX_DEPTH = 16;

/** Written as an ECMA array (as metadata is) instead of an object. */
export class AmfEcmaArray {
  constructor(readonly fields: Readonly<Record<string, AmfValue>>) {}
}

export function encodeAmf0(...values: (AmfValue | AmfEcmaArray)[]): Buffer {
  const parts: Buffer[] = [];
  for (const value of values) encodeValue(parts, value);
  return Buffer.concat(parts);
}

function encodeValue(parts: Buffer[], value: AmfValue | AmfEcmaArray): void {
  if (typeof value === 'number') {
    const b = Buffer.alloc(9);
    b.writeDoubleBE(value, 1);
    parts.push(b);
  } else if (typeof value === 'boolean') {
    parts.push(Buffer.from([BOOLEAN, value ? 1 : 0]));
  } else if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    const long = text.length > 0xffff;
    const head = Buffer.alloc(long ? 5 : 3);
    head[0] = long ? LONG_STRING : STRING;
    if (long) head.writeUInt32BE(text.length, 1);
    else head.writeUInt16BE(text.length, 1);
    parts.push(head, text);
  } else if (value === null) {
    parts.push(Buffer.from([NULL]));
  } else if (value === undefined) {
    parts.push(Buffer.from([UNDEFINED]));
  } else if (Array.isArray(value)) {
    const head = Buffer.alloc(5);
    head[0] = STRICT_ARRAY;
    head.writeUInt32BE(value.length, 1);
    parts.push(head);
    for (const item of value) encodeValue(parts, item);
  } else if (value instanceof AmfEcmaArray) {
    const head = Buffer.alloc(5);
    head[0] = ECMA_ARRAY;
    head.writeUInt32BE(Object.keys(value.fields).length, 1);
    parts.push(head);
    encodeFields(parts, value.fields);
  } else {
    parts.push(Buffer.from([OBJECT]));
    encodeFields(parts, value);
  }
}

function encodeFields(parts: Buffer[], fields: Readonly<Record<string, AmfValue>>): void {
  for (const [key, value] of Object.entries(fields)) {
    const name = Buffer.from(key, 'utf8');
    const head = Buffer.alloc(2);
    head.writeUInt16BE(name.length, 0);
    parts.push(head, name);
    encodeValue(parts, value);
  }
  parts.push(Buffer.from([0, 0, OBJECT_END]));
}

/** All values of a message. @throws RangeError on a truncated message or an unknown type */
export function decodeAmf0(data: Buffer): AmfValue[] {
  const values: AmfValue[] = [];
  const reader = new Reader(data);
  while (!reader.atEnd) values.push(reader.value(0));
  return values;
}

class Reader {
  private at = 0;
  constructor(private readonly data: Buffer) {}

  get atEnd(): boolean {
    return this.at >= this.data.length;
  }

  value(depth: number): AmfValue {
    if (depth > MAX_DEPTH) throw new RangeError('AMF0 nesting too deep');
    const type = this.data.readUInt8(this.at);
    this.at += 1;
    switch (type) {
      case NUMBER:
        return this.double();
      case BOOLEAN:
        return this.data.readUInt8(this.at++) !== 0;
      case STRING:
        return this.text(this.uint16());
      case LONG_STRING:
        return this.text(this.uint32());
      case OBJECT:
        return this.fields(depth);
      case ECMA_ARRAY:
        this.uint32();
        return this.fields(depth);
      case STRICT_ARRAY: {
        const length = this.uint32();
        const items: AmfValue[] = [];
        for (let i = 0; i < length; i += 1) items.push(this.value(depth + 1));
        return items;
      }
      case DATE: {
        const ms = this.double();
        this.at += 2;
        return ms;
      }
      case NULL:
        return null;
      case UNDEFINED:
        return undefined;
      default:
        throw new RangeError(`AMF0 type ${type}`);
    }
  }

  private fields(depth: number): AmfValue {
    const fields: Record<string, AmfValue> = {};
    for (;;) {
      const key = this.text(this.uint16());
      if (key === '' && this.data[this.at] === OBJECT_END) {
        this.at += 1;
        return fields;
      }
      const value = this.value(depth + 1);
      // The peer chooses these keys; only plain ones become properties.
      if (key !== '__proto__') fields[key] = value;
    }
  }

  private double(): number {
    const value = this.data.readDoubleBE(this.at);
    this.at += 8;
    return value;
  }
  private uint16(): number {
    const value = this.data.readUInt16BE(this.at);
    this.at += 2;
    return value;
  }
  private uint32(): number {
    const value = this.data.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }
  private text(length: number): string {
    if (this.at + length > this.data.length) throw new RangeError('AMF0 string truncated');
    const text = this.data.toString('utf8', this.at, this.at + length);
    this.at += length;
    return text;
  }
}
