// The shell of the page without a network: the document and the files it loads, never an answer of the API.
//
// Documents come from the network while there is one, so a new deployment is seen at once. Each names its own files,
// whose names carry a hash of what is in them: what an old document needs is kept until the new one is whole.

const PAGES = "saydo-pages";
const FILES = "saydo-files";
const MESSAGES = /<section class="early".*?(?:<\/section>|$)/s;
const HASHED = /^\/pkg\/.*-[0-9a-f]{16}\.(?:js|wasm|css)$/;

/** The document that stands for a page: all conversations have one. */
function shell(path) {
  if (path === "/") return "/";
  return /^\/c\/[1-9]\d*$/.test(path) ? "/c" : undefined;
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(document("/").catch(() => undefined));
});

self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && shell(url.pathname)) {
    event.respondWith(navigate(event, url.pathname));
  } else if (HASHED.test(url.pathname)) {
    event.respondWith(file(url.pathname));
  }
});

/** The worker before this one may have kept a document with its messages. */
async function activate() {
  const pages = await caches.open(PAGES);
  await pages.delete(shell("/c/1"));
  await self.clients.claim();
}

async function navigate(event, path) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok && !answer.redirected) event.waitUntil(keep(path, answer.clone()).then(keepFirst));
    return answer;
  } catch (fault) {
    const kept = await caches.open(PAGES).then((pages) => pages.match(shell(path)));
    if (kept) return kept;
    throw fault;
  }
}

/** The page that opens an installed app, where the first visit led to another. */
async function keepFirst() {
  const pages = await caches.open(PAGES);
  if (!(await pages.match("/"))) await document("/");
}

async function document(path) {
  const answer = await fetch(path, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await keep(path, answer);
}

/** Keeps a document, without its messages, once all files that it loads are kept; drops those that no document loads. */
async function keep(path, answer) {
  const text = (await answer.text()).replace(MESSAGES, "");
  const named = names(text);
  if (named.length === 0) return;
  await Promise.all(named.map(file));
  const pages = await caches.open(PAGES);
  await pages.put(shell(path), new Response(text, { headers: answer.headers }));
  const needed = new Set(named);
  for (const page of await pages.keys()) {
    const kept = await pages.match(page);
    for (const name of names(await kept.text())) needed.add(name);
  }
  const files = await caches.open(FILES);
  for (const { url } of await files.keys()) {
    if (!needed.has(new URL(url).pathname)) await files.delete(url);
  }
}

function names(text) {
  return [...new Set(text.match(/\/pkg\/[\w.-]+/g) ?? [])].filter((name) => HASHED.test(name));
}

async function file(name) {
  const files = await caches.open(FILES);
  const kept = await files.match(name);
  if (kept) return kept;
  const answer = await fetch(name, { credentials: "same-origin" });
  if (answer.ok) await files.put(name, answer.clone());
  return answer;
}
