import { createFingerServer, memoryProvider } from "finger-server";

const users = {
  moshez: "Happy and well",
  shawn: { name: "Shawn", plan: "Write it down." },
};

const server = createFingerServer({
  provider: memoryProvider(users),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
