import { cached, createFingerServer, memoryProvider, redact, withDeadline } from "finger-server";

const people = memoryProvider({
  alice: { name: "Alice Adams", status: "Happy and well", homePhone: "5550123" },
  bob: { name: "Bob Brown", status: "Out" },
});

const prompt = withDeadline(people, 5_000);
const remembered = cached(prompt, { ttl: 60_000 });
const discreet = redact(remembered, [
  { users: ["bob"], show: "hidden" },
  { networks: ["10.0.0.0/8"], show: "all" },
  { show: ["name", "status"] },
]);

const server = createFingerServer({
  provider: discreet,
  limits: { rate: 12, answerBytes: 10_000 },
  onQuery: ({ peer, query, outcome }) => console.log(`${peer.address} asked for "${query}": ${outcome}`),
});

const { host, port } = await server.listen({ port: Number(process.argv[2] ?? 1079) });
console.log(`Listening on ${host}:${port}`);
