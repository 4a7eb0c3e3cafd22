import { EngineError } from '../core/errors.js';

export const noPresenter = (file: string): EngineError =>
  new EngineError('E_ROOM_INVALID', {
    where: `${file}: layers`,
    expected: 'a layer of type "presenter"',
    found: 'no such layer',
  });

export const unknownLayer = (id: string, known: Iterable<string>): EngineError =>
  new EngineError('E_LAYER_UNKNOWN', {
    where: 'layers',
    expected: `one of ${[...known].join(', ')}`,
    found: `"${id}"`,
  });

export const unknownProduct = (id: string, known: Iterable<string>): EngineError =>
  new EngineError('E_NOT_FOUND', { where: 'products', expected: `one of ${[...known].join(', ')}`, found: `"${id}"` });

export const labelStays = (id: string): EngineError =>
  new EngineError('E_LAYER_INVALID', {
    where: `layer "${id}"`,
    expected: 'another layer',
    found: 'the AI label, which is always shown',
    todo: 'put a label layer with the same id to move it',
  });

export const presenterStays = (id: string): EngineError =>
  new EngineError('E_LAYER_INVALID', {
    where: `layer "${id}"`,
    expected: 'a layer other than the presenter',
    found: 'the presenter, whose place is fixed while the room is on air',
    todo: 'change the room file and start again',
  });
