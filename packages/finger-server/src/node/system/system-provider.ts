import type { FingerUser } from "finger-protocol";
import { type Answer, type LookupContext, type LookupProvider, NOBODY } from "../../provider.js";
import type { ListFunction } from "../../server/answer.js";
import { createTrouble } from "../../trouble.js";
import { toSafe, warn } from "../../warn.js";
import { inBatches } from "../in-batches.js";
import type { Account } from "./accounts/account.js";
import { createAccounts } from "./accounts/create-accounts.js";
import { answerByNobodys, answerByPrograms } from "./answer-by-programs.js";
import { createAtOnce } from "./at-once.js";
import { checkHomes } from "./check-homes.js";
import { describeAccount } from "./describe-account.js";
import { pretendHome } from "./home/pretend-home.js";
import { inSteps } from "./in-steps.js";
import { createKept } from "./kept.js";
import { describeAccounts, listAccounts } from "./list-accounts.js";
import { createLogins } from "./logins/create-logins.js";
import { resolveSystemRules, type SystemOptions } from "./options.js";
import { createPrograms } from "./programs/programs.js";
import type { Surroundings } from "./surroundings.js";

export type { SystemOptions, SystemPlaces } from "./options.js";
export type { SystemPrograms } from "./programs/options.js";

/** A provider of the accounts of this machine. It is a service, too; nobody needs to start it. */
export interface SystemProvider extends LookupProvider {
  readonly name: string;
  lookup(name: string, context?: LookupContext): Promise<Answer | undefined>;
  list(context?: LookupContext): Promise<readonly FingerUser[]>;
  /** Looks at the accounts, so that who asks first need not wait for that. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Looks at the accounts again, now. */
  reload(): Promise<void>;
  /** The records alone, also where programs answer: for a setter, and for `storeProvider`, which want to know who there is. */
  readonly accounts: LookupProvider;
  /** Another provider, such as one of statuses, with the programs of users in place of what it knows of them, where there are some. */
  overUsers(inner: LookupProvider): LookupProvider;
  /** Another provider, with the program `nouser` in place of what it does not know, where there is one. */
  overNobody(inner: LookupProvider): LookupProvider;
  /** For the option `list` of a server: what the program `list` prints, where the option `programs` names one. */
  readonly printList: ListFunction | undefined;
}

/**
 * Answers with the accounts of this machine, as fingerd(8) does: the name and the office of the account, who is on and since when, the
 * last login, mail, and the files `.plan`, `.project`, `.pgpkey` or `.pubkey`, `.forward`, `.pronouns` and `.tz` of the home. Who has a
 * `.nofinger` there is answered as nobody is, and so are hidden accounts and those of programs; it takes the same time.
 *
 * Accounts are those of NSS, by getent(1), or else of `/etc/passwd`; who is on is known from utmp or logind, and the last login from
 * lastlog, lastlog2, wtmpdb or wtmp. No program is run for a question, as a rule: what programs tell is kept for a while.
 *
 * Programs answer in place of that only where the option `programs` says so, as those of efingerd(8) do.
 *
 * A file is shown that is its owner's own, regular, without other links to it, and readable by all, up to 64 KiB. No link in a home is
 * followed, and no FIFO blocks. Of a disk that hangs nothing is told; when two of them hang, or half as many as `UV_THREADPOOL_SIZE`
 * says, of nobody, until they do not.
 * Run the server as a user without rights: root sees no more in a home, but looks also where a folder above keeps others out.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 *
 * @example
 * ```ts no-run
 * await createFingerServer({ provider: systemProvider({ hidden: ["deploy"] }) }).listen();
 * ```
 */
export function systemProvider(options: SystemOptions = {}): SystemProvider {
  const rules = resolveSystemRules(options);
  const { onError = warn, places = {} } = options;
  const { minUid } = options;
  const programs = options.programs && createPrograms({ ...options.programs, minUid, onError });
  const trouble = createTrouble(onError);
  const accounts = createAccounts({ passwd: places.passwd, isFound: rules.isShown, onError });
  const around: Surroundings = {
    logins: createLogins({ utmp: places.utmp, lastlog: places.lastlog, onError }),
    mail: places.mail,
    terminals: places.terminals,
    trouble: { home: (path) => trouble.at(`home ${path}`), mail: trouble.at("mail") },
  };

  const find = async (name: string): Promise<readonly Account[]> => {
    const [account, named] = await Promise.all([accounts.find(name), rules.names ? accounts.findByName(name) : []]);
    // A login is that account alone, whoever else has a name like it.
    return (account === undefined ? named : [account]).filter(rules.isShown);
  };
  const describe = createAtOnce((account: Account) => describeAccount(account, around));
  /** Those of the name who are told of, and what. */
  const findTold = async (name: string): Promise<readonly Told[]> => {
    const [found] = await Promise.all([find(name), around.logins.present()]);
    const users = await Promise.all(found.map(describe));
    const told = found.flatMap((account, index) => {
      const user = users[index];
      return user === undefined ? [] : [{ account, user }];
    });
    // Who is not there takes what it takes to find a `.nofinger`, and who has one what it takes to ask for whom no list has.
    if (found.length === 0) await pretendHome();
    if (told.length === 0) await accounts.pretend(name);
    return told;
  };
  const lookup = async (name: string): Promise<Answer | undefined> => {
    const told = await inSteps(STEP, () => findTold(name));
    return told.length > 1 ? told.map(({ user }) => user) : told[0]?.user;
  };
  /** Those of a directory such as LDAP need not be in the list of all. */
  const findPresent = async () => {
    const present = await around.logins.present();
    // Each of them may be asked of a server.
    const found = await inBatches([...present.keys()], accounts.find, MOST_ASKED);
    return found.filter((account) => account !== undefined);
  };
  const now = () => performance.now();
  const keepList = (tell: typeof listAccounts, fresh: number) => {
    const listNow = async () => {
      const all = rules.list === "all" ? await accounts.all() : await findPresent();
      return tell(all.filter(rules.isShown), around);
    };
    return createKept(listNow, [], { fresh, stale: LIST_STALE, now }, trouble.at("list"));
  };
  const keepLists = () => ({
    short: keepList(listAccounts, LIST_FRESH),
    long: keepList(describeAccounts, LONG_LIST_FRESH),
  });
  let lists = keepLists();

  const accountsAlone = {
    lookup,
    list: ({ verbose }: LookupContext = UNASKED) => (verbose ? lists.long() : lists.short()),
  };
  const findLogin = async (login: string) => {
    const told = await findTold(login);
    return told.find(({ account }) => account.login === login)?.account;
  };
  const overUsers = (inner: LookupProvider) => (programs ? answerByPrograms(programs, findLogin, inner) : inner);
  const overNobody = (inner: LookupProvider) => (programs ? answerByNobodys(programs, inner) : inner);
  const whole = overNobody(overUsers(accountsAlone));

  return {
    name: "accounts of this machine",
    lookup: (name, context = UNASKED) => whole.lookup(name, context),
    list: accountsAlone.list,
    accounts: accountsAlone,
    overUsers,
    overNobody,
    printList: programs?.list,
    async start() {
      await accounts.refresh();
      const shown = (await accounts.all()).filter(rules.isShown);
      // A disk that hangs is not to keep the server from its start.
      void checkHomes(shown, toSafe(onError));
    },
    stop: async () => {},
    async reload() {
      await accounts.refresh();
      // Who wants to be told of may have changed, too.
      lists = keepLists();
    },
  };
}

interface Told {
  readonly account: Account;
  readonly user: FingerUser;
}

/** For those who only want to know. */
const UNASKED: LookupContext = { verbose: false, peer: NOBODY, signal: new AbortController().signal };
/** Fewer than may wait to be asked for. */
const MOST_ASKED = 32;
/** In milliseconds; about ten times what it takes to look at a home when nobody else does. */
const STEP = 20;
/** Those who come and go are in the list within so long, in milliseconds, and so are those out of it who do not want to be told of. */
const LIST_FRESH = 2_000;
/** All homes of those in it are looked at. */
const LONG_LIST_FRESH = 15_000;
/** And within so much longer where nobody has asked for a while. */
const LIST_STALE = 3_000;
