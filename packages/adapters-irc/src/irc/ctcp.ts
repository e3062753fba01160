/** What one client asks of another, or answers (CTCP), inside a PRIVMSG or a NOTICE. */
export interface Ctcp {
  /** In upper case: `VERSION`, `PING`, `ACTION` … */
  readonly command: string;
  /** What stands behind it; often empty. */
  readonly argument: string;
}

/**
 * Reads the text of a message as CTCP; `undefined` when it is plain text. The delimiter at its end may be missing, and
 * what stands behind that is passed over: one message asks for one thing.
 *
 * @example parseCtcp("\x01PING 123\x01") // { command: "PING", argument: "123" }
 */
export function parseCtcp(text: string): Ctcp | undefined {
  if (!text.startsWith(DELIMITER)) return undefined;
  const [, body = ""] = text.split(DELIMITER, 2);
  const [command = ""] = body.split(" ", 1);
  return command === "" ? undefined : { command: command.toUpperCase(), argument: body.slice(command.length + 1) };
}

/**
 * Writes the text of a CTCP message, or of the answer to one.
 *
 * @throws `TypeError` when the command is no word, or the argument would end the message. It does not tell the argument.
 * @example formatCtcp("FINGER", "Ada") // "\x01FINGER Ada\x01"
 */
export function formatCtcp(command: string, argument = ""): string {
  if (!/^[!-~]+$/.test(command)) throw new TypeError(`${JSON.stringify(command)} is no command of CTCP.`);
  if (/[\r\n\0\x01]/.test(argument)) {
    throw new TypeError(`What is told by CTCP ${command} has CR, LF, NUL or 0x01, which end it.`);
  }
  return DELIMITER + command + (argument === "" ? "" : ` ${argument}`) + DELIMITER;
}

const DELIMITER = "\x01";
