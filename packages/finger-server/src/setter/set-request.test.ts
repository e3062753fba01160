import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMistake, parseSetRequest } from "./set-request.js";

const bytes = (text: string) => new TextEncoder().encode(text);

/** What is wrong with it, if anything. */
function check(sent: Uint8Array): string | undefined {
  const read = parseSetRequest(sent);
  return "mistake" in read ? read.mistake : findMistake(read, 20);
}

const SETTINGS: ReadonlyArray<
  readonly [sent: string, login: string, token: string | undefined, text: string, why: string]
> = [
  ["alice\r\nHappy and well\r\n", "alice", undefined, "Happy and well", "these are the two lines of the tutorial"],
  ["alice\nHappy and well\n", "alice", undefined, "Happy and well", "nc sends LF"],
  ["alice\r\nHappy and well", "alice", undefined, "Happy and well", "the tutorial's server lost a line without an end"],
  ["alice\none\n\n\ttwo \n", "alice", undefined, "one\n\n\ttwo ", "a status may have lines, and blanks"],
  ["alice\none\r\ntwo\n", "alice", undefined, "one\ntwo", "lines may end in both ways"],
  ["alice s3cret\r\nWell\r\n", "alice", "s3cret", "Well", "a token stands behind the login"],
  ["  alice   s3cret  \r\nWell\r\n", "alice", "s3cret", "Well", "blanks around them mean nothing"],
  ["alice\r\n\r\n", "alice", undefined, "", "an empty status is one"],
  ["alice\r\nWell\r\n\r\n\r\n", "alice", undefined, "Well", "empty lines at the end are none of it"],
  ["alice\r\n\r\nWell\r\n", "alice", undefined, "\nWell", "those at the beginning are"],
  ["zoë\r\n日本 😀\r\n", "zoë", undefined, "日本 😀", "it is UTF-8"],
];

const MISTAKES: ReadonlyArray<readonly [sent: string | Uint8Array, mistake: RegExp, why: string]> = [
  ["", /no login/, "there is nothing"],
  ["\r\nWell\r\n", /no login/, "a status of nobody"],
  ["alice\r\n", /no status/, "nor is a line behind it"],
  ["alice", /no status/, "the line is not at its end: the connection may have broken"],
  ["alice s3cret more\r\nWell\r\n", /more than a login and a token/, "a token has no blanks"],
  ["alice@example.org\r\nWell\r\n", /no login/, "nobody could ask for that here"],
  ["/W\r\nWell\r\n", /no login/, "that is a switch"],
  ["alice\r\n\u001b[2JWell\r\n", /control character in it, 0x1b/, "it would upset a terminal"],
  ["alice\r\nWe\0ll\r\n", /control character in it, 0x00/, "so might that"],
  ["alice\r\nWe\u009bll\r\n", /control character in it, 0x9b/, "so would that one, of eight bits"],
  [`${"x".repeat(256)}\r\nWell\r\n`, /no login/, "no store keeps so long a login"],
  [`alice\r\n${"é".repeat(10)}!\r\n`, /longer than 20 bytes/, "bytes count, not characters"],
  ["alice\r\nWe\rll\r\n", /control character in it, 0x0d/, "a CR alone hides what stands before it"],
  [Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a), /not UTF-8/, "latin1 could be anything"],
  [Uint8Array.of(0xff, 0xfd, 0x22, 0x61, 0x0a), /not UTF-8/, "telnet negotiates"],
];

describe("what is sent to a setter", () => {
  it.each(SETTINGS)("%j is of %j with the token %j, and says %j: %s", (sent, login, token, text) => {
    expect(parseSetRequest(bytes(sent))).toEqual({ login, token, text });
    expect(check(bytes(sent))).toBeUndefined();
  });

  it.each(MISTAKES)("%j is refused as %s: %s", (sent, mistake) => {
    expect(check(typeof sent === "string" ? bytes(sent) : sent)).toMatch(mistake);
  });

  it("is read or refused, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (sent) => {
        const read = parseSetRequest(sent);
        const isRefused = "mistake" in read || findMistake(read, 4096) !== undefined;
        expect(isRefused || (read.login !== "" && !read.text.endsWith("\n"))).toBe(true);
      }),
    );
  });
});
