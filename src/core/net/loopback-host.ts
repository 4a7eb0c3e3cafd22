/** Whether a `Host` header or a host name is one of this machine: localhost, 127.0.0.0/8, [::1], with or without a port. */
export function isLoopbackHost(host: string): boolean {
  if (host === '::1') return true;
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  if (name === 'localhost' || name === '[::1]') return true;
  const parts = name.split('.');
  return (
    parts.length === 4 && parts[0] === '127' && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
  );
}
