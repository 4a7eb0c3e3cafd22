export const CHROMIUM = '/usr/bin/chromium';

/** Without its services of its own, and free to play before anyone has clicked. */
export const QUIET_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
];
