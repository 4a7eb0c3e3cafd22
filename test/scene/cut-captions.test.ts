import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { frameIndex } from '../../src/core/time.js';
import { SceneCompiler } from '../../src/scene/scene-compiler.js';
import { draw, kernels, roomOf } from './scene-kit.js';

const cue = (text: string, startFrame: number, endFrame: number) => ({
  text,
  language: 'en',
  startFrame,
  endFrame,
  words: [],
});

t.test('cuts the caption on air although the next one is scheduled, and takes that one back', async (t) => {
  const room = roomOf(t.testdir(), { layers: [{ id: 'words', type: 'caption', x: 10, y: 10, width: 300 }] });
  const scene = new SceneCompiler(room, { kernels, log: silentLog, admit: async () => undefined, draw });
  await scene.open();
  const first = (await scene.caption(cue('Hello', 30, 90))).layers[0]!;
  const second = (await scene.caption(cue('World', 95, 150))).layers[0]!;
  const { ends } = scene.clearCaption(frameIndex(60));
  t.same(
    ends.toSorted((a, b) => a.key - b.key),
    [
      { key: first.key, atFrame: 60 },
      { key: second.key, atFrame: 60 },
    ],
  );
  t.ok(second.startFrame > 60, 'a layer that leaves before it comes is never shown');
  t.same(scene.clearCaption(frameIndex(60)).ends, [], 'once');
});

t.test('shows a layer on cue only when it is put, in its place in the room file', async (t) => {
  const text = (id: string) => ({ id, type: 'text', text: id, x: 5, y: 5 });
  const layers = [text('below'), { ...text('cued'), shown: 'on-cue' }, text('above')];
  const room = roomOf(t.testdir(), { layers });
  const scene = new SceneCompiler(room, { kernels, log: silentLog, admit: async () => undefined, draw });
  const opened = await scene.open();
  const ids = opened.layers.map(({ id }) => id);
  t.notOk(ids.includes('cued'));
  const order = new Map(opened.layers.map((layer) => [layer.id, layer.order]));
  const cued = room.layers.find(({ id }) => id === 'cued')!;
  const [put] = (await scene.putLayer(cued, frameIndex(30))).layers;
  t.equal(put!.startFrame, 30);
  t.ok(put!.order > order.get('below')! && put!.order < order.get('above')!);
  scene.removeLayer('cued', frameIndex(60));
  const [again] = (await scene.putLayer(cued, frameIndex(90))).layers;
  t.equal(again!.order, put!.order);
});
