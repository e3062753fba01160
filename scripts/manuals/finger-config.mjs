/**
 * What of JSON Schema the schema of the config has.
 *
 * @typedef {object} Schema
 * @property {string} [description]
 * @property {string} [type]
 * @property {readonly unknown[]} [enum]
 * @property {unknown} [const]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {Readonly<Record<string, Schema>>} [properties]
 * @property {readonly string[]} [required]
 * @property {boolean | Schema} [additionalProperties]
 * @property {Schema} [items]
 * @property {readonly Schema[]} [anyOf]
 * @property {string} [$ref]
 * @property {Readonly<Record<string, Schema>>} [$defs]
 */

/**
 * What finger.config(5) says.
 *
 * @param {Schema} schema
 * @returns {import("../man-page.mjs").ManPage}
 */
export function describeConfig(schema) {
  return {
    name: "finger.config",
    section: 5,
    date: "2026-11-26",
    summary: "the configuration of finger-server",
    synopsis: [],
    sections: [
      ["DESCRIPTION", DESCRIPTION],
      ["KEYS", [...KINDS, ...toKeys(schema)]],
      ["A PLACE", [PLACE, listKeys(schema.$defs?.["place"] ?? {}, "").map(toEntry)]],
      ["RELOADING", RELOADING],
      ["ENCRYPTION", ENCRYPTION],
      ["EXAMPLES", EXAMPLES],
      ["FILES", [FILES]],
    ],
    seeAlso: ["finger-server(1)", "finger.conf(5)", "age(1)", "RFC 1288"],
    standards: [],
  };
}

/** The key before which a heading stands. @type {Readonly<Record<string, string>>} */
const HEADINGS = {
  users: "Whom it answers for, and what it tells",
  listen: "Where it answers",
  limits: "How it answers, and what its process is",
};

/**
 * All keys but those of a place.
 *
 * @param {Schema} schema
 * @returns {readonly import("../man-page.mjs").Part[]}
 */
function toKeys(schema) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const heading = HEADINGS[name];
    const entries = listKeys({ properties: { [name]: property } }, "").map(toEntry);
    return heading === undefined ? [entries] : [{ heading }, entries];
  });
}

/** @typedef {{ readonly path: string, readonly type: string, readonly text: string }} Key */

/**
 * The keys of a record, each with those below it.
 *
 * @param {Schema} schema
 * @param {string} at
 * @returns {readonly Key[]}
 */
function listKeys({ properties = {}, required = [] }, at) {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = at === "" ? name : `${at}.${name}`;
    const type = `${toType(schema)}${required.includes(name) ? "; it must be there" : ""}`;
    return [{ path, type, text: schema.description ?? "" }, ...listBelow(schema, path)];
  });
}

/**
 * @param {Schema} schema
 * @param {string} at
 * @returns {readonly Key[]}
 */
function listBelow(schema, at) {
  const { additionalProperties: others, items, anyOf = [] } = schema;
  return [
    ...listKeys(schema, at),
    ...(typeof others === "object" ? listBelow(others, `${at}.NAME`) : []),
    ...(items === undefined ? [] : listBelow(items, `${at}[]`)),
    ...anyOf.flatMap((either) => listBelow(either, at)),
  ];
}

/**
 * @param {Key} key
 * @returns {import("../man-page.mjs").Entry}
 */
function toEntry({ path, type, text }) {
  return [path, `${type.charAt(0).toUpperCase()}${type.slice(1)}. ${text}`];
}

/**
 * What may stand there, in words.
 *
 * @param {Schema} schema
 * @returns {string}
 */
function toType(schema) {
  if (schema.$ref !== undefined) return "place";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((word) => JSON.stringify(word)).join(" or ");
  if (schema.anyOf !== undefined) return toChoice(schema.anyOf.map(toType));
  if (schema.type === "array") return `list of ${toType(schema.items ?? {})}`;
  if (schema.type === "integer") return toRange(schema);
  return TYPES[schema.type ?? ""] ?? "anything";
}

/** @type {Readonly<Record<string, string>>} */
const TYPES = { string: "text", boolean: "true or false", object: "record" };

/**
 * What no timer measures goes without saying.
 *
 * @param {Schema} schema
 */
function toRange({ minimum = 0, maximum = LONGEST_TIME }) {
  return maximum === LONGEST_TIME ? `whole number from ${minimum}` : `whole number from ${minimum} to ${maximum}`;
}

const LONGEST_TIME = 2 ** 31 - 1;

/**
 * A list of what could stand there alone is a list of those.
 *
 * @param {readonly string[]} types
 */
function toChoice(types) {
  return types.reduce((before, type) => `${before}, or ${type === `list of ${before}` ? "a list of those" : type}`);
}

/** @type {readonly import("../man-page.mjs").Part[]} */
const DESCRIPTION = [
  `finger-server(1) goes by a config: one record of keys, each of which may be left out. It is the file that \`--config\` names,
  or the one in the working directory whose name begins with \`finger.config\`; two of them there are a mistake.`,
  [
    [".yaml, .yml, .json, .toml", "data"],
    [".ts, .mjs, .js", "a module that exports the record by default, or a function that returns or promises it"],
    [".yaml.age, .yml.age, .json.age, .toml.age", "data that is encrypted; see below"],
  ],
  `TypeScript takes Node 22.18 or newer, or the package jiti. A module is a program: with the rights of whoever starts the
  server, it does what it likes.`,
  `Options of the command count before \`FINGER_STORE\` of the environment, and that before the config. Relative paths are from
  the folder of the file. A wrong config is refused as a whole, with all of its mistakes, and exit code 78: an unknown key is
  one. \`finger-server --check\` looks for them, and \`finger-server --print-config\` prints what options and config come to.`,
  `Editors complete and check the keys by the JSON Schema of the package, \`finger.config.schema.json\`. In YAML, name it in the
  first line: \`# yaml-language-server: $schema=PATH\`. In JSON it is the key \`$schema\`.`,
];

/** @type {readonly import("../man-page.mjs").Part[]} */
const KINDS = [
  `A dot leads into a record, \`[]\` into each item of a list, and \`NAME\` stands for a name of your own. Times are in
  milliseconds.`,
];

const PLACE = `Where an address can be a place, it can say beside where also how to talk there; \`listen: 79\` is short for
  \`listen: { address: 79 }\`. Of a socket that systemd has opened the first place says how to talk, and systemd where.`;

/** @type {readonly import("../man-page.mjs").Part[]} */
const RELOADING = [
  `A running server reads its config again on SIGHUP, which \`finger-server reload\` sends, and with it users files, aliases and
  certificates. No connection is dropped: what is described as before goes on, what is new is started, and what is gone ends
  when it has answered. When the config has a mistake, or something new cannot be started, the log tells why, and all stays as it
  was. A users file or a certificate that cannot be read leaves the last good one in place, and all else is read. These wait for a
  restart:`,
  [
    ["process", "all of it; what has changed is told in the log"],
    ["log.format", "of this, nothing is told"],
    ["metrics", "where there are several workers"],
    ["limits.idle", "of the pages alone; nothing is told"],
    [
      "http",
      "and what list, ambiguity and forward say of the pages, where the package cannot be told of it: the new config is refused",
    ],
    [
      "another address at the same port",
      "such as `[::]:79` for 79, or a port that goes to another service: the new config is refused",
    ],
    [
      "tls, proxyProtocol, mode",
      "of an address that stays: the new config is refused. The files that tls names are read again",
    ],
  ],
];

/** @type {readonly import("../man-page.mjs").Part[]} */
const ENCRYPTION = [
  `A config with passwords can be encrypted with a passphrase, as age(1) does it. finger-server then takes the package
  age-encryption beside it, and the passphrase from a file of its own:`,
  {
    lines: `
age -p -a -o finger.config.yaml.age finger.config.yaml
finger-server --config finger.config.yaml.age --passphrase-file passphrase
`,
  },
];

/** A config in YAML, with much of what there is. */
export const YAML_EXAMPLE = `
users: users # lines "login: status", beside this file
store: file:/var/lib/finger-server/statuses
setter: 127.0.0.1:1079
listen:
  - "[::]:79"
  - address: "[::]:7443"
    tls: { key: key.pem, cert: cert.pem }
routes:
  weather: { page: "https://weather.example/{name}.txt" }
  agenda: { program: [/usr/local/bin/agenda, --, "{name}"] }
aliases: { john.smith: john }
show:
  - { networks: [10.0.0.0/8, local], show: all }
  - { users: [root], show: hidden }
  - { show: [name, status, plan] }
limits: { rate: 60, lookupTime: 5000 }
log: { audit: redacted }
metrics: 127.0.0.1:9079
http: { listen: 127.0.0.1:8000, origin: "https://plan.example" }
process: { user: finger }
`;

/** One in TypeScript. */
export const TYPESCRIPT_EXAMPLE = `
import type { ApplicationDescription } from "finger-server";

const config: ApplicationDescription = {
  users: process.env.FINGER_USERS ?? "users",
  listen: { address: "[::]:79", proxyProtocol: ["10.0.0.0/8"] },
  plugins: { clock: { module: "./clock.mjs" } },
};

export default config;
`;

/** @type {readonly import("../man-page.mjs").Part[]} */
const EXAMPLES = [
  "The users of a file, and statuses that they set:",
  { lines: YAML_EXAMPLE },
  "The same kind of record in TypeScript, behind a proxy, with a plug-in:",
  { lines: TYPESCRIPT_EXAMPLE },
];

/** @type {readonly import("../man-page.mjs").Entry[]} */
const FILES = [
  ["finger.config.*", "in the working directory, when there is no `--config`"],
  ["/etc/finger/finger.config.yaml", "the one of the shipped systemd unit"],
  ["finger.config.schema.json", "the JSON Schema, in the folder of the package"],
];
