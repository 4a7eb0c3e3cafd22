import t from 'tap';
import { progressLog } from '../../src/cli/progress-log.js';

function writer(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

t.test('prints a line for each progress message to a pipe, and nothing else', async (t) => {
  const out = writer(false);
  const log = progressLog(out).child({ part: 'x' });
  log.info({ where: 'layers[2].items[0]', clip: 'film.mp4', done: 12, of: 30 }, 'scanning a clip');
  log.info({ port: 80 }, 'listening');
  log.warn({ done: 1, of: 2 }, 'no progress');
  t.equal(out.text, 'scanning a clip (film.mp4): 12 of 30\n');
});

t.test('rewrites the line on a terminal, and clears it at the end', async (t) => {
  const out = writer(true);
  const log = progressLog(out);
  log.clear();
  t.equal(out.text, '', 'nothing was shown');
  log.info({ done: 1, of: 3 }, 'reading');
  log.info({ done: 2, of: 3 }, 'reading');
  log.clear();
  t.equal(out.text, '\r\u001b[2Kreading: 1 of 3\r\u001b[2Kreading: 2 of 3\r\u001b[2K');
});
