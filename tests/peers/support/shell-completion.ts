import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a shell offers, as it would stand in the line. */
interface Candidate {
  readonly word: string;
  /** What is shown beside it. */
  readonly text: string;
}

/** Has a shell load the script, and complete the line. The folder is its home. */
export type Complete = (script: string, line: string, folder: string) => readonly Candidate[];

/** Types the line, has readline insert all that it can (`M-*`), and runs it. */
export const completeInBash: Complete = (script, line, folder) => {
  writeFileSync(join(folder, "completion.bash"), script);
  const setUp = `set -u; HOSTFILE=$HOME/hosts; source completion.bash; finger-client() { printf 'WORD %s\\n' "$@"; }`;
  const printed = run("bash", ["--noprofile", "--norc", "-i"], folder, `${setUp}\n${line}\u001b*\n`);
  const [, ...typed] = line.split(" ");
  const last = typed.at(-1) ?? "";
  const words = [...printed.matchAll(/^WORD (.*)$/gm)].map(([, word = ""]) => word).slice(typed.length - 1);
  if (words.length === 1 && words[0] === last) return [];
  // Readline keeps the word up to its = or @, and inserts there.
  const kept = /^.*=|^.*(?=@)/.exec(last)?.[0] ?? "";
  return words.map((word, index) => ({ word: index === 0 ? word : kept + word, text: "" }));
};

/** Runs the completion in the line editor of a zsh on a terminal of its own; what it adds to the list goes to a file. */
export const completeInZsh: Complete = (script, line, folder) => {
  writeFileSync(join(folder, "completion.zsh"), script);
  writeFileSync(join(folder, "line"), line);
  writeFileSync(join(folder, "out"), "");
  writeFileSync(
    join(folder, ".zshrc"),
    `autoload -Uz compinit && compinit -u -D && source $HOME/completion.zsh
compadd() {
  local -a words texts options=("\${(@)@[1,(i)(-|--)]}")
  # These fill variables, and offer nothing.
  if (( \${options[(I)-[OAD]]} )); then builtin compadd "$@"; return; fi
  local at=\${options[(I)-d]} i
  (( at )) && texts=("\${(@P)@[at+1]}")
  builtin compadd -A words -D texts "$@"
  for (( i = 1; i <= $#words; i++ )); do print -r -- "$IPREFIX\${(Q)words[i]}"$'\\t'"$texts[i]" >> $HOME/out; done
  builtin compadd "$@"
}
zle-line-init() { COLUMNS=500 BUFFER=$(<$HOME/line) CURSOR=$#BUFFER; zle list-choices; BUFFER=exit; zle accept-line }
zle -N zle-line-init
`,
  );
  run("zsh", ["-fc", "zmodload zsh/zpty; zpty shell zsh -d -i; while zpty -r shell; do :; done"], folder);
  const lines = readFileSync(join(folder, "out"), "utf8").split("\n").slice(0, -1);
  return lines.map((printed) => {
    const [word = "", text = ""] = printed.split("\t");
    return { word, text: text.replace(/^.*? -- /, "") };
  });
};

export const completeInFish: Complete = (script, line, folder) => {
  writeFileSync(join(folder, "completion.fish"), script);
  const printed = run("fish", ["-N", "-c", "source completion.fish; complete -C $argv[1]", line], folder);
  return printed
    .split("\n")
    .slice(0, -1)
    .map((candidate) => {
      const [word = "", text = ""] = candidate.split("\t");
      return { word, text };
    });
};

function run(shell: string, args: readonly string[], folder: string, input = ""): string {
  return execFileSync(shell, args, {
    cwd: folder,
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      ZDOTDIR: folder,
      TERM: "dumb",
      INPUTRC: "/dev/null",
      LC_ALL: "C.UTF-8",
    },
  });
}
