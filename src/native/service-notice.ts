import { existsSync } from 'node:fs';
import { runChild } from '../core/processes/child-process.js';
import { addonPath, loadAddon } from './load-addon.js';

/** Notifies the service manager (sd_notify(3)): `READY=1`, `WATCHDOG=1`. */
export type ServiceNotice = (text: string) => void;

/** Whether this process itself sends the notices, which `NotifyAccess=main` requires. */
export const noticesByItself = (): boolean => existsSync(addonPath());

/**
 * Sends notices to the socket in NOTIFY_SOCKET: through the addon, or without it through one `systemd-notify` process
 * per notice. A notice that cannot be sent is dropped, as in the manager's own library: the watchdog will act.
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
