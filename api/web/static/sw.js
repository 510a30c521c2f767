// Shows the push messages of the shipments that somebody follows: {"title","body","url","tag","lang","actions","shown"}.
"use strict";
self.addEventListener("push", (event) => {
  const { title = "Waybill", body = "", url = "/", tag, lang, actions = [], shown } = event.data?.json() ?? {};
  const showing = self.registration.showNotification(title, {
    body, tag, lang, renotify: Boolean(tag), data: { url, actions }, actions: actions.map(({ action, title }) => ({ action, title })),
  });
  // Without a word from here the message may come by e-mail too.
  event.waitUntil(shown ? showing.then(() => fetch(shown, { method: "POST" })).catch(() => {}) : showing);
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, actions } = event.notification.data;
  const chosen = actions.find(({ action }) => action === event.action);
  event.waitUntil(self.clients.openWindow(chosen ? chosen.url : url));
});
