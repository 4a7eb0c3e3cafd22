import { serveParent } from '../../src/core/processes/serve-parent.js';

/** A child for the tests: answers, or misbehaves on request. */
const kept: Buffer[] = [];

await serveParent<string, string>(0, async () => async (request) => {
  switch (request) {
    case 'spin':
      for (;;);
    case 'grow':
      for (;;) {
        kept.push(Buffer.alloc(16 * 1024 * 1024, 1));
        await new Promise((done) => setImmediate(done));
      }
    case 'die':
      return process.exit(3);
    case 'throw':
      throw new Error('not this one');
    case 'environment':
      return Object.keys(process.env).join(' ');
    default:
      return `${request}!`;
  }
});
