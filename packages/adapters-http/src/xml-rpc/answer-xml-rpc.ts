import { type MethodCall, type Parameter, parseMethodCall } from "./method-call.js";
import { formatFault, formatResult, type RpcFault, type RpcResult } from "./method-response.js";

/** What can be called: the methods of the tutorial's `FingerService`. */
export interface RpcMethods {
  getUser(name: string): Promise<string>;
  /** Leave out where no list is given. */
  readonly getUsers?: (() => Promise<readonly string[]>) | undefined;
}

/**
 * Answers a call by XML-RPC: the body of a response 200 of the type `text/xml`, which a fault is, too.
 *
 * @param onError - Hears of a method that failed; the peer hears that it did, and not why.
 */
export async function answerXmlRpc(
  body: string,
  methods: RpcMethods,
  onError: (error: unknown) => void = () => {},
): Promise<string> {
  const call = readCall(body);
  if ("code" in call) return formatFault(call);
  const offered = toMethods(methods);
  const method = offered.get(call.method);
  if (method === undefined) return formatFault(notFound(call.method));
  if (!takes(method, call.parameters)) return formatFault(ERROR);
  try {
    const [first] = call.parameters;
    return formatAny(await method.run(first?.text ?? "", offered));
  } catch (error) {
    onError(error);
    return formatFault(ERROR);
  }
}

/** A method, and what it says of itself. All that there are take strings. */
interface Method {
  readonly help: string;
  /** The types: of the result, and then of the parameters. */
  readonly signature: readonly [result: string, ...parameters: string[]];
  run(parameter: string, offered: ReadonlyMap<string, Method>): Promise<RpcResult | RpcFault>;
}

function toMethods({ getUser, getUsers }: RpcMethods): ReadonlyMap<string, Method> {
  return new Map<string, Method>([
    ["getUser", { help: "What is known of a user.", signature: ["string", "string"], run: (name) => getUser(name) }],
    ...(getUsers === undefined ? [] : [["getUsers", toList(getUsers)] as const]),
    ...INTROSPECTION,
  ]);
}

function toList(getUsers: () => Promise<readonly string[]>): Method {
  return { help: "The names of all users.", signature: ["array"], run: getUsers };
}

/** What XML-RPC clients ask to learn the rest (http://xmlrpc-c.sourceforge.net/introspection.html). */
const INTROSPECTION: ReadonlyArray<readonly [name: string, method: Method]> = [
  [
    "system.listMethods",
    { help: "The names of all methods.", signature: ["array"], run: async (_, offered) => [...offered.keys()] },
  ],
  [
    "system.methodHelp",
    {
      help: "What a method does.",
      signature: ["string", "string"],
      run: async (name, offered) => offered.get(name)?.help ?? notFound(name),
    },
  ],
  [
    "system.methodSignature",
    {
      help: "The types of a method's result and parameters.",
      signature: ["array", "string"],
      run: async (name, offered) => {
        const method = offered.get(name);
        return method === undefined ? notFound(name) : [method.signature];
      },
    },
  ],
];

function readCall(body: string): MethodCall | RpcFault {
  try {
    return parseMethodCall(body);
  } catch (error) {
    return { code: 8002, text: `Can't deserialize input: ${(error as SyntaxError).message}` };
  }
}

function takes({ signature: [, ...types] }: Method, parameters: readonly Parameter[]): boolean {
  return parameters.length === types.length && parameters.every(({ type }, index) => type === types[index]);
}

function formatAny(result: RpcResult | RpcFault): string {
  return typeof result === "object" && "code" in result ? formatFault(result) : formatResult(result);
}

function notFound(method: string): RpcFault {
  return { code: 8001, text: `function ${method} not found` };
}

/** Arguments of the wrong number or type, too: the original does not tell them from a method that failed. */
const ERROR: RpcFault = { code: 8002, text: "error" };
