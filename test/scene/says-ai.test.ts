import t from 'tap';
import { TEMPLATE_LANGUAGES } from '../../src/config/templates/template.js';
import type { Box } from '../../src/core/verdict.js';
import { areaOf, meet, placeOf } from '../../src/scene/place-box.js';
import { loadTemplateLayouts, loadTemplateTexts } from '../../src/templates/load-template.js';
import { saysAi } from '../../src/scene/layers/label-layer.js';
import { LayoutMaker } from '../../src/scene/lay-out.js';
import { draw, kernels, roomOf } from './scene-kit.js';
import { aiLabel } from '../../src/scene/words.js';

t.test('accepts labels that state AI origin in any language and do not deny it', async (t) => {
  for (const language of 'zh zh-TW en-GB fr es de hu ar hi ja ko ru el tr fi uk xx'.split(' ')) {
    t.ok(saysAi(aiLabel(language), language), aiLabel(language));
    t.ok(saysAi(aiLabel(language), 'th'), 'in a room of another language too');
  }
  for (const text of [
    'AI host Mei',
    'Presentadora creada con IA',
    'KI-Moderatorin, erzeugt',
    'AI 主播',
    '本直播由人工智能生成',
    'AI生成，不代表真人',
    'AI生成 非真人',
    'AI presenter, not a real person',
    'KI-generiert, kein echter Mensch',
    'Générée par IA, pas une vraie personne',
    'AI生成・実在の人物ではありません',
    'AI 생성, 실제 인물이 아닙니다',
  ]) {
    t.ok(saysAi(text, 'en'), text);
  }
  t.ok(saysAi('Présentatrice IA', 'fr'));
  for (const text of [
    '100% real human, no AI',
    '非AI',
    '真人主播，不是AI',
    'Sans IA',
    '不是AI，是真人',
    'AI? Not a real human? 100% real!',
    'No AI, a real person',
    'Ohne KI',
    'KI Fashion',
    'MI 9 sale',
  ]) {
    t.notOk(saysAi(text, 'en'), text);
  }
});

t.test('stands in two lines in every language where the layer has a width', async (t) => {
  const boxOf = async (language: string, width?: number) => {
    const label = { id: 'ai', type: 'label', ...(width === undefined ? {} : { width }) };
    const room = roomOf(t.testdir(), { width: 720, height: 1280, language, layers: [label] });
    const laid = await new LayoutMaker(room, { kernels, admit: async () => undefined, draw }).layers(null);
    return laid.find(({ layer }) => layer.type === 'label')!.box;
  };
  const two = (await boxOf('en', 304)).height;
  for (const language of ['zh', 'zh-TW', 'ja', 'ko', 'de', 'th', 'ar']) {
    const { width, height } = await boxOf(language, 304);
    t.ok(height > 0.85 * two, `${language}: ${height} px`);
    t.ok(width < (await boxOf(language)).width, `${language}: narrower than on one line`);
  }
});

t.test('keeps its letters in the safe area where it is too wide for its place', async (t) => {
  for (const language of ['en', 'ar', 'zh']) {
    const label = { id: 'ai', type: 'label', x: 1200, y: 20 };
    const room = roomOf(t.testdir(), { width: 1280, height: 720, language, layers: [label] });
    const laid = await new LayoutMaker(room, { kernels, admit: async () => undefined, draw }).layers(null);
    const { raster, x: left } = laid.find(({ layer }) => layer.type === 'label')!.pictures[0]!;
    let last = 0;
    for (let i = 0; i < raster.rgba.length; i += 4)
      if (raster.rgba[i]! > 128) last = Math.max(last, (i / 4) % raster.width);
    t.ok(last > 0 && left + last < 1280 * 0.98, `${language}: letters end at ${left + last}`);
  }
});

t.test('in the templates it keeps to its place in every language, and clear of prices and tables', async (t) => {
  const layouts = Object.entries(loadTemplateLayouts().compositions).flatMap(([name, orientations]) =>
    Object.values(orientations).map((places) => ({ name, places })),
  );
  const texts = loadTemplateTexts();
  for (const language of TEMPLATE_LANGUAGES) {
    const { label: text } = texts[language];
    const drawn = new Map<string, Box>();
    for (const { name, places } of layouts) {
      const { width, height, label, price, panel, side, close } = places;
      const layer = { id: 'ai', type: 'label', ...label, ...(text === undefined ? {} : { text }) };
      const key = JSON.stringify([layer, width]);
      if (!drawn.has(key)) {
        const room = roomOf(t.testdir(), { width, height, language, layers: [layer] });
        const laid = await new LayoutMaker(room, { kernels, admit: async () => undefined, draw }).layers(null);
        drawn.set(key, laid.find((one) => one.layer.type === 'label')!.box);
      }
      const box = drawn.get(key)!;
      const where = `${language}, ${name}, ${width}×${height}: ${placeOf(box)}`;
      t.ok(box.width <= label.width * 1.03, where);
      for (const [what, place] of Object.entries({
        ...{ price, panel, closePrice: close.price, closePanel: { ...panel, ...close.panel } },
        ...{ sidePrice: side.prices[1], otherPrice: side.prices[0], sidePanel: { ...panel, ...side.panel } },
      }))
        t.equal(areaOf(meet(box, place)), 0, `${where} clear of ${what}`);
    }
  }
});
