import t from 'tap';
import { FrameRecords, SCAN } from '../../../../src/compliance/gate/buffers/frame-records.js';
import { TileGrid } from '../../../../src/core/media/tile-grid.js';
import { RectList } from '../../../../src/core/media/picture.js';
import { frameIndex } from '../../../../src/core/time.js';

function open(records: FrameRecords, sequence: number, ...[x = 0, y = 0, w = 0, h = 0]: number[]): void {
  const damage = new RectList(1);
  if (w > 0) damage.push(x, y, w, h);
  records.begin(sequence, frameIndex(sequence + 100), damage);
}

t.test('a record reused a ring later holds nothing of the earlier frame', async (t) => {
  const records = new FrameRecords(4, new TileGrid(320, 192));
  open(records, 1, 0, 0, 32, 32);
  records.place(1, 3, SCAN.posted);
  records.verdicts[records.slot(1)] = 1;
  records.suspicious[records.tilesAt(1)] = 1;
  open(records, 5, 64, 64, 32, 32);
  t.equal(records.frame(5), 105);
  t.equal(records.buffer(5), -1);
  t.equal(records.scans[records.slot(5)], SCAN.none);
  t.equal(records.verdicts[records.slot(5)], 0);
  t.equal(records.suspicious[records.tilesAt(5)], 0);
  t.notOk(records.touches(5, 0, 0, 32, 32));
  t.ok(records.touches(5, 70, 70, 2, 2));
});

t.test('touchedSince covers the frames after the one being judged, up to the newest', async (t) => {
  const records = new FrameRecords(8, new TileGrid(320, 192));
  open(records, 0, 0, 0, 32, 32);
  open(records, 1, 128, 0, 32, 32);
  open(records, 2, 256, 0, 32, 32);
  t.notOk(records.touchedSince(0, 0, 32, 32), 'its own damage is part of its scan');
  t.ok(records.touchedSince(128, 0, 32, 32));
  t.ok(records.touchedSince(256, 0, 32, 32));
  records.judgedTo = 1;
  t.notOk(records.touchedSince(128, 0, 32, 32));
  t.ok(records.touchedSince(256, 0, 32, 32));
});
