import { type Box, CODE_RULE, type FrameHit } from '../../core/verdict.js';
import type { Quad } from './quad-sampler.js';

/** One code as a reader reports it; the box is in pixels of the plane that was read. */
export interface CodeSymbol {
  /** Name in ZXing's spelling: `QRCode`, `MicroQRCode`, `DataMatrix`… */
  readonly format: string;
  /** False when the symbol was located and sampled but its error correction failed. */
  readonly valid: boolean;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Its corners in the same pixels, the finder's common corner first; given for the QR family. */
  readonly quad: Quad;
}

/**
 * Receives the symbols of a reading; their pixels × `scale` + (dx, dy) are the plane's. `located`: see `ScanFindings`.
 * True when one is a code.
 */
export type TakeSymbols = (
  symbols: readonly CodeSymbol[],
  scale: number,
  dx: number,
  dy: number,
  located?: boolean,
) => boolean;

/** Kinds in the order of their numbers in shared memory. */
export const CODE_KINDS = [
  'undecoded-code',
  'qr',
  'micro-qr',
  'rmqr',
  'data-matrix',
  'aztec',
  'pdf417',
  'maxicode',
  'round-code',
  'ean13',
  'ean8',
  'upc-a',
  'upc-e',
  'code128',
  'code39',
  'itf',
  'codabar',
  'databar',
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

const KIND_OF_FORMAT: Readonly<Record<string, CodeKind>> = {
  QRCode: 'qr',
  QRCodeModel1: 'qr',
  QRCodeModel2: 'qr',
  MicroQRCode: 'micro-qr',
  RMQRCode: 'rmqr',
  DataMatrix: 'data-matrix',
  Aztec: 'aztec',
  AztecCode: 'aztec',
  AztecRune: 'aztec',
  PDF417: 'pdf417',
  CompactPDF417: 'pdf417',
  MicroPDF417: 'pdf417',
  MaxiCode: 'maxicode',
  EAN13: 'ean13',
  ISBN: 'ean13',
  EAN8: 'ean8',
  UPCA: 'upc-a',
  UPCE: 'upc-e',
  Code128: 'code128',
  Code39: 'code39',
  Code39Std: 'code39',
  Code39Ext: 'code39',
  Code32: 'code39',
  PZN: 'code39',
  ITF: 'itf',
  ITF14: 'itf',
  Codabar: 'codabar',
  DataBar: 'databar',
  DataBarOmni: 'databar',
  DataBarStk: 'databar',
  DataBarStkOmni: 'databar',
  DataBarLtd: 'databar',
  DataBarExp: 'databar',
  DataBarExpStk: 'databar',
};

/**
 * The name of a symbol in a verdict; undefined when it is no evidence.
 *
 * A QR symbol counts although its content can't be read: it has three finder patterns in the right positions, and a
 * better camera may read it. The other formats have weaker locators that textures imitate, and count only when their
 * error correction agrees.
 */
function kindOfSymbol(symbol: CodeSymbol): CodeKind | undefined {
  const kind = KIND_OF_FORMAT[symbol.format];
  if (kind === undefined) return undefined;
  if (symbol.valid) return kind;
  return kind === 'qr' ? 'undecoded-code' : undefined;
}

/** Longest text kept as evidence, in characters. */
export const EVIDENCE_CHARACTERS = 200;

/** The symbol as a hit of rule 3.3, with its box scaled by `scale` and moved by (dx, dy). */
export function hitOfSymbol(symbol: CodeSymbol, scale = 1, dx = 0, dy = 0): FrameHit | undefined {
  const kind = kindOfSymbol(symbol);
  if (kind === undefined) return undefined;
  const x = Math.floor(symbol.x * scale) + dx;
  const y = Math.floor(symbol.y * scale) + dy;
  const box = { x, y, width: Math.ceil(symbol.width * scale), height: Math.ceil(symbol.height * scale) };
  const text = symbol.text.slice(0, EVIDENCE_CHARACTERS);
  return text === '' ? { rule: CODE_RULE, kind, box } : { rule: CODE_RULE, kind, text, box };
}

/** Adds a hit, unless the code was found before; then the reading with a text stays. */
export function addHit(hits: FrameHit[], hit: FrameHit): void {
  const known = hits.findIndex((h) => isSamePlace(h.box!, hit.box!));
  if (known < 0) hits.push(hit);
  else if (hits[known]!.text === undefined && hit.text !== undefined) hits[known] = hit;
}

/** True when two boxes share more than half of the smaller one. */
function isSamePlace(a: Box, b: Box): boolean {
  const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return w > 0 && h > 0 && 2 * w * h > Math.min(a.width * a.height, b.width * b.height);
}
