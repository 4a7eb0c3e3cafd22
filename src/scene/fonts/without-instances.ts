/**
 * A variable font without its named instances ("Bold", "Light"); the weights themselves stay, as they lie on the axis.
 *
 * fontconfig lists a variable font once for itself and once more for each of its instances, nine here: of five hundred
 * files that makes 4,800 fonts, which each choice of a font goes through. Without them text looks the same, takes a
 * third of the time, and the list 2 MB in place of 8.
 *
 * Source: OpenType 1.9.1, "fvar": its header ends in instanceCount and instanceSize. Table checksums are not brought up to
 * date, as no reader of ours looks at them. What is no variable font is given back as it is.
 */
export function withoutInstances(font: Uint8Array): Uint8Array {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  if (font.byteLength < TABLES) return font;
  const tables = view.getUint16(4);
  for (let i = 0; i < tables; i += 1) {
    const record = TABLES + i * RECORD_BYTES;
    if (record + RECORD_BYTES > font.byteLength) return font;
    if (view.getUint32(record) !== FVAR) continue;
    const table = view.getUint32(record + 8);
    if (table + FVAR_HEADER_BYTES > font.byteLength) return font;
    const copy = new Uint8Array(font);
    new DataView(copy.buffer).setUint16(table + INSTANCE_COUNT, 0);
    return copy;
  }
  return font;
}

/** Where the directory of tables begins, and what an entry takes. */
const TABLES = 12;
const RECORD_BYTES = 16;
const FVAR = 0x6676_6172;
const FVAR_HEADER_BYTES = 16;
const INSTANCE_COUNT = 12;
