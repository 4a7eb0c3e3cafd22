import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { runEngine } from './run-engine.js';

for (const name of ['demo-portrait', 'demo-landscape', 'minimal']) {
  t.test(`accepts the template room "${name}" in check`, async (t) => {
    const { code, stdout } = await runEngine(['check', templatePath('rooms', name, 'room.json')]);
    t.equal(code, 0, stdout);
  });
}
