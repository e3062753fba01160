import { expect, it } from "vitest";
import { parseCommandLine } from "./command-line.js";

const LINES: ReadonlyArray<[argv: readonly string[], words: readonly string[], values: object, why: string]> = [
  [[], [], {}, "nothing is enough"],
  [["--users", "u", "--port=7979"], [], { users: "u", port: "7979" }, "values stand behind a blank or an equals sign"],
  [["--limit", "a=1", "--limit", "b=2"], [], { limit: ["a=1", "b=2"] }, "limits add up"],
  [["--proxy-protocol", "::1", "--proxy-protocol", "lo"], [], { "proxy-protocol": ["::1", "lo"] }, "so do networks"],
  [["--port", "1", "--port", "2"], [], { port: "2" }, "of others the last counts, as an alias in a shell needs it"],
  [["token", "issue", "alice"], ["token", "issue", "alice"], {}, "a command has arguments"],
  [["status", "--pidfile", "p"], ["status"], { pidfile: "p" }, "options may stand behind a command"],
  [["-h"], [], { help: true }, "help is called so everywhere"],
];

it.each(LINES)("reads %j as %j and %o: %s", (argv, words, values) => {
  const line = parseCommandLine(argv);
  expect(line).toEqual({ words, values: expect.objectContaining(values) });
  expect(Object.keys(line.values)).toEqual(Object.keys(values));
});

const MISTAKES: ReadonlyArray<[argv: readonly string[], message: string, why: string]> = [
  [["--prot", "79"], "Unknown option '--prot'; did you mean --port?; see --help", "letters change places"],
  [["--user-file", "x"], "Unknown option '--user-file'; see --help", "nothing is near"],
  [["--logfil=x"], "Unknown option '--logfil'; did you mean --logfile?; see --help", "a letter is missing"],
  [["-x"], "Unknown option '-x'; see --help", "of a letter, nothing is near"],
  [["--port"], "Option '--port <value>' argument missing; see --help", "a value is missing"],
  [["--check=yes"], "Option '--check' does not take an argument; see --help", "a value too many"],
];

it.each(MISTAKES)("of %j says %j: %s", (argv, message) => {
  expect(() => parseCommandLine(argv)).toThrow(message);
});
