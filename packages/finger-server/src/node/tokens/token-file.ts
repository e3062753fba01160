import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { FingerError } from "finger-protocol";
import { storeError } from "../../store/store-error.js";
import { createTurns } from "../../turns.js";
import { toLoginKey } from "../../users/login.js";
import { quote } from "../../users/mistakes.js";
import { PATIENCE, withLock } from "../folder/lock.js";
import { makeFolder, replaceFile } from "../folder/replace-file.js";
import { isHash } from "./hash-token.js";
import { parseTokenLines, replaceHash, type TokenLine } from "./token-lines.js";
import { createTokens, type Tokens } from "./tokens.js";

/**
 * Keeps the hashes of tokens in a file, a line `login: hash` each, which its owner alone can read. It is read anew for each
 * question, so that a line that is removed counts no more. It need not be there yet.
 *
 * @param path - From the working directory of now.
 *
 * @example
 * ```ts no-run
 * const tokens = tokenFile("/etc/finger/tokens");
 * const setter = createSetter({ store: fileStore("/var/lib/finger"), authenticate: byToken(tokens) });
 * ```
 */
export function tokenFile(path: string): Tokens {
  const file = resolve(path);
  const takeTurn = createTurns();
  const change = (login: string, hash: string | undefined) =>
    takeTurn(file, () => changeFile(file, toLoginKey(login), hash));
  return createTokens({
    get: async (login) => findHash(await readLines(file), toLoginKey(login), file),
    async put(login, hash) {
      if (login.includes(":")) throw new RangeError(`${quote(login)} is no login for a line: there is a colon in it.`);
      await change(login, hash);
    },
    delete: (login) => change(login, undefined),
    async *list() {
      for (const { login } of await readLines(file)) if (login !== undefined) yield login;
    },
  });
}

/** @throws `FingerError` `ERR_FINGER_STORE` when what stands there is no hash; it may be the token itself, so it is not shown. */
function findHash(lines: readonly TokenLine[], login: string, file: string): string | undefined {
  const index = lines.findLastIndex((line) => line.login === login);
  const hash = lines[index]?.hash;
  if (hash === undefined || isHash(hash)) return hash;
  const what = `what stands behind ${quote(login)} is no hash of a token; issue a new one`;
  throw new FingerError("ERR_FINGER_STORE", `${file}, line ${index + 1}: ${what}.`);
}

/** Resolves to whether the login had a token. The other lines stay as they are, and so does a link to the file. */
async function changeFile(file: string, login: string, hash: string | undefined): Promise<boolean> {
  try {
    await makeFolder(dirname(file));
    const target = await realpath(file).catch(() => file);
    const [folder, name] = [dirname(target), basename(target)];
    return await withLock(folder, PATIENCE, async (assertHeld) => {
      const lines = await readLines(target);
      const had = lines.some((line) => line.login === login);
      const text = replaceHash(lines, login, hash)
        .map(({ line }) => `${line}\n`)
        .join("");
      if (had || hash !== undefined) await replaceFile(folder, name, text, assertHeld);
      return had;
    });
  } catch (cause) {
    throw FingerError.is(cause) ? cause : storeError(`Cannot write the tokens in ${file}`, cause);
  }
}

async function readLines(file: string): Promise<TokenLine[]> {
  try {
    return parseTokenLines(await readFile(file, "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw storeError(`Cannot read the tokens in ${file}`, cause);
  }
}
