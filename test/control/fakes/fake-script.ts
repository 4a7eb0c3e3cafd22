import type { ScriptHandle, ScriptSnapshot } from '../../../src/config/api/script-handle.js';
import { EngineError } from '../../../src/core/errors.js';

const scriptSnapshot: ScriptSnapshot = {
  revision: 3,
  paused: false,
  current: { segment: 'intro', line: 'hello' },
  next: { segment: 'intro', line: 'line-2' },
  loop: true,
  gapMs: 450,
  fillers: [],
  segments: [{ id: 'intro', product: null, lines: [{ id: 'hello', text: 'Hello', variants: [], gesture: 'none' }] }],
};

/** Records edits; refuses texts with "phone", and unknown segments. */
export function fakeScript(calls: string[]): ScriptHandle {
  const call = (name: string, ...rest: unknown[]): void =>
    void calls.push([`script ${name}`, ...rest.map((one) => JSON.stringify(one))].join(' '));
  const judge = (body: unknown): void => {
    if (!JSON.stringify(body).includes('phone')) return;
    const hits = [{ rule: '3.2', kind: 'phone', match: 'phone' }];
    const details = { hits, reason: { en: 'phone number / outside contact', zh: '电话号码 / 站外联系方式' } };
    throw new EngineError('E_TEXT_REFUSED', { where: 'line', expected: 'words that may be spoken', details });
  };
  const find = (segment: string): void => {
    if (segment === 'nowhere') throw new EngineError('E_NOT_FOUND', { where: 'segment', found: '"nowhere"' });
  };
  const edit = async (name: string, id: string, ...rest: unknown[]) => {
    judge(rest);
    call(name, id, ...rest);
    return { revision: 4, id };
  };
  return {
    snapshot: () => scriptSnapshot,
    replace: async (segments) => {
      judge(segments);
      call('replace', segments.length);
      return scriptSnapshot;
    },
    change: async (settings) => {
      call('change', settings);
      return scriptSnapshot;
    },
    addSegment: (segment, after) => edit('addSegment', segment.id ?? 'segment-2', segment.lines.length, after ?? 'end'),
    putSegment: (id, segment) => edit('putSegment', id, segment.lines),
    patchSegment: (id, patch) => edit('patchSegment', id, patch),
    deleteSegment: async (id) => {
      find(id);
      call('deleteSegment', id);
    },
    addLine: (segment, line, after) => edit('addLine', line.id ?? 'line-2', segment, line.text, after ?? 'end'),
    putLine: (segment, id, line) => edit('putLine', id, segment, line.text),
    patchLine: (segment, id, patch) => edit('patchLine', id, segment, patch),
    deleteLine: async (segment, id) => call('deleteLine', segment, id),
    jump: async (to) => {
      find(to.segment);
      call('jump', to);
      return scriptSnapshot;
    },
    skip: async (options) => {
      call('skip', options);
      return { skipped: 's0.0.0' };
    },
    pause: async () => {
      call('pause');
      return { ...scriptSnapshot, paused: true };
    },
    resume: async () => {
      call('resume');
      return scriptSnapshot;
    },
  };
}
