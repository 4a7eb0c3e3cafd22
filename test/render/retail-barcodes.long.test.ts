import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { Admission } from '../../src/admission/admission.js';
import { refusesRetail } from '../../src/admission/picture-memory.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { barsOf, RETAIL_FORMS } from '../codescan/draw-retail.js';
import { templateRoom } from '../kit/on-air.js';

t.test('admits a picture with a retail barcode only where the room allows it', async (t) => {
  const bars = await barsOf(RETAIL_FORMS[0]);
  const [width, height] = [400, 240];
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < 3 * bars.height; y += 1) {
    for (let x = 0; x < 3 * bars.width; x += 1) {
      if (bars.dark[Math.floor(y / 3) * bars.width + Math.floor(x / 3)] !== 1) continue;
      rgba.fill(20, ((y + 50) * width + x + 50) * 4, ((y + 50) * width + x + 50) * 4 + 3);
    }
  }
  const dir = t.testdir();
  for (const retailBarcodes of [undefined, 'allow', 'refuse']) {
    const file = join(dir, 'room.json');
    const compliance = { ocr: { pictures: 'never' }, ...(retailBarcodes === undefined ? {} : { retailBarcodes }) };
    writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), compliance }));
    const room = loadRoom(file);
    t.equal(refusesRetail(room), retailBarcodes === 'refuse');
    const judge = new TextJudge();
    const admission = new Admission({ kernels: loadKernels(), log: silentLog, ledger: () => undefined, judge, room });
    t.teardown(() => admission.close());
    const admitted = admission.admit({ rgba, width, height, where: 'layer "box"' });
    if (retailBarcodes !== 'refuse') await t.resolves(admitted);
    else await t.rejects(admitted, { code: 'E_ASSET_REFUSED', found: /ean13.*rule 3\.3/ });
  }
});
