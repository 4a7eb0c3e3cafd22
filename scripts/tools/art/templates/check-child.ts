import { createLog } from '../../../../src/core/log.js';
import { serveParent } from '../../../../src/core/processes/serve-parent.js';
import { CheckTools } from '../../../../src/check/check-tools.js';
import { checkOne, type RoomJob, type RoomResult } from './check-one.js';

// One of the processes of `templates:check --jobs`.
await serveParent<RoomJob, RoomResult>(0, async () => {
  const tools = new CheckTools({ log: createLog('error') });
  return (job) => checkOne(job, tools);
});
