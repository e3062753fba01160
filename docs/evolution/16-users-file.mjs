import { createFingerServer, fileProvider } from "finger-server";

const users = fileProvider(process.argv[3] ?? "examples/users", {
  onError: (error) => console.error(String(error)),
});
await users.start();

const server = createFingerServer({ provider: users });

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);

const { signal } = new AbortController();
for await (const { login } of users.watch(signal)) console.log(`News of ${login}`);
