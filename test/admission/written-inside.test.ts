import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { silentLog } from '../../src/core/log.js';
import { Admission } from '../../src/admission/admission.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { roomOf } from '../scene/scene-kit.js';

t.test('judges the words of an SVG as text, in scripts the reader does not know', async (t) => {
  const room = roomOf(t.testdir(), { language: 'en' });
  const ledger: object[] = [];
  const admission = new Admission({
    kernels: loadKernels(),
    log: silentLog,
    ledger: (entry) => void ledger.push(entry),
    judge: new TextJudge({ model: null }),
    room,
  });
  t.teardown(() => admission.close());
  const picture = { rgba: new Uint8Array(64 * 64 * 4).fill(255), width: 64, height: 64, where: 'layer "card"' };
  for (const text of ['واتساب', 'Пишите в телеграм', 'แอดไลน์ goodlamp', '카카오톡 문의']) {
    await t.rejects(admission.admit({ ...picture, texts: ['Lamps', text] }), {
      code: 'E_ASSET_REFUSED',
      where: 'layer "card"',
      found: /rule 3\.2/,
    });
  }
  t.match(ledger[0], { kind: 'admission', rule: '3.2', action: 'refuse', evidence: 'واتساب' });
  await admission.admit({ ...picture, texts: ['مصباح', '24 h', '500 ml'] });
});
