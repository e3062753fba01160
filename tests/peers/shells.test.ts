import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OPTIONS } from "../../packages/finger-client/src/command/command-line.js";
import { formatCompletion } from "../../packages/finger-client/src/command/completion.js";
import { OPTION_HELP } from "../../packages/finger-client/src/command/help.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { type Complete, completeInBash, completeInFish, completeInZsh } from "./support/shell-completion.js";

const SHELLS: ReadonlyArray<[shell: string, complete: Complete, showsTexts: boolean]> = [
  ["bash", completeInBash, false],
  ["zsh", completeInZsh, true],
  ["fish", completeInFish, true],
];

const LINES: ReadonlyArray<[line: string, words: readonly string[], why: string]> = [
  ["finger-client --no", ["--no-color"], "there is one such option"],
  ["finger-client -l --max", ["--max-size", "--max-time"], "options stand behind options"],
  ["finger-client alice@host --wat", ["--watch"], "options stand behind targets"],
  ["finger-client --color=", ["--color=always", "--color=auto", "--color=never"], "the values are few"],
  ["finger-client --color=a", ["--color=always", "--color=auto"], "the value has begun"],
  ["finger-client --color plan", [], "the value of --color stands behind a = only"],
  ["finger-client --color alice@plan", ["alice@plan.example"], "so that this is a target"],
  ["finger-client --completion ", ["bash", "fish", "zsh"], "the values are few"],
  ["finger-client --completion=z", ["--completion=zsh"], "the value may stand behind a = all the same"],
  ["finger-client --port ", [], "a port is not to be guessed, and no file"],
  ["finger-client --port=", [], "nor is it there"],
  ["finger-client -p ", [], "nor behind the letter"],
  ["finger-client -lp ", [], "nor behind letters"],
  ["finger-client --set ", [], "a status is no file"],
  ["finger-client --proxy=so", [], "a URL is no file"],
  ["finger-client alice@plan", ["alice@plan.example"], "a host that the shell knows"],
  ["finger-client @plan", ["@plan.example"], "the list of a host"],
  ["finger-client alice@relay.example@plan", ["alice@relay.example@plan.example"], "the host to be asked"],
  ["finger-client alice@nowhere", [], "the host is unknown"],
  ["finger-client host", [], "files are no targets"],
  ["finger-client -- --no", [], "no option stands behind --"],
  ["finger-client -- alice@plan", ["alice@plan.example"], "targets do"],
];

/** What each shell would take for something else. */
const HOSTILE = 'it\'s [a] "q": $HOME $(touch pwned) `touch pwned` $x \\ \\n %s ;&|<>(y) {1,2} *? ~ # -- ü';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "finger-shells-"));
  writeFileSync(join(folder, "hosts"), "192.0.2.1 plan.example\n");
  mkdirSync(join(folder, ".ssh"));
  writeFileSync(join(folder, ".ssh", "known_hosts"), "plan.example ssh-ed25519 AAAA\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

for (const [shell, complete, showsTexts] of SHELLS) {
  describePeer(`the completion in ${shell}`, hasCommand(shell), `apt-get install ${shell}`, () => {
    it.each(LINES)("completes %j with %j: %s", (line, words) => {
      const offered = complete(formatCompletion(shell), line, folder).map(({ word }) => word);
      expect(offered.sort()).toEqual(words);
    });

    it("completes a target without a host with the users of this machine", () => {
      const { username } = userInfo();
      const offered = complete(formatCompletion(shell), `finger-client ${username.slice(0, -1)}`, folder);
      expect(offered.map(({ word }) => word)).toContain(username);
    });

    it("offers every option", () => {
      const offered = complete(formatCompletion(shell), "finger-client --", folder).map(({ word }) => word);
      // Some offer --color= beside --color.
      const names = offered.filter((word) => word.startsWith("--") && !word.endsWith("=")).map((word) => word.slice(2));
      expect(names.sort()).toEqual(Object.keys(OPTIONS).sort());
    });

    if (showsTexts) {
      it("says what an option does", () => {
        const offered = complete(formatCompletion(shell), "finger-client --wat", folder);
        expect(offered).toEqual([{ word: "--watch", text: OPTION_HELP.watch.text }]);
      });
    }

    it("takes nothing in a text for a command, and nothing in a value", () => {
      const values = ["it's", "$HOME", "$(touch pwned)", "a b", "[c]:\\"];
      const script = formatCompletion(shell, [
        { name: "hostile", short: "x", argument: "it's:$(touch pwned)", values, text: HOSTILE },
        { name: "other", optional: true, argument: "W:", values, text: HOSTILE },
      ]);
      const [option] = complete(script, "finger-client --hos", folder);
      expect(option).toEqual({ word: "--hostile", text: showsTexts ? HOSTILE : "" });
      for (const line of ["finger-client --hostile ", "finger-client -x "]) {
        const offered = complete(script, line, folder).map(({ word }) => word);
        expect(offered.sort()).toEqual(values.toSorted());
      }
      expect(existsSync(join(folder, "pwned"))).toBe(false);
    });
  });
}
