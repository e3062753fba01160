import { once } from "node:events";
import { createServer } from "node:http";
import { createFingerServer, webProvider } from "finger-server";

// A web server of its own, so that this runs without a network: it has a page for moshez, and for nobody else.
const pages = createServer((request, response) => {
  response.statusCode = request.url === "/~moshez" ? 200 : 404;
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end("<title>Status</title><p>Happy &amp; well</p>");
});

async function servePages() {
  await once(pages.listen(0, "127.0.0.1"), "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (pages.address());
  return webProvider(`http://127.0.0.1:${address.port}/~{name}`, { allowPrivate: ["127.0.0.1"] });
}

const template = process.argv[3];
const server = createFingerServer({
  provider: template === undefined ? await servePages() : webProvider(template),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
