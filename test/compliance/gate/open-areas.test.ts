import t from 'tap';
import { AREA, OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { TileGrid } from '../../../src/compliance/gate/tile-grid.js';
import { RectList } from '../../../src/core/picture.js';

t.test('what nobody judged stays open where only finder patterns were searched', (t) => {
  const areas = new OpenAreas(new TileGrid(320, 320));
  areas.add(64, 64, 64, 64, AREA.unjudged, true);
  areas.add(200, 200, 32, 32, AREA.suspect, false);
  areas.add(264, 200, 32, 32, AREA.violation, false);
  const rects = new RectList(4);
  rects.push(0, 0, 32, 32); // read for every form of code
  rects.push(0, 0, 320, 320); // searched for finder patterns
  areas.removeInside(rects, 1);
  t.equal(areas.count, 3, 'so does a code, which may be of another form, and a suspect that stood beside one');
  t.equal(rects.count, 2, 'the list is as it was');
  areas.removeInside(rects, 2);
  t.equal(areas.count, 0, 'and all go once they are read');
  t.end();
});

t.test('suspects that change are searched in every frame, and go when all slices of them were read', (t) => {
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
  t.same([...rects.items.subarray(0, 4)], [256, 0, 32, 32], 'what nobody judged is read at once');
  areas.collectMilder(tiles, 0, rects, AREA.unjudged, 14, map, 0);
  t.equal(rects.count, 2, 'the suspect that changed is searched');
  t.same([...rects.items.subarray(4, 8)], [64, 64, 32, 32]);
  t.equal(grid.count(map, 0), 1, 'and all of it is to be read');
  const searched = new RectList(1);
  searched.push(0, 0, 320, 320);
  areas.removeInside(searched, 0, 13);
  t.equal(areas.count, 3, 'one slice is not read yet');
  areas.removeInside(searched, 0, 14);
  t.equal(areas.count, 2, 'the suspect that did not change stays');
  areas.collectMilder(tiles, 0, rects, AREA.violation, 20, map, 0);
  t.equal(rects.count, 2, 'what was taken is not taken again');
  t.end();
});
