import t from 'tap';
import { AREA, OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { TileGrid } from '../../../src/core/media/tile-grid.js';
import { RectList } from '../../../src/core/media/picture.js';

t.test('unjudged areas stay open after a search for finder patterns only', (t) => {
  const areas = new OpenAreas(new TileGrid(320, 320));
  areas.add(64, 64, 64, 64, AREA.unjudged, true);
  areas.add(200, 200, 32, 32, AREA.suspect, false);
  areas.add(264, 200, 32, 32, AREA.violation, false);
  const rects = new RectList(4);
  rects.push(0, 0, 32, 32); // read for every form of code
  rects.push(0, 0, 320, 320); // searched for finder patterns
  areas.removeInside(rects, 1);
  t.equal(areas.count, 3, 'so do a code, which may have another form, and a suspect beside one');
  t.equal(rects.count, 2, 'the list is unchanged');
  areas.removeInside(rects, 2);
  t.equal(areas.count, 0, 'and all close once they are read');
  t.end();
});

t.test('changing suspects are searched in every frame, and close when all slices were read', (t) => {
  const grid = new TileGrid(320, 320);
  const areas = new OpenAreas(grid);
  const tiles = new Int32Array(grid.words);
  const map = new Int32Array(grid.words);
  const rects = new RectList(8);
  areas.add(64, 64, 32, 32, AREA.suspect, false);
  areas.add(192, 192, 32, 32, AREA.suspect, false);
  areas.add(256, 0, 32, 32, AREA.unjudged, true);
  grid.markRect(tiles, 0, 64, 64, 8, 8);
  areas.collect(tiles, 0, rects, AREA.unjudged);
  t.same([...rects.items.subarray(0, 4)], [256, 0, 32, 32], 'unjudged areas are read at once');
  areas.collectMilder(tiles, 0, rects, AREA.unjudged, 10, 5, map, 0);
  t.equal(rects.count, 2, 'the suspect that changed is searched');
  t.same([...rects.items.subarray(4, 8)], [64, 64, 32, 32]);
  t.equal(grid.count(map, 0), 1, 'and all of it is scheduled for reading');
  const searched = new RectList(1);
  searched.push(0, 0, 320, 320);
  areas.removeInside(searched, 0, 13);
  t.equal(areas.count, 3, 'one slice is not read yet');
  areas.removeInside(searched, 0, 14);
  t.equal(areas.count, 2, 'the suspect that did not change stays');
  areas.collectMilder(tiles, 0, rects, AREA.violation, 16, 5, map, 0);
  t.equal(rects.count, 2, 'an area is not collected twice');
  t.end();
});

t.test('unjudged areas wait again when one of their slices was not read', (t) => {
  const grid = new TileGrid(320, 320);
  const areas = new OpenAreas(grid);
  const tiles = new Int32Array(grid.words);
  const map = new Int32Array(grid.words);
  const searched = new RectList(1);
  searched.push(0, 0, 320, 320);
  const collect = (sequence: number): RectList => {
    const rects = new RectList(8);
    areas.collectMilder(tiles, 0, rects, AREA.violation, sequence, 5, map, 0);
    return rects;
  };
  areas.add(0, 0, 320, 320, AREA.unjudged, true);
  t.equal(collect(10).count, 1);
  areas.add(0, 0, 320, 320, AREA.unjudged, true); // of frame 12, with a failed scan
  areas.removeInside(searched, 0, 14);
  t.equal(areas.count, 1);
  t.equal(collect(15).count, 1);
  areas.removeInside(searched, 0, 18);
  t.equal(areas.count, 1);
  t.equal(collect(19).count, 1, 'in the last of those frames it is searched once more without new drawing');
  areas.removeInside(searched, 0, 19);
  t.equal(areas.count, 0);
  t.end();
});

t.test('reads waiting areas at once when they have become small, even if nobody draws there', (t) => {
  const grid = new TileGrid(320, 320);
  const areas = new OpenAreas(grid);
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(8);
  areas.add(64, 64, 32, 32, AREA.unjudged, true);
  areas.collectMilder(tiles, 0, rects, AREA.violation, 10, 5, new Int32Array(grid.words), 0);
  rects.clear();
  areas.collect(tiles, 0, rects, AREA.unjudged);
  t.equal(rects.count, 1);
  areas.collect(tiles, 0, rects, AREA.unjudged);
  t.equal(rects.count, 1, 'once');
  t.end();
});
