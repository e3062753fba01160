import { createFingerServer, fileProvider, firstOf, memoryProvider, merge } from "finger-server";

const people = memoryProvider({
  alice: { name: "Alice Adams", plan: "Learn to juggle." },
  carol: { name: "Carol Chu", status: "On the train" },
});
const statuses = fileProvider(process.argv[3] ?? "examples/users");
const notices = memoryProvider([{ login: "motd", status: "Maintenance at noon." }]);

const server = createFingerServer({
  provider: firstOf(notices, merge(statuses, people)),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
