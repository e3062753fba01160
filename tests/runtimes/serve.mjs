// What the packed finger-server must do alike on every runtime. `check` gets the module, and throws on a difference.

/** @param {typeof import("finger-server/web")} server */
export async function check({ createFingerServer, firstOf, memoryPair, memoryProvider }) {
  /** @param {string} name */
  const log = async (name) => (name === "log" ? count() : undefined);
  const provider = firstOf(log, memoryProvider({ alice: "Happy and well" }));
  const server = createFingerServer({ provider, limits: { perPeer: 2 } });
  for (const [query, answer] of [
    ["/W alice\r\n", "Happy and well\r\n"],
    ["alice", "Happy and well\r\n"],
    ["log\r\n", "1\r\n2\r\n3\r\n"],
    ["eve\r\n", "finger: eve: no such user.\r\n"],
    ["\r\n", "Login  Status\r\nalice  Happy and well\r\n"],
    ["alice@host\r\n", "Finger forwarding service denied\r\n"],
    ["", ""],
  ]) {
    const [near, far] = memoryPair();
    const served = server.handle(far, { address: "192.0.2.1", port: 1 });
    same(await ask(near, String(query)), answer);
    await served;
  }
  same(await server.respond({ kind: "user", user: "alice", verbose: false }), "Happy and well\n");
  await server.close();
}

/**
 * Asks over web streams, as a client that closes its side behind the query.
 *
 * @param {{ readable: ReadableStream<Uint8Array>, writable: WritableStream<Uint8Array> }} connection
 * @param {string} query
 */
export async function ask({ readable, writable }, query) {
  const writer = writable.getWriter();
  const sent = (query === "" ? Promise.resolve() : writer.write(new TextEncoder().encode(query))).then(() =>
    writer.close(),
  );
  const answer = await new Response(readable).text();
  await sent;
  return answer;
}

async function* count() {
  yield* ["1\n", "2\n", "3\n"];
}

/**
 * @param {unknown} found
 * @param {unknown} wanted
 */
function same(found, wanted) {
  if (found !== wanted) throw new Error(`found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}
