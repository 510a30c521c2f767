// Shows the push messages of the shipments that somebody follows. Payload: {"title","body","url","tag"}.
"use strict";
self.addEventListener("push", (event) => {
  const message = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(message.title || "Waybill", {
    body: message.body || "", tag: message.tag, data: { url: message.url || "/" }, renotify: Boolean(message.tag),
  }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});
