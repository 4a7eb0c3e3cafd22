import { silentLog } from '../../../src/core/log.js';
import { ResumeKeeper } from '../../../src/room/resume/resume-keeper.js';

/** A process that tries to lock each room it is sent, and releases the previous one. */
let keeper: ResumeKeeper | undefined;
async function tryFor(ledgerFile: string): Promise<unknown> {
  await keeper?.close();
  keeper = undefined;
  if (ledgerFile === '') return process.send!('given back');
  try {
    keeper = await ResumeKeeper.open({ ledgerFile, log: silentLog, mode: 'after-crash' });
    return process.send!('got it');
  } catch (error) {
    return process.send!((error as { code: string }).code);
  }
}
process.on('message', (ledgerFile: string) => void tryFor(ledgerFile));
process.send!('ready');
