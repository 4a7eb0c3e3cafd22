import t from 'tap';
import { loadStepText } from '../../../src/cli/terminal/show-console.js';

t.test('names the step of a loading room, with its share', async (t) => {
  t.equal(loadStepText({ step: 'pictures', done: 12, of: 40 }, 'en'), 'Reading pictures 12 of 40…');
  t.equal(loadStepText({ step: 'pictures', done: 12, of: 40 }, 'zh'), '审核图片 12/40…');
  t.equal(loadStepText({ step: 'texts' }, 'en'), 'Checking texts…');
});
