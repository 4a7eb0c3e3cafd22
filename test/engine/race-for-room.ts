import { silentLog } from '../../src/core/log.js';
import { ResumeKeeper } from '../../src/engine/resume-keeper.js';

/** A process that tries to get each room it is told of, and gives the one before back. */
let keeper: ResumeKeeper | undefined;
process.on('message', async (ledgerFile: string) => {
  await keeper?.close();
  keeper = undefined;
  if (ledgerFile === '') return process.send!('given back');
  try {
    keeper = await ResumeKeeper.open({ ledgerFile, log: silentLog, mode: 'after-crash' });
    process.send!('got it');
  } catch (error) {
    process.send!((error as { code: string }).code);
  }
});
process.send!('ready');
