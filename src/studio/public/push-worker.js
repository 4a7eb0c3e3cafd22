// Shows alarms that the studio sends to this browser, also while no page of it is open.
self.addEventListener('push', (event) => {
  const { room, title = 'Showroom', kind = '', text } = event.data?.json() ?? {};
  const body = text?.[self.navigator.language.startsWith('zh') ? 'zh' : 'en'] ?? '';
  const url = room === undefined ? '/' : `/rooms/${encodeURIComponent(room)}/desk`;
  event.waitUntil(
    self.registration.showNotification(title, { body, tag: `${room} ${kind}`, icon: '/icon.svg', data: { url } }),
  );
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then((pages) => {
      const url = new URL(event.notification.data.url, self.location.origin).href;
      const open = pages.find((page) => page.url === url);
      return open === undefined ? self.clients.openWindow(url) : open.focus();
    }),
  );
});
