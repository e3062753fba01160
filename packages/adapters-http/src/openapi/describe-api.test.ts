import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { toFeed } from "../feeds/entries.js";
import { formatJsonFeed } from "../feeds/json-feed.js";
import { formatJson } from "../text/user-json.js";
import { answerWebFinger } from "../webfinger/answer-webfinger.js";
import { type ApiRules, describeApi } from "./describe-api.js";

const ALL: ApiRules = { title: "Users", base: "/finger", canSet: true, hasGateway: true, hasEvents: true };
const LEAST: ApiRules = { title: "Users", base: "", canSet: false, hasGateway: false };

// biome-ignore lint/suspicious/noExplicitAny: JSON, as others read it.
type Json = any;
const read = (rules: ApiRules): Json => JSON.parse(JSON.stringify(describeApi(rules)));

const METHODS = new Set(["get", "put", "post", "delete"]);

function operationsOf(document: Json): ReadonlyArray<readonly [path: string, operation: Json]> {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).flatMap(([method, operation]) =>
      METHODS.has(method) ? [[path, operation] as const] : [],
    ),
  );
}

it("describes what there is", () => {
  expect(Object.keys(read(ALL).paths)).toEqual([
    "/",
    "/.json",
    "/.txt",
    "/feed.atom",
    "/feed.json",
    "/{login}",
    "/{login}.json",
    "/{login}.txt",
    "/{login}/feed.atom",
    "/{login}/feed.json",
    "/events",
    "/@{host}",
    "/@{host}/{login}",
    "/RPC2",
    "/openapi.json",
    "/.well-known/webfinger",
  ]);
  expect(Object.keys(read(ALL).paths["/{login}"])).toEqual(["get", "put", "delete", "post"]);
});

it("does not describe what there is not", () => {
  const { paths, components } = read(LEAST);
  expect(Object.keys(paths)).not.toContain("/events");
  expect(Object.keys(paths)).not.toContain("/@{host}");
  expect(Object.keys(paths["/{login}"])).toEqual(["get"]);
  expect(components).not.toHaveProperty("securitySchemes");
});

const SERVERS: ReadonlyArray<readonly [rules: Partial<ApiRules>, server: string, root: string]> = [
  [{}, "/", "/"],
  [{ base: "/finger" }, "/finger", "/"],
  [{ origin: "https://plan.example" }, "https://plan.example", "https://plan.example"],
  [{ origin: "https://plan.example", base: "/finger" }, "https://plan.example/finger", "https://plan.example"],
];

it.each(SERVERS)("says of %o that all is at %s, and WebFinger at the root of %s", (rules, server, root) => {
  const { servers, paths } = read({ ...LEAST, ...rules });
  expect(servers).toEqual([{ url: server }]);
  expect(paths["/.well-known/webfinger"].servers).toEqual([{ url: root }]);
});

it.each([ALL, LEAST])("is a document of OpenAPI 3.1: %o", (rules) => {
  const document = read(rules);
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  const operations = operationsOf(document);
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [path, operation] of operations) {
    const { parameters = [], responses, requestBody } = operation;
    const inPath = parameters.flatMap((parameter: Json) => (parameter.in === "path" ? [parameter.name] : []));
    expect(new Set(inPath)).toEqual(new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)));
    const names = parameters.map((parameter: Json) => `${parameter.in} ${parameter.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(responses).some((status) => /^[23]/.test(status))).toBe(true);
    for (const [status, response] of Object.entries<Json>(responses)) {
      expect(status).toMatch(/^[2-5]\d\d$/);
      expect(resolve(document, response)).toHaveProperty("description");
    }
    if (requestBody !== undefined) expect(Object.keys(requestBody.content).length).toBeGreaterThan(0);
  }
});

function resolve(document: Json, value: Json): Json {
  if (value.$ref === undefined) return value;
  const found = value.$ref
    .slice(2)
    .split("/")
    .reduce((at: Json, name: string) => at?.[name], document);
  expect(found, value.$ref).toBeDefined();
  return found;
}

it("points only at what is there", () => {
  const document = read(ALL);
  const pointers = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
  expect(pointers.length).toBeGreaterThan(0);
  for (const pointer of new Set(pointers)) resolve(document, JSON.parse(`{${pointer}}`));
});

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  formats: {
    "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    uri: /^[a-z]+:[!#-;=?-Z[\]_a-z~]+$/,
    "uri-reference": true,
  },
});

/** What is wrong with a value; nothing when it is as the schema says. New fields may come, but none that it does not know. */
function findErrors(name: string, value: unknown): unknown {
  const schemas = closed(read(ALL).components.schemas);
  const validate = ajv.compile({ $ref: `#/$defs/${name}`, $defs: schemas });
  return validate(value) ? [] : validate.errors;
}

function closed(schemas: Json): Json {
  const json = JSON.stringify(schemas).replaceAll("#/components/schemas/", "#/$defs/");
  return JSON.parse(json, (_, value) =>
    value?.type === "object" && value.properties ? { ...value, additionalProperties: false } : value,
  );
}

it("has schemas that can be used, all of them", () => {
  for (const name of Object.keys(read(ALL).components.schemas)) expect(findErrors(name, {})).toBeInstanceOf(Array);
});

const at = new Date("2026-11-22T18:00:00Z");
const alice = { login: "alice", name: "Alice", status: "Happy", statusAt: at, lastLogin: null, mail: { readAt: at } };

it("describes a user as we write one", () => {
  expect(findErrors("user", JSON.parse(formatJson(alice)))).toEqual([]);
  expect(findErrors("user", { name: "Alice" })).not.toEqual([]);
});

it("describes what WebFinger tells as we write it", async () => {
  const answer = await answerWebFinger("?resource=acct:alice@plan.example", {
    origin: "https://plan.example",
    base: "",
    hosts: ["plan.example"],
    find: async () => alice,
    links: () => ({ avatar: "https://plan.example/alice.png" }),
  });
  expect(findErrors("jrd", "body" in answer && JSON.parse(answer.body))).toEqual([]);
});

it("describes a feed as we write one", () => {
  const page = "https://plan.example/alice";
  const people = [{ user: alice, statuses: undefined, seenAt: () => at, page }];
  const feed = toFeed({ title: "Users", page, self: `${page}/feed.json`, login: "alice", people, now: at });
  expect(feed.entries).toHaveLength(1);
  expect(findErrors("feed", JSON.parse(formatJsonFeed(feed)))).toEqual([]);
});

it("describes a user as finger-client does", () => {
  const file = new URL("../../../finger-client/share/reply.schema.json", import.meta.url);
  const { $defs } = JSON.parse(readFileSync(file, "utf8").replaceAll("#/$defs/", "#/components/schemas/"));
  expect(read(ALL).components.schemas).toMatchObject($defs);
  for (const [name, schema] of Object.entries($defs)) expect(read(ALL).components.schemas[name]).toEqual(schema);
});
