import { quote } from "../../users/mistakes.js";
import { toSetterDescription } from "../application/setter-part.js";
import { parseStore } from "../application/store-place.js";
import { tokenFile } from "../tokens/token-file.js";
import { storeTokens, type Tokens } from "../tokens/tokens.js";
import type { CommandLine } from "./command-line.js";
import { NoUserError, toUsage, toUsageAsync, UsageError } from "./exit-code.js";
import { type CommandIO, createOnError } from "./io.js";
import { readWanted } from "./read-description.js";

/** Issues, revokes or lists the tokens of those who may set their status from elsewhere. */
export async function token({ words, values }: CommandLine, io: CommandIO): Promise<void> {
  const [, verb, login, ...rest] = words;
  const isList = verb === "list" && login === undefined;
  const isOne = (verb === "issue" || verb === "revoke") && login !== undefined && rest.length === 0;
  if (!(isList || isOne))
    throw new UsageError("write token issue LOGIN, token revoke LOGIN, or token list; see --help");
  // Where tokens are kept is no matter of where statuses are set.
  const { tokens, ...others } = values;
  const { description } = await readWanted(others, io, process.cwd());
  const file = tokens ?? toSetterDescription(description)?.tokens;
  if (file !== undefined) return act(tokenFile(file), verb, login, io);
  const { store: url } = description;
  if (url === undefined) throw new UsageError("say where tokens are kept with --store URL, or --tokens FILE");
  const place = toUsage(() => parseStore(url, createOnError(io)));
  if (!place.isShared)
    throw new UsageError("a token in memory would be gone at once; give a --store file:FOLDER or redis://HOST");
  await using store = await place.openTokens();
  await act(storeTokens(store), verb, login, io);
}

async function act(tokens: Tokens, verb: string, login = "", io: CommandIO): Promise<void> {
  if (verb === "list") {
    const logins: string[] = [];
    for await (const known of tokens.list()) logins.push(known);
    for (const known of logins.sort()) io.out(`${known}\n`);
  } else if (verb === "issue") {
    io.out(`${await toUsageAsync(() => tokens.issue(login))}\n`);
  } else if (!(await tokens.revoke(login))) {
    throw new NoUserError(`${quote(login)} has no token`);
  }
}
