import { isAbsolute } from "node:path";
import { describe } from "../../users/mistakes.js";

/** A command line that has a place for a name. */
export interface Argv {
  /** The absolute path of the program. */
  readonly program: string;
  /** Its arguments when they are for this name. */
  readonly toWords: (name: string) => readonly string[];
}

/** What stands for the name. */
const NAME = "{name}";

/**
 * Reads the program and its arguments. The name is to be data: an argument of its own, where no program takes it for an
 * option.
 *
 * @throws `TypeError` when it could be anything else.
 */
export function readArgv(argv: readonly string[]): Argv {
  if (!Array.isArray(argv) || !argv.every(isText)) {
    throw wrong(`be a list of strings without NUL, but is ${describe(argv)}`);
  }
  const [program = "", ...words] = argv as readonly string[];
  if (!isAbsolute(program)) {
    throw wrong(
      `begin with the absolute path of a program, for no PATH is searched, but begins with ${describe(program)}`,
    );
  }
  const place = words.indexOf(NAME);
  if (place === -1 || argv.filter((word) => word.includes(NAME)).length > 1) {
    throw wrong(`have ${NAME} once, as an argument of its own: the name is one argument, and no part of another`);
  }
  if (!words.slice(0, place).includes("--")) {
    throw wrong(`have "--" before ${NAME}, or a name such as "-l" becomes an option (argument injection)`);
  }
  if (words[place - 1] === "--" && /^-[a-z]*c$/.test(words[place - 2] ?? "")) {
    throw wrong(`not have ${NAME} where a shell takes its script, behind -c; a script of its own gets it as "$1"`);
  }
  return { program, toWords: (name) => words.map((word) => (word === NAME ? name : word)) };
}

/** No argument, path or variable can hold a NUL. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function wrong(what: string): TypeError {
  return new TypeError(`The argv of commandProvider must ${what}.`);
}
