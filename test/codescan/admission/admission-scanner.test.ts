import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { AdmissionScanner } from '../../../src/codescan/admission/admission-scanner.js';
import { makeCode, type Modules } from '../../kit/draw-code.js';

type Rgba = [number, number, number, number];

interface Drawing {
  size: [number, number];
  ground: Rgba;
  dark: Rgba;
  light: Rgba;
  module: number;
  x: number;
  y: number;
}

const PLAIN: Drawing = {
  size: [640, 480],
  ground: [90, 120, 150, 255],
  dark: [0, 0, 0, 255],
  light: [255, 255, 255, 255],
  module: 5,
  x: 60,
  y: 50,
};

function draw(code: Modules | undefined, options: Partial<Drawing> = {}) {
  const { size, ground, dark, light, module, x, y } = { ...PLAIN, ...options };
  const [width, height] = size;
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) rgba.set(ground, 4 * i);
  if (code !== undefined) {
    for (let v = 0; v < (code.height + 8) * module; v += 1) {
      for (let u = 0; u < (code.width + 8) * module; u += 1) {
        const mx = Math.floor(u / module) - 4;
        const my = Math.floor(v / module) - 4;
        const inside = mx >= 0 && my >= 0 && mx < code.width && my < code.height;
        const isDark = inside && code.dark[my * code.width + mx] === 1;
        rgba.set(isDark ? dark : light, 4 * ((y + v) * width + x + u));
      }
    }
  }
  return { rgba, width, height };
}

const scanner = new AdmissionScanner({ log: silentLog });
t.teardown(() => scanner.close());
const scan = (picture: ReturnType<typeof draw>, mode: 'admission' | 'live' = 'admission') =>
  scanner.scan(picture.rgba, picture.width, picture.height, mode);

t.test('reports a code of any format as a violation of rule 3.3, in both modes', async (t) => {
  const kinds = { QRCode: 'qr', DataMatrix: 'data-matrix', Aztec: 'aztec', PDF417: 'pdf417' } as const;
  for (const [format, kind] of Object.entries(kinds)) {
    const code = await makeCode('call 13800138000', format as keyof typeof kinds);
    for (const mode of ['admission', 'live'] as const) {
      const verdict = await scan(draw(code, { module: 3 }), mode);
      t.match(
        verdict,
        { verdict: 'violation', hits: [{ rule: '3.3', kind, text: 'call 13800138000' }] },
        `${format} ${mode}`,
      );
    }
  }
});

t.test('finds equiluminant, transparent and faint codes', async (t) => {
  const code = await makeCode('hidden');
  const cases: Record<string, Partial<Drawing>> = {
    'red on green of equal luma': { dark: [200, 60, 60, 255], light: [20, 113, 60, 255], ground: [20, 113, 60, 255] },
    'blue on grey': { dark: [128, 128, 140, 255], light: [128, 128, 118, 255] },
    'black on nothing': { dark: [0, 0, 0, 255], light: [0, 0, 0, 0], ground: [0, 0, 0, 0] },
    'white on nothing': { dark: [255, 255, 255, 255], light: [255, 255, 255, 0], ground: [0, 0, 0, 0] },
    'four steps of grey': { dark: [126, 126, 126, 255], light: [132, 132, 132, 255], ground: [132, 132, 132, 255] },
  };
  for (const [name, options] of Object.entries(cases)) {
    t.equal((await scan(draw(code, options))).verdict, 'violation', name);
  }
});

t.test("finds a small code in a large photograph, with its box in the photograph's pixels", async (t) => {
  const code = await makeCode('small');
  const { verdict, hits } = await scan(draw(code, { size: [3000, 2000], module: 4, x: 2400, y: 1500 }));
  t.equal(verdict, 'violation');
  const { x, y } = hits[0]!.box!;
  t.ok(Math.abs(x - 2416) < 16 && Math.abs(y - 1516) < 16, `${x}, ${y}`);
});

t.test('passes pictures without a code, however small', async (t) => {
  t.strictSame(await scan(draw(undefined)), { verdict: 'clean', hits: [] });
  for (const size of [
    [1, 1],
    [2, 1],
    [1, 300],
    [7, 5],
    [65, 63],
  ] as [number, number][]) {
    for (const mode of ['admission', 'live'] as const) {
      t.equal((await scan(draw(undefined, { size }), mode)).verdict, 'clean', `${size} ${mode}`);
    }
  }
});

t.test('refuses a picture without a verdict in time, and judges the next one', async (t) => {
  const hasty = new AdmissionScanner({ log: silentLog, timeoutMs: 1 });
  t.teardown(() => hasty.close());
  const { rgba, width, height } = draw(undefined);
  await t.rejects(hasty.scan(rgba, width, height, 'admission', 'layer "offer"'), {
    code: 'E_SCAN_FAILED',
    message: /layer "offer": expected a verdict of the admission scan, found none in 1 ms/,
  });
  t.throws(() => hasty.scan(rgba, width + 1, height), { code: 'E_SCAN_FAILED' });
  await hasty.close();
  await hasty.close();
  await t.rejects(hasty.scan(rgba, width, height), { code: 'E_CLOSED' });
  t.equal((await scan(draw(undefined))).verdict, 'clean');
});
