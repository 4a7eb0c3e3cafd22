import { existsSync } from 'node:fs';
import { runChild } from '../core/processes/child-process.js';
import { addonPath, loadAddon } from './load-addon.js';

/** Tells a service manager something (sd_notify(3)): `READY=1`, `WATCHDOG=1`. */
export type ServiceNotice = (text: string) => void;

/** Whether notices are sent by this process itself, which `NotifyAccess=main` asks for. */
export const noticesByItself = (): boolean => existsSync(addonPath());

/**
 * The way to the socket that NOTIFY_SOCKET names: by the addon, or without it by `systemd-notify`, a process for each
 * notice. A notice that cannot be told is lost, as the manager's own library has it: the watchdog will act.
 */
export function serviceNotice(socketPath: string): ServiceNotice {
  if (noticesByItself()) {
    const addon = loadAddon(addonPath());
    return (text) => void addon.notifySocket(socketPath, text);
  }
  return (text) => {
    const env = { NOTIFY_SOCKET: socketPath };
    runChild('systemd-notify', ['--no-block', ...text.split('\n')], { env }, () => undefined);
  };
}
