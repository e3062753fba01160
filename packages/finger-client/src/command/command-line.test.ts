import { expect, it } from "vitest";
import { run } from "../../../../tests/support/command.js";
import { type CommandLine, parseCommandLine } from "./command-line.js";

const LINES: ReadonlyArray<readonly [argv: string[], line: Partial<CommandLine>, why: string]> = [
  [["a@b", "c@d"], { targets: ["a@b", "c@d"] }, "targets keep their order"],
  [["a", "-l", "b"], { targets: ["a", "b"], verbose: true }, "options may stand between them"],
  [["--", "-l", "--color"], { targets: ["-l", "--color"], verbose: undefined }, "behind -- there are no options"],
  [["a"], { verbose: undefined, port: undefined, timeout: undefined }, "what is not asked for is left to the library"],
  [["-ls"], { verbose: false }, "of -l and -s the last one counts"],
  [["-s", "-l"], { verbose: true }, "whichever that is"],
  [["-64"], { family: 4 }, "of -4 and -6, too"],
  [["--json", "--raw"], { form: "raw" }, "and of the forms"],
  [["--raw", "--json"], { form: "json" }, "in any order"],
  [["-p7979"], { port: 7979 }, "a value may touch its option"],
  [["--port", "65535"], { port: 65535 }, "the last port there is"],
  [["--timeout", "2.5"], { timeout: 2500 }, "seconds have parts"],
  [["--timeout", ".5"], { timeout: 500 }, "with nothing before the point"],
  [["--timeout", "3."], { timeout: 3000 }, "or behind it"],
  [["--timeout", "0.0001"], { timeout: 1 }, "the shortest time is a millisecond"],
  [["--max-time", "90"], { maxTime: 90_000 }, "the time for all of it"],
  [["--watch", "60"], { watch: 60_000 }, "the time between two looks"],
  [["--max-size", "10"], { maxSize: 10 }, "bytes"],
  [["--max-size", "64k"], { maxSize: 65_536 }, "KiB"],
  [["--max-size", "64K"], { maxSize: 65_536 }, "in upper case, too"],
  [["--max-size", "2M"], { maxSize: 2_097_152 }, "MiB"],
  [["--color", "a"], { color: "always", targets: ["a"] }, "the target is no value of --color"],
  [["--color=auto"], { color: "auto" }, "it has values of its own"],
  [["--color", "--no-color"], { color: "never" }, "no colour overrules colour"],
  [["--no-color", "--color=auto"], { color: "auto" }, "and the other way round"],
  [["--set", ""], { set: "" }, "to have no status is one, too"],
  [["--set", "-"], { set: "-" }, "a dash is no option"],
];

it.each(LINES)("reads %j as %o: %s", (argv, line) => {
  expect(parseCommandLine(argv)).toMatchObject(line);
});

it("has the defaults before the arguments", () => {
  expect(parseCommandLine(["-p", "2", "b"], "-p 1 -l a")).toMatchObject({
    port: 2,
    verbose: true,
    targets: ["a", "b"],
  });
});

const WRONG: ReadonlyArray<readonly [argv: string[], named: string[], why: string]> = [
  [["--no-such-option"], ["--no-such-option"], "there is no such option"],
  [["-x"], ["-x"], "nor such a letter"],
  [["--json=yes"], ["--json"], "it has no value"],
  [["--timeout"], ["--timeout"], "its value is missing"],
  [["--port", "x"], ["--port", '"x"'], "no number"],
  [["--port", "0"], ["--port", '"0"'], "no port has this number"],
  [["--port", "65536"], ["--port", '"65536"'], "nor this"],
  [["--port", "7e3"], ["--port", '"7e3"'], "digits alone make a port"],
  [["--port="], ["--port", '""'], "nothing is no port"],
  [["--timeout=-1"], ["--timeout", '"-1"'], "nothing ends before it begins"],
  [["--timeout", "0"], ["--timeout", '"0"'], "that is no time to answer"],
  [["--timeout", "."], ["--timeout", '"."'], "a point without digits"],
  [["--timeout", "1e9"], ["--timeout", '"1e9"'], "more than a timer takes"],
  [["--timeout", "3s"], ["--timeout", '"3s"'], "the unit is known"],
  [["--max-time", "Infinity"], ["--max-time", '"Infinity"'], "to leave it out is no bound already"],
  [["--max-time", "2147484"], ["--max-time", '"2147484"'], "a timer takes no more than 24 days"],
  [["--max-size", "0"], ["--max-size", '"0"'], "that is no reply"],
  [["--max-size", "1G"], ["--max-size", '"1G"'], "nobody reads this much"],
  [["--max-size", "1.5M"], ["--max-size", '"1.5M"'], "bytes have no parts"],
  [["--color=sometimes"], ["--color", '"sometimes"'], "a value that is none"],
  [["--watch", "often"], ["--watch", '"often"'], "no time"],
  [["--completion", "tcsh"], ["--completion", '"tcsh"'], "a shell without one"],
  [["--proxy", "http://proxy:80"], ["proxy"], "no SOCKS; its value may hold a password"],
];

it.each(WRONG)("refuses %j and names %j: %s", async (argv, named) => {
  const { code, out, err } = await run(...argv, "alice@127.0.0.1:1");
  expect([code, out]).toEqual([64, ""]);
  expect(err).toMatch(/^finger-client: /);
  for (const what of named) expect(err).toContain(what);
});
