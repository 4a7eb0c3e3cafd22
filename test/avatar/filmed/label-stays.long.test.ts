import { join } from 'node:path';
import t from 'tap';
import { FilmReader } from '../../../src/avatar/filmed/film-data.js';
import { PresenterRuntime } from '../../../src/avatar/presenter-runtime.js';
import { DRAW, DRAW_STRIDE } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { compilerOf, kernels, roomOf, Stage } from '../../scene/scene-kit.js';
import { assistantBox, presenterBox } from '../../../src/scene/place-box.js';
import { loadPack, writePack } from './film-rig.js';

t.test('draws the AI label above a filmed presenter in a room that names no label', async (t) => {
  const dir = t.testdir();
  const room = roomOf(dir);
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await scene.open()));
  const data = await loadPack(await writePack(join(dir, 'ana')), join(dir, 'cache'), presenterBox(room));
  const presenter = new PresenterRuntime(data, room.rate, 3, 0, { kernels, open: (film) => new FilmReader(film) });
  presenter.registerBitmaps(stage.runtime.bitmaps);
  const own = new Set(data.sprites.map(({ id }) => id));
  presenter.speak(frameIndex(2), { viseme: new Uint8Array(20).fill(10), openness: new Uint8Array(20).fill(235) });
  for (let n = 0; n < 20; n += 1) {
    stage.runtime.draw(frameIndex(n), presenter, stage.list);
    const ids = Array.from({ length: stage.list.count }, (_, i) => stage.list.items[i * DRAW_STRIDE + DRAW.bitmap]!);
    t.ok(own.has(ids.at(-2)!), 'the presenter, below');
    t.notOk(own.has(ids.at(-1)!), 'the label, above');
  }
  presenter.close();
});

t.test('draws a filmed assistant in its own layer, beside a drawn host', async (t) => {
  const dir = t.testdir();
  const second = { id: 'second', type: 'assistant', anchor: 'bottom-right', width: 96, height: 128 };
  const room = roomOf(dir, { assistant: '/somebody', layers: [second] });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await scene.open()));
  const cacheDir = join(dir, 'cache');
  const film = await loadPack(await writePack(join(dir, 'ana')), cacheDir, assistantBox(room)!);
  const drawn = await loadPack(templatePath('presenters', 'mei'), cacheDir, presenterBox(room));
  const host = new PresenterRuntime(drawn, room.rate, 3);
  const assistant = new PresenterRuntime(film, room.rate, 4, 0, { kernels, open: (one) => new FilmReader(one) });
  for (const one of [host, assistant]) one.registerBitmaps(stage.runtime.bitmaps);
  host.standBeside(assistant, 2);
  assistant.standBeside(host, 1);
  const own = new Set(film.sprites.map(({ id }) => id));
  for (let n = 0; n < 10; n += 1) {
    stage.runtime.draw(frameIndex(n), host, stage.list, assistant);
    const ids = Array.from({ length: stage.list.count }, (_, i) => stage.list.items[i * DRAW_STRIDE + DRAW.bitmap]!);
    t.ok(
      ids.some((id) => own.has(id)),
      `frame ${n}`,
    );
  }
  assistant.close();
});
