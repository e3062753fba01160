import { finger, fingerStream } from "finger-client";
import { createFingerServer, forwardProvider, memoryProvider } from "finger-server";

// The host to be asked through the proxy. On a network of your own it would be another machine, and its port 79.
const far = createFingerServer({
  provider: (name) => (name === "build" ? build() : "Happy and well"),
});
const { port: farPort } = await far.listen({ port: 0 });

async function* build() {
  yield "Compiled.\n";
  yield "Tested.\n";
}

const proxy = createFingerServer({
  provider: memoryProvider({ alice: "Here" }),
  forward: forwardProvider({ hosts: ["127.0.0.1"], port: farPort }),
});

const { host, port } = await proxy.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);

const { text } = await finger(`moshez@127.0.0.1@${host}:${port}`);
console.log(`moshez: ${text.trim()}`);

for await (const piece of fingerStream(`build@127.0.0.1@${host}:${port}`)) process.stdout.write(piece);
