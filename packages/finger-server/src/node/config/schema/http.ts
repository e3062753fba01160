import * as z from "zod/mini";
import type { HttpDescription } from "../../application/description.js";
import { ADDRESS } from "./address.js";
import { exactly } from "./exactly.js";
import { key, record } from "./record.js";
import { basePath, flag, limit, list, network, text, timeLimit, webHost, webOrigin, whole } from "./values.js";

/** In seconds; nobody needs more, and not everybody can read it. */
const LONGEST_AGE = 2 ** 31 - 1;

const HTTP_LIMITS = record("a record of limits", {
  lookupTime: key("Time for the answer to be found, in milliseconds. Default: that of limits.", timeLimit()),
  bodyBytes: key("Longest body of a request, in bytes. Default: 65536.", limit()),
  misses: key("Names a minute of one peer that are not known, a third of them in one burst. Default: 60.", limit()),
  gateway: key("Lookups a minute of one peer at other servers, a third of them in one burst. Default: 30.", limit()),
  streams: key("Streams of events at a time. Default: 16384.", limit()),
  streamsPerPeer: key("Streams of events at a time of one peer. Default: 16.", limit()),
});

export const HTTP: z.ZodMiniType<HttpDescription> = exactly(
  record("a record of keys", {
    listen: key("One address, of HTTP, or of HTTPS with tls. Default: 8000, of 127.0.0.1.", ADDRESS),
    origin: key(
      "The scheme and the host that people reach the pages at. Default: feeds have no absolute links.",
      webOrigin(),
    ),
    hosts: key(
      "The hosts whose accounts WebFinger tells of. Default: that of origin.",
      list("a list of hosts", webHost()),
    ),
    base: key("Where the pages are: a path such as /finger. Default: at the root.", basePath()),
    proxies: key(
      "The networks of the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: a proxy is itself the peer.",
      list("a list of networks", network()),
    ),
    title: key('What the list of users is called. Default: "Users".', text("a text", "it must not be empty")),
    gateway: key(
      "Whether /@host/alice is answered by asking other servers: those of forward, or else those whose addresses are all public. Default: false.",
      flag(),
    ),
    hsts: key(
      "How long browsers are to come by HTTPS alone, in seconds (RFC 6797). Default: they are told nothing of it.",
      whole(0, LONGEST_AGE),
    ),
    cors: key(
      'The origins whose pages may read, and with a token set; "*" is all. Default: none.',
      z.union([z.literal("*"), list("a list of origins", webOrigin())], 'it must be "*", or a list of origins'),
    ),
    limits: key(
      "Bounds for those who ask there; false takes one away. Each process counts by itself: with 4 workers there may be four times as much.",
      HTTP_LIMITS,
    ),
  }),
);
