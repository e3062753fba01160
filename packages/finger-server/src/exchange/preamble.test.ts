import { createFingerServer, memoryPair, memoryProvider, type QueryEvent } from "finger-server";
import { expect, it } from "vitest";

const TLS = "This is a finger server; it does not speak TLS.\r\n";
const HTTP = "This is a finger server; it does not speak HTTP.\r\n";
const PROXY = "This is a finger server; it does not speak PROXY.\r\n";
const LIST = "Login  Status\r\nalice  hi\r\n";

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

const OPENINGS: ReadonlyArray<readonly [opening: string, answer: string, why: string]> = [
  ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", TLS, "a ClientHello"],
  ["\x16\x03\x03\x00\x7a\n\r", TLS, "one with a line end in it"],
  ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP, "a request"],
  ["GET / HTTP/1.0\n\n", HTTP, "an old one"],
  ["POST /alice HTTP/2\r\n", HTTP, "any method, any version"],
  ["OPTIONS * HTTP/1.1\r\n", HTTP, "any target"],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HTTP, "the preface of HTTP/2"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 56324 79\r\nalice\r\n", PROXY, "a PROXY header"],
  ["PROXY TCP6 2001:db8::1 2001:db8::2 56324 79\r\n", PROXY, "one of IPv6, of a health check"],
  ["PROXY UNKNOWN\r\n", PROXY, "one of nobody"],
  ["\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01", PROXY, "version 2, which begins like a list"],
  ["\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00", PROXY, "version 2 of a health check"],
  ["\r\n\r\n", LIST, "a list, and a blank line too many"],
  ["\r\n", LIST, "a list"],
  ["HTTP/1.1\r\n", "finger: HTTP/1.1: no such user.\r\n", "a name like another"],
  ["PROXY\r\n", "finger: PROXY: no such user.\r\n", "a name like another"],
  ["PROXY server\r\n", "finger: PROXY server: no such user.\r\n", "a name of two words"],
  ["\x16\r\n", "Finger query refused: there is a control character in it\r\n", "no TLS, and no name"],
];

it.each(OPENINGS)("answers %j with %j: %s", async (opening, answer) => {
  const events: QueryEvent[] = [];
  const server = createFingerServer({
    provider: memoryProvider({ alice: "hi" }),
    onQuery: (event) => events.push(event),
  });
  const [near, far] = memoryPair();
  const served = server.handle(far);
  const writer = near.writable.getWriter();
  const sent = writer.write(bytes(opening)).then(() => writer.close());
  expect(await new Response(near.readable).text()).toBe(answer);
  await Promise.all([sent, served]);
  const isOther = [TLS, HTTP, PROXY].includes(answer);
  expect(events).toMatchObject([isOther ? { kind: "invalid", outcome: "invalid" } : {}]);
});
