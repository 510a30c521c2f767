// Shows the push messages of the shipments that somebody follows: {"title","body","url","tag","lang","actions"}.
"use strict";
self.addEventListener("push", (event) => {
  const { title = "Waybill", body = "", url = "/", tag, lang, actions = [] } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, {
    body, tag, lang, renotify: Boolean(tag), data: { url, actions }, actions: actions.map(({ action, title }) => ({ action, title })),
  }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, actions } = event.notification.data;
  const chosen = actions.find(({ action }) => action === event.action);
  event.waitUntil(self.clients.openWindow(chosen ? chosen.url : url));
});
