import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { parseRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { Admission } from '../../src/admission/admission.js';
import { checkComposed } from '../../src/check/check-composed.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { PictureProcess } from '../../src/scene/drawing/picture-process.js';
import { makeCode } from '../kit/draw-code.js';

const { draw } = new PictureProcess({ log: silentLog });

t.test('finds a code in two halves in the composed picture', async (t) => {
  const dir = t.testdir();
  const code = await makeCode('https://evil.example/pay');
  const side = code.width * 8;
  const whole = await sharp(Buffer.from(code.dark.map((d) => (d ? 0 : 255))), {
    raw: { width: code.width, height: code.height, channels: 1 },
  })
    .resize(side, side, { kernel: 'nearest' })
    .extend({ top: 32, bottom: 32, left: 32, right: 32, background: '#fff' })
    .png()
    .toBuffer();
  const half = Math.floor(code.width / 2) * 8 + 32;
  const parts = [
    { id: 'left', left: 0, width: half },
    { id: 'right', left: half, width: side + 64 - half },
  ];
  const layers = [];
  for (const { id, left, width } of parts) {
    const file = join(dir, `${id}.png`);
    writeFileSync(
      file,
      await sharp(whole)
        .extract({ left, top: 0, width, height: side + 64 })
        .png()
        .toBuffer(),
    );
    layers.push({ id, type: 'image', src: file, x: 40 + left, y: 60 });
  }
  const room = (shown: object[]) =>
    parseRoom(
      JSON.stringify({
        name: 'halves',
        video: { width: 480, height: 480, background: '#406080' },
        presenter: { pack: 'mei' },
        layers: [{ id: 'who', type: 'presenter', anchor: 'bottom-right', width: 100, height: 160 }, ...shown],
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      }),
      join(dir, 'room.json'),
    );
  const admission = new Admission({
    kernels: loadKernels(),
    log: silentLog,
    ledger: () => undefined,
    judge: new TextJudge(),
    room: room([]),
  });
  t.teardown(() => admission.close());
  const check = (shown: object[]) =>
    checkComposed(room(shown), { kernels: loadKernels(), draw, presenter: undefined, admission });
  t.match(await check(layers), [{ severity: 'fault', where: 'composed picture', rule: '3.3', found: /^qr/ }]);
  t.same(await check(layers.slice(1)), [], 'the half with one finder is not a code');
  t.match(await check(layers.slice(0, 1)), [{ found: 'undecoded-code' }], 'the half with two finders is one by itself');
});
