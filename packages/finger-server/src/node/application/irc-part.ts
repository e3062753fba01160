import { createHash } from "node:crypto";
import type { TlsOptions } from "node:tls";
import { FingerError } from "finger-protocol";
import type { Logger } from "../../logger.js";
import type { LookupProvider } from "../../provider.js";
import type { Service } from "../../service/service.js";
import type { Setter } from "../../setter/setter.js";
import { toConfigError } from "../config/config-error.js";
import { decodeUtf8, readBytes } from "../config/read-bytes.js";
import { forwardProvider } from "../forward-provider.js";
import { type Adapter, makeByAdapter } from "./adapters.js";
import type {
  ApplicationDescription,
  IrcAccountDescription,
  IrcDescription,
  IrcLimitsDescription,
} from "./description.js";
import type { Fixtures } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { readCertificate } from "./places.js";

/** What `createFingerBot` of finger-adapters-irc is given. */
interface BotOptions extends Omit<IrcDescription, "account" | "gateway" | "setters">, Proof {
  readonly provider: LookupProvider;
  readonly forward: LookupProvider | undefined;
  readonly list: boolean | undefined;
  readonly setting:
    | { readonly setter: Pick<Setter, "set">; readonly toLogin: (account: string) => string | undefined }
    | undefined;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
}

/** What proves whose nick it is. */
interface Proof {
  readonly server?: { readonly tls: TlsOptions };
  readonly account?: {
    readonly name: string | undefined;
    readonly password: string | undefined;
    readonly external: boolean;
  };
}

/** A bot of which only the URL is said has nothing else. */
function toIrcDescription({ irc }: ApplicationDescription): IrcDescription | undefined {
  return typeof irc === "string" ? { url: irc } : irc;
}

/**
 * Makes, or keeps, the bot. Every process makes it, so that what is wrong shows everywhere, and one of them is there: a nick is
 * one's.
 *
 * @param setter - Sets what is said to the bot, where accounts may set statuses.
 * @throws `FingerError` `ERR_FINGER_CONFIG` when the package is not installed, or a file cannot be read.
 */
export async function takeBot(
  description: ApplicationDescription,
  setter: Setter | undefined,
  parts: Parts,
  fixtures: Fixtures,
): Promise<readonly Service[]> {
  const irc = toIrcDescription(description);
  if (irc === undefined) return [];
  const { list, forward } = description;
  const limits = toLimits(description, irc);
  const proof = irc.account === undefined ? {} : await readProof(irc.account);
  const manner = [irc, list, irc.gateway && forward, limits, setter !== undefined, toFingerprint(proof)];
  const bot = await parts.take("irc", manner, () => {
    const options = { ...toOptions({ ...irc, limits }, description, setter, fixtures), ...proof };
    return makeByAdapter<Service>(ADAPTER, options, fixtures.folder);
  });
  return fixtures.isSpokesman ? [bot] : [];
}

const ADAPTER: Adapter = { option: "irc", from: "finger-adapters-irc", name: "createFingerBot" };

function toOptions(
  { account: _, gateway, setters, ...irc }: IrcDescription,
  { list, forward }: ApplicationDescription,
  setter: Setter | undefined,
  { answers, logger, onError }: Fixtures,
): BotOptions {
  return {
    ...irc,
    provider: answers.provider,
    forward: gateway ? forwardProvider(forward) : undefined,
    list,
    setting: setter && setters && { setter, toLogin: findLogin(setters) },
    logger,
    onError: (error) => onError(toNamed(error)),
  };
}

/** Among all that a log tells it has to be said whose trouble it is. */
function toNamed(error: unknown): unknown {
  if (!FingerError.is(error)) return error;
  return new FingerError(error.code, `On IRC: ${error.message}`, { cause: error.cause });
}

/** Networks do not tell accounts apart by their case. */
function findLogin(setters: NonNullable<IrcDescription["setters"]>): (account: string) => string | undefined {
  const logins = new Map(Object.entries(setters).map(([account, login]) => [toAccountKey(account), login]));
  return (account) => logins.get(toAccountKey(account));
}

/** Of ASCII alone: in Unicode the sign of Kelvin is a capital of `k`, too, and the account of somebody else. */
function toAccountKey(account: string): string {
  return account.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** An answer may take as long as by finger, unless the bot has a time of its own. */
function toLimits({ limits }: ApplicationDescription, irc: IrcDescription): IrcLimitsDescription {
  const { lookupTime = limits?.lookupTime, ...others } = irc.limits ?? {};
  return { ...others, ...(lookupTime !== undefined && { lookupTime }) };
}

async function readProof({ name, passwordFile, certificate }: IrcAccountDescription): Promise<Proof> {
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  const account = { name, password, external: certificate !== undefined };
  return certificate === undefined ? { account } : { account, server: { tls: await readCertificate(certificate) } };
}

/** Tells a proof from another, without being one. */
function toFingerprint(proof: Proof): string {
  return createHash("sha256").update(JSON.stringify(proof)).digest("hex");
}

/** @throws `FingerError` `ERR_FINGER_CONFIG` */
async function readPassword(path: string): Promise<string> {
  const [line = ""] = decodeUtf8(await readBytes(path), path).split(/\r?\n/);
  if (line === "") throw toConfigError(path, "its first line must be the password of the bot, and is empty");
  return line;
}
