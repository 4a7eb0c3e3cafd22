import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { onAir, templateRoom } from '../kit/on-air.js';
import { recordOutgoing, sendViewers } from '../kit/outgoing-texts.js';
import { typedByViewers, typedInFile } from '../kit/typed-by-viewers.js';
import { type Typed, ViewerTraces } from '../kit/viewer-traces.js';

const SECONDS = 120;
const redTeam = typedInFile(readFileSync(join(packageRoot(), 'test/kit/typed-by-red-team.tsv'), 'utf8'));

async function sentBy(t: Parameters<typeof onAir>[0], groups: readonly Typed[][], replies: object, seconds: number) {
  const sent = recordOutgoing();
  t.teardown(() => sent.stop());
  const template = templateRoom('demo-landscape');
  const room = {
    ...template,
    outputs: [],
    video: { width: 256, height: 144 },
    replies: { ...template['replies'], ...replies },
  };
  const { api, live } = await onAir(t, room);
  await sendViewers((events) => api('POST', '/api/events', events), groups, seconds);
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  await live.close();
  const traces = new ViewerTraces(template['products'], [JSON.stringify({ ...room, products: [] })]);
  return {
    texts: sent.texts,
    find: () =>
      traces.find(
        [...sent.texts.values()].flatMap((set) => [...set]),
        groups.flat(),
      ),
  };
}

t.test('a room on air speaks, captions and draws nothing that viewers typed', { timeout: 400_000 }, async (t) => {
  const groups = [...redTeam, ...typedByViewers()];
  const { texts, find } = await sentBy(t, groups, {}, SECONDS);
  t.ok((texts.get('panel')?.size ?? 0) >= 3, `${texts.get('panel')?.size} texts on panels`);
  t.ok((texts.get('caption')?.size ?? 0) >= 10, `${texts.get('caption')?.size} captions`);
  t.ok((texts.get('speech')?.size ?? 0) >= 10, `${texts.get('speech')?.size} spoken lines`);
  t.same(find(), []);
});

t.test('and the search finds them in a room that quotes', { timeout: 120_000 }, async (t) => {
  const groups = typedInFile('kettleking\tprice for the blue grandmotherly one?');
  const { find } = await sentBy(t, groups, { quote: 'judged' }, 5);
  t.match(find(), [{ sent: 'price for the blue grandmotherly one?' }]);
});
