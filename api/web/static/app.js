// The tracking page moves by itself: the server streams the parts that changed. Without this script the page loads anew
// every minute.
"use strict";
(() => {
  const main = document.querySelector("[data-live]");
  if (main && "EventSource" in window) {
    const said = document.getElementById("said");
    const source = new EventSource(main.dataset.live);
    let first = true;
    source.addEventListener("page", (event) => {
      const before = document.querySelector("#now h1").textContent;
      const parts = new DOMParser().parseFromString(event.data, "text/html").querySelectorAll("[data-part]");
      const open = document.getElementById("before")?.open;
      for (const part of parts) document.getElementById(part.id)?.replaceWith(document.adoptNode(part));
      if (open) document.getElementById("before")?.setAttribute("open", "");
      const now = document.querySelector("#now h1").textContent;
      if (now !== before) said.textContent = now;
      if (!first) document.getElementById("now").classList.add("changed");
      first = false;
    });
    addEventListener("pagehide", () => source.close());
  }

  const push = document.getElementById("push");
  if (push && "serviceWorker" in navigator && "PushManager" in window) {
    push.hidden = false;
    push.addEventListener("click", async () => {
      push.disabled = true;
      try {
        const registration = await navigator.serviceWorker.register("/sw.js");
        const key = Uint8Array.from(atob(push.dataset.key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
        const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
        const answer = await fetch(push.dataset.url, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ channel: "push", address: JSON.stringify(subscription) }),
        });
        if (!answer.ok) throw new Error(answer.statusText);
        push.textContent = push.dataset.done;
      } catch {
        push.textContent = push.dataset.failed;
        push.disabled = false;
      }
    });
  }
})();
