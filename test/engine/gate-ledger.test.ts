import t from 'tap';
import { frameIndex } from '../../src/core/time.js';
import type { Log } from '../../src/core/log.js';
import { gateLedger } from '../../src/engine/gate-ledger.js';

t.test('frames that are replaced because nobody judged them in time come with what can be done', async (t) => {
  const told: object[] = [];
  const nothing = (): void => undefined;
  const log: Log = {
    debug: nothing,
    info: nothing,
    warn: (fields) => void told.push(fields),
    error: nothing,
    child: () => log,
  };
  const write = gateLedger({
    note: () => t.fail('this is no entry of the ledger'),
    log,
    evidence: { picture: () => t.fail('there is no picture to keep') },
    action: 'blank',
    onStop: () => t.fail('the room goes on'),
  });
  write({ type: 'replacing', frame: frameIndex(7), cause: 'unjudged' });
  write({ type: 'replacing', frame: frameIndex(90), cause: 'operator' });
  t.match(told[0], { frame: 7, cause: 'unjudged', todo: /the scan is behind: calm or shrink layers/ });
  t.same(told[1], { frame: 90, cause: 'operator' });
});

t.test(
  'that clips go slower is a warning that says what can be done, and that they do no longer is told',
  async (t) => {
    const told: [string, object][] = [];
    const nothing = (): void => undefined;
    const log: Log = {
      debug: nothing,
      info: (fields) => void told.push(['info', fields]),
      warn: (fields) => void told.push(['warn', fields]),
      error: nothing,
      child: () => log,
    };
    const write = gateLedger({
      note: () => t.fail('this is no entry of the ledger'),
      log,
      evidence: { picture: () => t.fail('there is no picture to keep') },
      action: 'blank',
      onStop: () => t.fail('the room goes on'),
    });
    write({ type: 'clip-pace', frame: frameIndex(7), step: 2 });
    write({ type: 'clip-pace', frame: frameIndex(90), step: 1 });
    t.match(told, [
      ['warn', { frame: 7, oneFrameOf: 2, todo: /the scan is behind/ }],
      ['info', { frame: 90 }],
    ]);
  },
);
