import t from 'tap';
import type { TextLine } from '../../src/compliance/ocr/ocr-messages.js';
import type { FrameVerdict } from '../../src/core/verdict.js';
import { ComposedWords } from '../../src/admission/composed-words.js';

const LINE: TextLine = { text: 'Oak table', confidence: 1, box: { x: 0, y: 0, width: 90, height: 20 } };

function rig() {
  const kept = new Map<string, readonly TextLine[]>();
  const state = {
    still: { digest: 'table', sinceFrame: 0 } as { digest: string; sinceFrame: number } | undefined,
    frame: 100,
    forbids: '',
  };
  const words = new ComposedWords({
    admission: {
      judgeKept(key): FrameVerdict | undefined {
        const lines = kept.get(key);
        if (lines === undefined) return undefined;
        const verdict = lines.some((line) => line.text === state.forbids) ? 'violation' : 'clean';
        return { verdict, hits: [] };
      },
      keepWords: (key, lines) => void kept.set(key, lines),
    },
    still: () => state.still,
    presenter: () => ({ digest: 'mei', sinceFrame: 0 }),
    frame: () => state.frame,
  });
  return { words, state, kept };
}

t.test('knows a picture of equal layers, and judges its words by the present rules', (t) => {
  const { words, state } = rig();
  t.equal(words.isClean(), false);
  words.begin()({ hits: [], lines: [LINE] });
  t.equal(words.isClean(), true);
  state.forbids = LINE.text;
  t.equal(words.isClean(), false, 'a rule came to forbid it');
  state.forbids = '';
  state.still = { digest: 'lamp', sinceFrame: 90 };
  t.equal(words.isClean(), false, 'other layers');
  t.end();
});

t.test('keeps neither failed readings nor those of layers that have changed since', (t) => {
  const { words, state, kept } = rig();
  const keep = words.begin();
  state.still = { digest: 'lamp', sinceFrame: 90 };
  keep({ hits: [], lines: [LINE] });
  words.begin()({ hits: [{ rule: '3.2', kind: 'unread-text', text: 'died' }], lines: [] });
  t.equal(kept.size, 0);
  t.end();
});

t.test('knows nothing of scheduled layers, nor of pictures without a digest', (t) => {
  const { words, state, kept } = rig();
  words.begin()({ hits: [], lines: [] });
  state.still = { digest: 'table', sinceFrame: 101 };
  t.equal(words.isClean(), false, 'on air from the next frame on');
  state.frame = 101;
  t.equal(words.isClean(), true);
  state.still = undefined;
  t.equal(words.isClean(), false);
  words.begin()({ hits: [], lines: [] });
  t.equal(kept.size, 1);
  t.end();
});
