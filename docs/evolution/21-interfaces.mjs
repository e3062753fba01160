import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createFingerServer, createSetter, firstOf, memoryStore, storeProvider } from "finger-server";

/**
 * A store that is another one, and writes down what is done to it.
 *
 * @param {import("finger-server").StatusStore} store
 * @param {(line: string) => void} write
 * @returns {import("finger-server").StatusStore}
 */
function journaled(store, write) {
  return {
    ...store,
    async put(login, text, options) {
      const status = await store.put(login, text, options);
      write(`${JSON.stringify(login)} says ${JSON.stringify(text)}`);
      return status;
    },
    async delete(login, options) {
      const hadOne = await store.delete(login, options);
      if (hadOne) write(`${JSON.stringify(login)} says nothing any more`);
      return hadOne;
    },
  };
}

/** A provider. It offers no list. @type {import("finger-server").LookupProvider} */
const clock = {
  lookup: async (name) => (name === "clock" ? `It is ${new Date().toISOString()}.` : undefined),
};

const secret = randomBytes(32);

/** Each token is made of the secret and the login, so that no list of tokens is kept. @param {string} login */
function toToken(login) {
  return createHmac("sha256", secret).update(login).digest("base64url");
}

/** Tells who may set which status. @type {import("finger-server").Authenticate} */
function authenticate(login, token = "") {
  const given = Buffer.from(token);
  const right = Buffer.from(toToken(login));
  return given.length === right.length && timingSafeEqual(given, right);
}

const store = journaled(memoryStore(), console.log);

const server = createFingerServer({ provider: firstOf(clock, storeProvider(store)) });
const setter = createSetter({ store, authenticate });

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 7979) });
console.log(`Listening on ${host}:${port}`);
const setting = await setter.listen({ port: Number(process.argv[3] ?? 1079) });
console.log(`Setting on ${setting.host}:${setting.port}`);
console.log(`The token of moshez is ${toToken("moshez")}`);
