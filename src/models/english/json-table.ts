/**
 * Look-ups in a large JSON object without parsing it: the text stays in its buffer, a hash table holds the place of each
 * key, and a value is parsed when it is asked for. Two hundred thousand words as JavaScript strings would take 40 MB.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const COMMA = 0x2c;

export class JsonTable {
  /** Place of a key's opening quote plus 1; 0 is free. */
  private readonly slots: Uint32Array;
  private readonly mask: number;

  /** @param from place of the object's opening brace */
  constructor(
    private readonly json: Buffer,
    from = 0,
  ) {
    const places: number[] = [];
    let at = from + 1;
    while (!CLOSE.has(json[at]!)) {
      if (json[at] !== QUOTE) {
        at += 1;
        continue;
      }
      places.push(at);
      at = valueEnd(json, stringEnd(json, at) + 1);
    }
    let size = 16;
    while (size < places.length * 2) size *= 2;
    this.slots = new Uint32Array(size);
    this.mask = size - 1;
    for (const place of places) {
      let slot = hash(json, place, stringEnd(json, place)) & this.mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = place + 1;
    }
  }

  get(key: string): unknown {
    const at = this.placeOf(key);
    if (at === undefined) return undefined;
    return JSON.parse(this.json.toString('utf8', at, valueEnd(this.json, at))) as unknown;
  }

  has(key: string): boolean {
    return this.placeOf(key) !== undefined;
  }

  /** Place of a key's value. */
  placeOf(key: string): number | undefined {
    const wanted = Buffer.from(JSON.stringify(key));
    let slot = hash(wanted, 0, wanted.length) & this.mask;
    while (this.slots[slot] !== 0) {
      const place = this.slots[slot]! - 1;
      if (this.json.compare(wanted, 0, wanted.length, place, place + wanted.length) === 0) {
        let at = place + wanted.length;
        while (this.json[at] !== 0x3a) at += 1;
        for (at += 1; this.json[at] === 0x20; at += 1);
        return at;
      }
      slot = (slot + 1) & this.mask;
    }
    return undefined;
  }
}

/** The place after a string's closing quote. */
function stringEnd(json: Buffer, from: number): number {
  let at = from + 1;
  while (json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** The place after the value that begins at or after `from`. */
function valueEnd(json: Buffer, from: number): number {
  let at = from;
  let depth = 0;
  for (; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === QUOTE) {
      at = stringEnd(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte)) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return at;
}

/** FNV-1a. */
function hash(bytes: Buffer, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i += 1) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}
