// The shell of the diary, kept for when there is no network. VERSION and SHELL are written above by the clinic.
/* global VERSION, SHELL */

const CACHE = `modicum-diary-${VERSION}`;
const PAGE = "/diary/";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      await Promise.all(names.filter((name) => name.startsWith("modicum-diary-") && name !== CACHE).map((name) => caches.delete(name)));
      await self.clients.claim();
    }),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

// Only the shell comes from here. Whatever is personal goes past this worker and is never kept by it.
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !SHELL.includes(pathname)) return;
  const key = pathname === PAGE ? PAGE : pathname;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(key)) || fetch(event.request)));
});
