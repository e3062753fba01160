// What the packed finger-protocol must do alike on every runtime. `check` gets the module, and throws on a difference.

/** @param {typeof import("finger-protocol")} protocol */
export function check(protocol) {
  const { QueryDecoder, parseTarget, formatUser, parseReply, encodeReply, decodeReply, sanitize } = protocol;
  const now = new Date("2026-11-22T18:00:00Z");
  const alice = {
    login: "alice",
    name: "José",
    sessions: [{ since: new Date("2026-11-22T16:36:00Z"), tty: "pts/0" }],
    mail: null,
  };
  const format = { now, timeZone: "Europe/Berlin", layout: /** @type {const} */ ("netkit") };

  const decoder = new QueryDecoder();
  same(decoder.push(bytes(0xff, 0xfb, 0x0a, ..."/W jos", 0xe9)), undefined);
  same(decoder.push(bytes(..."\r\n")), { kind: "user", user: "josé", verbose: true });
  same(new QueryDecoder().push(bytes(..."@".repeat(500), ..."\r\n")), { kind: "invalid", reason: "empty-host" });
  same(parseTarget("alice@bücher.example").host, "xn--bcher-kva.example");
  same(
    formatUser(alice, format),
    "Login: alice          \t\t\tName: José\nOn since Sun Nov 22 17:36 (CET) on pts/0\nNo mail.\nNo Plan.\n",
  );
  same(parseReply(formatUser(alice, { ...format, timeZone: "UTC" }), { now }), [alice]);
  same(decodeReply(bytes(..."caf", 0xe9, 0x20, 0x80, 0x0d, 0x0a)), "café €\n");
  same(decodeReply(encodeReply("a\rb\r\nc\x1b")), "a\nb\nc^[\n");
  same(sanitize("\x1b]0;pwned\x07Hello \x1b[31mred\u202e"), "Hello red");
}

/** @param {...(string | number)} parts */
function bytes(...parts) {
  return Uint8Array.from(parts, (part) => (typeof part === "number" ? part : part.charCodeAt(0)));
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
function same(actual, expected) {
  const [found, wanted] = [actual, expected].map((value) => JSON.stringify(value));
  if (found !== wanted) throw new Error(`found ${found}, wanted ${wanted}`);
}
