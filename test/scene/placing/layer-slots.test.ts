import t from 'tap';
import { newDraft } from '../../../src/scene/layer-compiler.js';
import { endSlot, LayerSlots } from '../../../src/scene/placing/layer-slots.js';
import { canvasOf } from '../../../src/scene/place-box.js';
import { roomOf } from '../scene-kit.js';

const { layers } = roomOf(t.testdir({}), {
  layers: [
    { id: 'a', type: 'text', text: 'A' },
    { id: 'b', type: 'text', text: 'B' },
  ],
});
const slotsOf = (): LayerSlots => new LayerSlots(layers, canvasOf(320, 240));

t.test("keeps a replaced layer's position and appends new layers", async (t) => {
  const slots = slotsOf();
  const [a, b] = [slots.get('a')!, slots.get('b')!];
  t.equal(slots.place(a.layer).order, a.order);
  t.equal(slots.get('a'), a, 'until it is put there, the old one stays');
  const fresh = slots.place({ ...a.layer, id: 'c' });
  t.ok(fresh.order > b.order);
  t.notOk(slots.get('c'));
  slots.put(fresh);
  t.equal(slots.take('c'), fresh);
  t.throws(() => slots.take('c'), { code: 'E_LAYER_UNKNOWN' });
});

t.test('always has a label and protects the presenter', async (t) => {
  const slots = slotsOf();
  const labels = (): string[] => [...slots.values()].flatMap(({ layer }) => (layer.type === 'label' ? layer.id : []));
  slots.ensureLabel();
  slots.ensureLabel();
  t.strictSame(labels(), ['ai-label']);
  t.throws(() => slots.take('ai-label'), { code: 'E_LAYER_INVALID' });
  t.throws(() => slots.take('who'), { code: 'E_LAYER_INVALID' });
  t.throws(() => slots.refusePresenterChange('who', slots.get('a')!.layer), { code: 'E_LAYER_INVALID' });
  t.strictSame(labels(), ['ai-label']);
});

t.test('skips layers removed during the iteration', async (t) => {
  const slots = slotsOf();
  const seen: string[] = [];
  for (const { layer } of slots.values()) {
    seen.push(layer.id);
    if (layer.id === 'a') slots.take('b');
  }
  t.strictSame(seen, ['who', 'a']);
});

t.test("frees a leaving layer's pictures once, after it is gone", async (t) => {
  const slot = slotsOf().get('a')!;
  slot.shown = {
    key: 7,
    ids: [3, 4],
    leaveFrames: 10,
    box: { x: 0, y: 0, width: 2, height: 2 },
    words: undefined,
    digest: undefined,
  };
  const draft = newDraft();
  endSlot(slot, 100, draft);
  endSlot(slot, 200, draft);
  t.strictSame(draft.ends, [{ key: 7, atFrame: 100 }]);
  t.strictSame(draft.removeBitmaps, [
    { id: 3, atFrame: 110 },
    { id: 4, atFrame: 110 },
  ]);
});
