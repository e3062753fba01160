/** A schema of JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export type Schema = Readonly<Record<string, unknown>>;

/** Points at one of {@link SCHEMAS}. */
export function refer(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object. What is not required may be left out; more may come. */
function describeObject(required: readonly string[], properties: Schema, description?: string): Schema {
  return {
    ...(description !== undefined && { description }),
    type: "object",
    ...(required.length > 0 && { required }),
    properties,
  };
}

const TEXT: Schema = { type: "string" };
const URI: Schema = { type: "string", format: "uri" };
const TIME: Schema = refer("time");

const USER: Schema = describeObject(
  ["login"],
  {
    login: TEXT,
    name: TEXT,
    status: TEXT,
    statusAt: TIME,
    directory: TEXT,
    shell: TEXT,
    office: TEXT,
    officePhone: TEXT,
    homePhone: TEXT,
    pronouns: TEXT,
    timeZone: TEXT,
    sessions: { type: "array", items: refer("session") },
    lastLogin: { anyOf: [refer("login"), { type: "null" }] },
    mail: { anyOf: [refer("mail"), { type: "null" }] },
    mailForward: TEXT,
    pgpKey: TEXT,
    project: TEXT,
    plan: TEXT,
    planAt: TIME,
    text: TEXT,
  },
  "A FingerUser of finger-protocol.",
);

const LOGIN: Schema = describeObject(
  [],
  { since: TIME, tty: TEXT, host: TEXT },
  "A login: when, on which terminal, from which host.",
);

const SESSION: Schema = describeObject(
  [],
  {
    since: TIME,
    tty: TEXT,
    host: TEXT,
    idle: { type: "number", minimum: 0, description: "Seconds since the last key." },
    messages: { type: "boolean" },
  },
  "A login that lasts.",
);

const PROBLEM: Schema = describeObject(
  ["type", "title", "status", "detail"],
  { type: { type: "string", format: "uri-reference" }, title: TEXT, status: { type: "integer" }, detail: TEXT },
  "Why there is no answer (RFC 9457). The detail is a sentence for people.",
);

const LINK: Schema = describeObject(["rel", "href"], { rel: TEXT, type: TEXT, href: URI });

const JRD: Schema = describeObject(
  ["subject", "aliases", "links"],
  {
    subject: URI,
    aliases: { type: "array", items: URI },
    properties: { type: "object", additionalProperties: { type: ["string", "null"] } },
    links: { type: "array", items: LINK },
  },
  "What WebFinger tells of a user (RFC 7033 4.4).",
);

const ITEM: Schema = describeObject(["id", "content_text"], {
  id: URI,
  url: URI,
  title: TEXT,
  content_text: TEXT,
  date_published: TIME,
  authors: { type: "array", items: describeObject(["name"], { name: TEXT, url: URI }) },
});

const FEED: Schema = describeObject(
  ["version", "title", "items"],
  {
    version: { const: "https://jsonfeed.org/version/1.1" },
    title: TEXT,
    home_page_url: URI,
    feed_url: URI,
    items: { type: "array", items: ITEM },
  },
  "A JSON Feed (https://www.jsonfeed.org/version/1.1/).",
);

/** All schemas, by their names. */
export const SCHEMAS: Schema = {
  time: { type: "string", format: "date-time" },
  user: USER,
  users: describeObject(["users"], { users: { type: "array", items: refer("user") } }, "The list of users."),
  login: LOGIN,
  session: SESSION,
  mail: describeObject([], { receivedAt: TIME, readAt: TIME }),
  problem: PROBLEM,
  jrd: JRD,
  feed: FEED,
  reply: describeObject(
    ["target", "text", "users"],
    { target: TEXT, text: TEXT, users: { type: "array", items: refer("user") } },
    "What another server answered, and the users that can be read from it.",
  ),
  wantedStatus: describeObject(["status"], {
    status: { type: "string", description: "The ends of its last line do not count." },
    ttl: { type: ["number", "null"], exclusiveMinimum: 0, description: "How many seconds it is told." },
  }),
  storedStatus: describeObject(["login", "status", "statusAt"], {
    login: TEXT,
    status: TEXT,
    statusAt: TIME,
    expires: TIME,
  }),
};
