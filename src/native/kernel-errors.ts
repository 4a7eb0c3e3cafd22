import { EngineError } from '../core/errors.js';

/** A draw list names a bitmap that is missing from its table. */
export const missingBitmap = (id: number): EngineError =>
  new EngineError('E_NATIVE', {
    where: 'compose',
    expected: 'every bitmap of the draw list in the table',
    found: `no bitmap ${id}`,
    todo: 'set the bitmap before the frame that draws it',
  });

/** A buffer or size that a kernel cannot process. */
export const badArgument = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_NATIVE', { where, expected, found });

/** Packed changes that do not fit a frame of this size. */
export const badChanges = (bytes: number): EngineError =>
  badArgument('unpackChanges', 'the packed changes of a frame of this size', `${bytes} bytes`);
