import { describeBody, describeOperation, describeParameter, type OperationRules } from "./describe-operation.js";
import { refer, type Schema } from "./schemas.js";

const LOGIN = describeParameter("path", "login", "The login, with or without a `~` before it.");
const IF_NONE_MATCH = describeParameter("header", "If-None-Match", "Entity tags of what is known already.");
const IF_MATCH = describeParameter("header", "If-Match", "The entity tag of the page, in any form, that is to change.");
const IF_NEW = describeParameter("header", "If-None-Match", "`*`: sets it only where there is none.");

const HTML = describeBody("text/html");
const TEXT = describeBody("text/plain");
const USER = describeBody("application/json", refer("user"));
const USERS = describeBody("application/json", refer("users"));
const ATOM = describeBody("application/atom+xml");
const FEED = describeBody("application/feed+json", refer("feed"));
const XML = describeBody("text/xml");

/** The list of users, in all forms. */
export const LIST_PATHS: Schema = {
  "/": {
    get: readable({ id: "getUsers", summary: "The list of users.", ...list({ ...HTML, ...USERS, ...TEXT }, "406") }),
  },
  "/.json": { get: readable({ id: "getUsersAsJson", summary: "The list of users as JSON.", ...list(USERS) }) },
  "/.txt": { get: readable({ id: "getUsersAsText", summary: "The list of users as text.", ...list(TEXT) }) },
  "/feed.atom": { get: readable({ id: "getAtom", summary: "What all users said last, as Atom.", ...list(ATOM) }) },
  "/feed.json": { get: readable({ id: "getFeed", summary: "What all users said last, as JSON Feed.", ...list(FEED) }) },
};

/** One user, in the form that `Accept` asks for. */
export const PERSON: Schema = {
  get: describePerson("getUser", "One user.", { ...HTML, ...USER, ...TEXT }, { ...HTML, ...USERS, ...TEXT }),
};

/** One user, in all other forms. */
export const PERSON_PATHS: Schema = {
  "/{login}.json": { get: describePerson("getUserAsJson", "One user as JSON.", USER, USERS) },
  "/{login}.txt": { get: describePerson("getUserAsText", "One user as text.", TEXT, TEXT) },
  "/{login}/feed.atom": { get: describePersonFeed("getUserAtom", "What a user said, as Atom.", ATOM) },
  "/{login}/feed.json": { get: describePersonFeed("getUserFeed", "What a user said, as JSON Feed.", FEED) },
};

/** What sets a status, at the path of the user. */
export const SETTING: Schema = {
  put: describeOperation({
    id: "setStatus",
    summary: "Sets the status of a user.",
    parameters: [LOGIN, IF_MATCH, IF_NEW],
    takes: { ...TEXT, ...describeBody("application/json", refer("wantedStatus")) },
    answers: { "200": describeBody("application/json", refer("storedStatus")) },
    problems: ["400", "401", "404", "405", "412", "413", "415", "429", "503"],
    needsToken: true,
  }),
  delete: describeOperation({
    id: "deleteStatus",
    summary: "Forgets the status of a user.",
    parameters: [LOGIN, IF_MATCH],
    answers: { "204": {} },
    problems: ["400", "401", "404", "405", "412", "429", "503"],
    needsToken: true,
  }),
  post: describeOperation({
    id: "sendForm",
    summary: "Sets the status of a user by the form on the page.",
    parameters: [LOGIN],
    takes: describeBody("application/x-www-form-urlencoded", {
      type: "object",
      properties: { status: { type: "string" }, token: { type: "string" } },
    }),
    answers: { "303": {} },
    problems: ["400", "401", "403", "404", "405", "412", "413", "415", "429", "503"],
  }),
};

/** What programs ask. */
export const MACHINE_PATHS: Schema = {
  "/RPC2": {
    post: describeOperation({
      id: "callMethod",
      summary: "XML-RPC: getUser(login), getUsers().",
      takes: { ...XML, ...describeBody("application/xml") },
      answers: { "200": XML },
      problems: ["400", "405", "413", "415"],
    }),
  },
  "/openapi.json": {
    get: readable({
      id: "getOpenApi",
      summary: "This document.",
      answers: { "200": describeBody("application/json", { type: "object" }) },
      problems: ["405"],
    }),
  },
};

/** WebFinger, which is at the root of the host. */
export const WEB_FINGER: Schema = {
  get: readable({
    id: "getWebFinger",
    summary: "Where else a user is on the web (RFC 7033).",
    parameters: [
      describeParameter("query", "resource", "`acct:alice@host`, or another URI that means a user.", {
        required: true,
      }),
      describeParameter("query", "rel", "The kinds of links to tell.", {
        schema: { type: "array", items: { type: "string" } },
      }),
    ],
    answers: { "200": describeBody("application/jrd+json", refer("jrd")) },
    problems: ["400", "404", "405", "429", "503"],
  }),
};

/** The stream of changes. */
export const EVENTS: Schema = {
  get: describeOperation({
    id: "getChanges",
    summary: "A stream of who has changed.",
    parameters: [
      describeParameter("query", "login", "Tells of this user alone."),
      describeParameter("header", "Last-Event-ID", "The last event that was heard of before the stream broke off."),
    ],
    answers: { "200": describeBody("text/event-stream") },
    problems: ["400", "403", "404", "405", "429", "503"],
  }),
};

/** Other servers. */
export const GATEWAY_PATHS: Schema = {
  "/@{host}": describeGateway("askOtherForUsers", "The list of users of another server.", []),
  "/@{host}/{login}": describeGateway("askOther", "A user of another server.", [
    describeParameter("path", "login", "The login there."),
  ]),
};

function describeGateway(id: string, summary: string, parameters: readonly Schema[]): Schema {
  return {
    get: readable({
      id,
      summary,
      parameters: [describeParameter("path", "host", "The host to ask."), ...parameters],
      answers: { "200": { ...HTML, ...describeBody("application/json", refer("reply")), ...TEXT } },
      problems: ["400", "403", "404", "405", "406", "429", "502", "503", "504"],
    }),
  };
}

function describePerson(id: string, summary: string, one: Schema, several: Schema): Schema {
  const answers = { "200": one, "300": several };
  return readable({ id, summary, parameters: [LOGIN], answers, problems: ["400", "404", "405", "406", "429", "503"] });
}

function describePersonFeed(id: string, summary: string, types: Schema): Schema {
  const problems = ["400", "404", "405", "429", "503"] as const;
  return readable({ id, summary, parameters: [LOGIN], answers: { "200": types }, problems });
}

function list(types: Schema, ...more: "406"[]): Pick<OperationRules, "answers" | "problems"> {
  return { answers: { "200": types }, problems: ["403", "405", ...more, "503"] };
}

/** What can be asked for again with its entity tag. */
function readable(rules: OperationRules): Schema {
  const { parameters = [], answers } = rules;
  return describeOperation({
    ...rules,
    parameters: [...parameters, IF_NONE_MATCH],
    answers: { ...answers, "304": {} },
  });
}
