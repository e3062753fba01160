import { Ajv2020 } from "ajv/dist/2020.js";
import { createSetter, memoryProvider, memoryStore, storeProvider } from "finger-server";
import { expect, it } from "vitest";
import { createFingerHandler } from "../create-handler.js";

// biome-ignore lint/suspicious/noExplicitAny: JSON, as others read it.
type Json = any;

const store = memoryStore();
await store.put("alice", "Happy and well");
const accounts = memoryProvider({ alice: { name: "Alice", plan: "Tea.", lastLogin: null }, bob: {} });
const handle = createFingerHandler({
  provider: storeProvider(store, { accounts }),
  store,
  setter: createSetter({ store, authenticate: (_, token) => token === "token" }),
  gateway: (name) => (name.startsWith("fail") ? Promise.reject(new Error("no")) : "Login: alice\tName: Alice\n"),
  onError: () => {},
});

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await handle(new Request(`http://localhost${path}`, init));
  if (response === null) throw new Error(`${path} is not its own.`);
  return response;
}

const document: Json = await (await ask("/openapi.json")).json();
const ajv = new Ajv2020({
  strict: false,
  formats: {
    "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    uri: /^[a-z]+:[!#-;=?-Z[\]_a-z~]+$/,
    "uri-reference": true,
  },
});
const definitions = JSON.parse(
  JSON.stringify(document.components.schemas).replaceAll("#/components/schemas/", "#/$defs/"),
  (_, value) => (value?.type === "object" && value.properties ? { ...value, additionalProperties: false } : value),
);

/** What is wrong with a body, by what the document says of the operation. */
function findErrors(operation: Json, status: number, type: string, body: string): unknown {
  const described = operation.responses[status];
  if (described === undefined) return `there is no ${status}`;
  const response = described.$ref ? document.components.responses[described.$ref.split("/").at(-1)] : described;
  if (body === "" && response.content === undefined) return [];
  const content = response.content?.[type];
  if (content === undefined) return `there is no ${type} of ${status}`;
  if (content.schema === undefined || !type.endsWith("json")) return [];
  const schema = JSON.parse(JSON.stringify(content.schema).replaceAll("#/components/schemas/", "#/$defs/"));
  const validate = ajv.compile({ ...schema, $defs: definitions });
  return validate(JSON.parse(body)) ? [] : validate.errors;
}

const AS = (accept: string) => ({ headers: { accept } });
const TOKEN = { authorization: "Bearer token" };

const ROWS: ReadonlyArray<[template: string, path: string, status: number, init?: RequestInit]> = [
  ["/", "/", 200, AS("text/html")],
  ["/", "/", 200, AS("application/json")],
  ["/", "/", 406, AS("image/png")],
  ["/.json", "/.json", 200],
  ["/.txt", "/.txt", 200],
  ["/feed.atom", "/feed.atom", 200],
  ["/feed.json", "/feed.json", 200],
  ["/{login}", "/alice", 200, AS("text/html")],
  ["/{login}", "/alice", 200, AS("application/json")],
  ["/{login}", "/alice", 200, AS("text/plain")],
  ["/{login}", "/nobody", 404],
  ["/{login}", "/nobody", 404, AS("text/html")],
  ["/{login}", "/nobody", 404, AS("text/plain")],
  ["/{login}", "/%00", 400],
  ["/{login}.json", "/alice.json", 200],
  ["/{login}.txt", "/alice.txt", 200],
  ["/{login}/feed.atom", "/alice/feed.atom", 200],
  ["/{login}/feed.json", "/alice/feed.json", 200],
  ["/{login}", "/alice", 200, { method: "PUT", body: "In", headers: TOKEN }],
  ["/{login}", "/alice", 401, { method: "PUT", body: "In" }],
  ["/{login}", "/alice", 412, { method: "PUT", body: "In", headers: { ...TOKEN, "if-match": '"x"' } }],
  ["/{login}", "/alice", 413, { method: "PUT", body: "x".repeat(70_000), headers: TOKEN }],
  ["/{login}", "/alice", 415, { method: "PUT", body: "x", headers: { ...TOKEN, "content-type": "a/b" } }],
  ["/{login}", "/alice", 204, { method: "DELETE", headers: TOKEN }],
  ["/{login}", "/alice", 404, { method: "DELETE", headers: TOKEN }],
  ["/{login}", "/alice", 303, { method: "POST", body: new URLSearchParams({ status: "x", token: "token" }) }],
  ["/{login}", "/alice", 401, { method: "POST", body: new URLSearchParams({ status: "x", token: "" }) }],
  ["/@{host}", "/@plan.example", 200, AS("application/json")],
  ["/@{host}/{login}", "/@plan.example/alice", 200, AS("text/html")],
  ["/@{host}/{login}", "/@plan.example/fail", 503],
  ["/openapi.json", "/openapi.json", 200],
  ["/.well-known/webfinger", "/.well-known/webfinger?resource=acct:alice@localhost", 200],
  ["/.well-known/webfinger", "/.well-known/webfinger", 400],
  ["/RPC2", "/RPC2", 415, { method: "POST", body: "x" }],
  ["/RPC2", "/RPC2", 200, { method: "POST", body: "x", headers: { "content-type": "text/xml" } }],
];

it.each(ROWS)("%s, as asked by %s, answers %d as the document says", async (template, path, status, init) => {
  const response = await ask(path, init);
  expect(response.status).toBe(status);
  const operation = document.paths[template][(init?.method ?? "GET").toLowerCase()];
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  expect(findErrors(operation, status, type, await response.text())).toEqual([]);
});

it("every path of the document is asked", () => {
  const asked = new Set(ROWS.map(([template]) => template));
  expect(Object.keys(document.paths).filter((template) => !asked.has(template))).toEqual(["/events"]);
});
