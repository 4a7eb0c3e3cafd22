// Loaded into tap's runner. tap gives every test process, each of its threads and every Node.js process below it hooks
// for mocks and coverage, and reads all source maps: neither is used here, and they take longer than most tests.
import { ChildProcess } from 'node:child_process';

const { spawn } = ChildProcess.prototype;
const isOfTap = (arg) => arg === '--enable-source-maps' || (/^--(import|loader)=/.test(arg) && arg.includes('@tapjs'));

ChildProcess.prototype.spawn = function (options) {
  return spawn.call(this, { ...options, args: options.args?.filter((arg) => !isOfTap(arg)) });
};
