import { httpService } from "finger-adapters-http";
import { createFingerServer, fileProvider } from "finger-server";

const users = fileProvider(process.argv[4] ?? "examples/users", {
  onError: (error) => console.error(String(error)),
});
await users.start();

const server = createFingerServer({ provider: users });
const web = httpService({ provider: users, where: { port: Number(process.argv[3] ?? 8000) } });

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
await web.start();
const url = `http://${web.address?.host}:${web.address?.port}/RPC2`;
console.log(`Methods at ${url}`);

console.log(await call("getUser", "moshez"));
console.log(await call("getUser", "nobody"));
console.log(await call("getUsers"));

/**
 * Calls a method, and resolves to the XML that comes.
 *
 * @param {string} method
 * @param {readonly string[]} parameters
 */
async function call(method, ...parameters) {
  const params = parameters.map((text) => `<param><value><string>${escapeXml(text)}</string></value></param>`).join("");
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "text/xml" },
    body: `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`,
  });
  return (await response.text()).trimEnd();
}

/** @param {string} text */
function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
