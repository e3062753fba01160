import type * as z from "zod/mini";
import type { TextsDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { phrase } from "./values.js";

export const TEXTS: z.ZodMiniType<TextsDescription> = exactly(
  record("a record of texts", {
    noSuchUser: key("For a user who is not known, or hidden; {name} is who was asked for.", phrase()),
    listDenied: key("For the list of users, when it is not given.", phrase()),
    forwardingDenied: key("For a query that would have to be passed on.", phrase()),
    unreachable: key("For a query to be passed on to a host that does not answer.", phrase()),
    badQuery: key("For a line that is no query; {reason} says why.", phrase()),
    notFinger: key("For what is another protocol, {protocol}.", phrase()),
    tooManyQueries: key("For a peer that asks too often.", phrase()),
    tooManyConnections: key("For a connection too many.", phrase()),
    cutOff: key("Behind an answer that is longer than {bytes} bytes.", phrase()),
    closing: key("Behind an answer that was not complete when the server closed.", phrase()),
    internalError: key("For an answer that could not be found out.", phrase()),
  }),
);
