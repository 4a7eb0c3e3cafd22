import t from 'tap';
import { ScanFindings } from '../../../src/codescan/pipeline/scan-areas.js';
import type { CodeSymbol } from '../../../src/codescan/pipeline/symbol.js';

/** An unread QR code with a corner at (x, y) and sides of these lengths. */
function unread(x: number, y: number, width: number, height: number): CodeSymbol {
  const at = (u: number, v: number): { x: number; y: number } => ({ x: x + u * width, y: y + v * height });
  const quad = { topLeft: at(0, 0), topRight: at(1, 0), bottomLeft: at(0, 1), bottomRight: at(1, 1) };
  return { format: 'QRCode', valid: false, text: '', x, y, width, height, quad };
}

t.test('counts a located code without locators only when allowed and of a plausible shape', async (t) => {
  const findings = new ScanFindings();
  const grey = new Uint8Array(200 * 200).fill(128);
  const take = (symbol: CodeSymbol, located: boolean): boolean => {
    findings.clear();
    findings.lookingAt(grey, 200, 200, 1);
    return findings.take([symbol], 1, 0, 0, located);
  };
  t.equal(take(unread(40, 40, 80, 80), false), false);
  t.equal(take(unread(40, 40, 80, 80), true), true);
  t.strictSame(findings.hits, [{ rule: '3.3', kind: 'undecoded-code', box: { x: 40, y: 40, width: 80, height: 80 } }]);
  t.equal(take(unread(0, 0, 0, 0), true), false, 'no corners');
  t.equal(take(unread(40, 40, 120, 40), true), false, 'three times as long as it is wide');
  t.equal(take({ ...unread(40, 40, 80, 80), format: 'DataMatrix' }, true), false, 'another format');
});
