// What the packed finger-adapters-http must do alike on every runtime. `check` gets the modules, and throws on a difference.

/**
 * @param {Pick<typeof import("finger-adapters-http/web"), "createFingerHandler">} adapters
 * @param {typeof import("finger-server/web")} server
 */
export async function check({ createFingerHandler }, { createSetter, memoryStore, storeProvider }) {
  const store = memoryStore();
  await store.put("alice", "Happy & well");
  const handle = createFingerHandler({
    provider: storeProvider(store),
    store,
    setter: createSetter({ store, authenticate: (_, token) => token === "secret" }),
    base: "/finger",
    origin: "https://plan.example",
  });
  /**
   * @param {string} path
   * @param {RequestInit} [init]
   */
  const ask = async (path, init) => {
    const response = await handle(new Request(`https://plan.example${path}`, init));
    if (response === null) throw new Error(`${path} is not its own`);
    return response;
  };

  const page = await ask("/finger/alice", { headers: { accept: "text/html" } });
  same(page.headers.get("content-type"), "text/html; charset=utf-8");
  same((await page.text()).includes("Happy &amp; well"), true);
  const user = /** @type {{ status: string }} */ (await (await ask("/finger/alice.json")).json());
  same(user.status, "Happy & well");
  same((await ask("/finger/eve")).status, 404);
  same(await handle(new Request("https://plan.example/elsewhere")), null);

  const resource = encodeURIComponent("acct:alice@plan.example");
  const found = await (await ask(`/.well-known/webfinger?resource=${resource}`)).text();
  same(JSON.parse(found).subject, "acct:alice@plan.example");

  const { body } = await ask("/finger/events");
  const events = body?.pipeThrough(new TextDecoderStream()).getReader();
  same((await events?.read())?.done, false);
  const headers = { "content-type": "text/plain" };
  const put = (/** @type {Record<string, string>} */ more) =>
    ask("/finger/alice", { method: "PUT", body: "On the train", headers: { ...headers, ...more } });
  same((await put({})).status, 401);
  same((await put({ authorization: "Bearer secret" })).status, 200);
  same((await events?.read())?.value?.includes('data: {"login":"alice"}'), true);
  same(await (await ask("/finger/alice.txt")).text(), "On the train\n");
  handle.close();
  same((await events?.read())?.done, true);
}

/**
 * @param {unknown} found
 * @param {unknown} wanted
 */
function same(found, wanted) {
  if (found !== wanted) throw new Error(`found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}
