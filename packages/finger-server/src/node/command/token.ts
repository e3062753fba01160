import { quote } from "../../users/mistakes.js";
import { tokenFile } from "../tokens/token-file.js";
import { storeTokens, type Tokens } from "../tokens/tokens.js";
import { NoUserError, toUsage, toUsageAsync, UsageError } from "./exit-code.js";
import { type CommandIO, createOnError } from "./io.js";
import type { CommandLine } from "./options.js";
import { parseStore } from "./store-option.js";

/** Issues, revokes or lists the tokens of those who may set their status from elsewhere. */
export async function token(options: CommandLine, io: CommandIO): Promise<void> {
  const [, verb, login, ...rest] = options.words;
  const isList = verb === "list" && login === undefined;
  const isOne = (verb === "issue" || verb === "revoke") && login !== undefined && rest.length === 0;
  if (!(isList || isOne))
    throw new UsageError("write token issue LOGIN, token revoke LOGIN, or token list; see --help");
  const onError = createOnError(io);
  if (options.tokens !== undefined) return act(tokenFile(options.tokens), verb, login, io);
  if (options.store === undefined) throw new UsageError("say where tokens are kept with --store URL, or --tokens FILE");
  const { store: url } = options;
  const place = toUsage(() => parseStore(url, onError));
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
