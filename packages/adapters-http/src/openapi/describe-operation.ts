import { refer, type Schema } from "./schemas.js";

/** What is asked, and what is answered. */
export interface OperationRules {
  readonly id: string;
  /** A line. */
  readonly summary: string;
  readonly parameters?: readonly Schema[];
  /** Bodies that are taken, by media type. */
  readonly takes?: Schema;
  /** What is answered when all goes well, by status and then by media type. */
  readonly answers: Readonly<Record<string, Schema>>;
  /** What else may be answered. */
  readonly problems: ReadonlyArray<keyof typeof PROBLEMS>;
  readonly needsToken?: boolean;
}

/** Describes an operation as OpenAPI has it. Whatever is asked, the method may be wrong, or the provider may fail. */
export function describeOperation(rules: OperationRules): Schema {
  const { id, summary, parameters = [], takes, answers, problems, needsToken = false } = rules;
  const good = Object.entries(answers).map(([status, types]) => [status, describeAnswer(status, types)]);
  const bad = [...problems].sort().map((status) => [status, { $ref: `#/components/responses/${status}` }]);
  return {
    operationId: id,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(takes !== undefined && { requestBody: { required: true, content: takes } }),
    responses: Object.fromEntries([...good, ...bad]),
    ...(needsToken && { security: [{ token: [] }] }),
  };
}

function describeAnswer(status: string, types: Schema): Schema {
  const description = ANSWERS.get(status) ?? "The answer.";
  if (Object.keys(types).length === 0) return { description };
  return status === "200" ? { description, content: types, headers: TAG } : { description, content: types };
}

/** A media type with its schema. */
export function describeBody(type: string, schema: Schema = { type: "string" }): Schema {
  return { [type]: { schema } };
}

/** A parameter. */
export function describeParameter(
  place: "path" | "query" | "header",
  name: string,
  description: string,
  more: Schema = {},
): Schema {
  return {
    name,
    in: place,
    description,
    ...(place === "path" && { required: true }),
    schema: { type: "string" },
    ...more,
  };
}

const TAG: Schema = { ETag: { description: "For `If-None-Match`.", schema: { type: "string" } } };

const ANSWERS: ReadonlyMap<string, string> = new Map([
  ["200", "What is known."],
  ["204", "It is gone."],
  ["300", "The name means several users."],
  ["303", "It is done: look at the page."],
  ["304", "It has not changed."],
]);

/** What problems mean, by status. */
const PROBLEMS = {
  "400": "The request cannot be read.",
  "401": "It takes a token, or another one.",
  "403": "This is not for the peer.",
  "404": "There is no such user.",
  "405": "The method is not for this path.",
  "406": "There is no such form of it.",
  "412": "It has changed meanwhile.",
  "413": "The body is too long.",
  "415": "The body is of a type that is not read.",
  "429": "The peer asks too often.",
  "502": "The other server cannot be reached.",
  "503": "The provider failed; try again later.",
  "504": "The other server does not answer.",
} as const;

/** An object for programs; a page, or a line, for who asks for that. */
const PROBLEM: Schema = {
  ...describeBody("application/problem+json", refer("problem")),
  ...describeBody("text/html"),
  ...describeBody("text/plain"),
};

/** The responses that operations share. */
export const RESPONSES: Schema = Object.fromEntries(
  Object.entries(PROBLEMS).map(([status, description]) => [status, { description, content: PROBLEM }]),
);
