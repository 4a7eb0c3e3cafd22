// Shows alarms that the studio sends to this browser, also while no page of it is open.
self.addEventListener('push', (event) => {
  const { title = 'Showroom', body = '', url = '/', tag } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: '/icon.svg', data: { url } }));
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
