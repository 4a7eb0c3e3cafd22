import t from 'tap';
import { AREA, OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { TileGrid } from '../../../src/compliance/gate/tile-grid.js';
import { RectList } from '../../../src/core/picture.js';

t.test('what nobody judged stays open where only finder patterns were searched', (t) => {
  const areas = new OpenAreas(new TileGrid(320, 320));
  areas.add(64, 64, 64, 64, AREA.unjudged, true);
  areas.add(200, 200, 32, 32, AREA.suspect, false);
  const rects = new RectList(4);
  rects.push(0, 0, 32, 32); // read for every form of code
  rects.push(0, 0, 320, 320); // searched for finder patterns
  areas.removeInside(rects, 1);
  t.equal(areas.worst(), AREA.unjudged);
  t.equal(areas.count, 1, 'a suspect is settled by the search');
  t.equal(rects.count, 2, 'the list is as it was');
  areas.removeInside(rects, 2);
  t.equal(areas.count, 0, 'and the other goes once it is read');
  t.end();
});
