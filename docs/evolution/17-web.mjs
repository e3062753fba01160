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
console.log(`On the web at http://${web.address?.host}:${web.address?.port}/`);
