/**
 * The telnet commands that a `telnet host 79` mixes into the line (RFC 854, RFC 855). They are skipped, as
 * fingerd(8) has asked for since 4.3BSD.
 */

/** Where in a telnet command the next byte stands. */
export type TelnetState = typeof OUTSIDE | typeof COMMAND | typeof OPTION | typeof SUBNEGOTIATION | typeof SUBCOMMAND;

/** Between commands, in the text. */
export const OUTSIDE = 0;
/** Behind IAC. */
const COMMAND = 1;
/** Behind IAC and WILL, WONT, DO or DONT: one byte names the option, and may look like a line end. */
const OPTION = 2;
/** Between IAC SB and IAC SE. */
const SUBNEGOTIATION = 3;
/** Behind an IAC in there. */
const SUBCOMMAND = 4;

/** "Interpret as command", the byte that opens one. */
const IAC = 0xff;
const SE = 240;
const SB = 250;
const WILL = 251;

/** The state behind `byte`. */
export function nextTelnetState(state: TelnetState, byte: number): TelnetState {
  switch (state) {
    case OUTSIDE:
      return byte === IAC ? COMMAND : OUTSIDE;
    case COMMAND:
      return byte === SB ? SUBNEGOTIATION : byte >= WILL && byte !== IAC ? OPTION : OUTSIDE;
    case OPTION:
      return OUTSIDE;
    case SUBNEGOTIATION:
      return byte === IAC ? SUBCOMMAND : SUBNEGOTIATION;
    case SUBCOMMAND:
      return byte === SE ? OUTSIDE : SUBNEGOTIATION;
  }
}

/** Tells whether a CR or LF in this state ends the line, rather than naming an option. */
export function isText(state: TelnetState): boolean {
  return state === OUTSIDE || state === COMMAND;
}

/** A copy without commands. IAC IAC is the byte 255, and so is an IAC that opens no command: a latin-1 "ÿ". */
export function removeTelnetCommands(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(bytes.length);
  let length = 0;
  let state: TelnetState = OUTSIDE;
  for (const byte of bytes) {
    if (state === COMMAND && (byte < SE || byte === IAC)) text[length++] = IAC;
    if ((state === OUTSIDE && byte !== IAC) || (state === COMMAND && byte < SE)) text[length++] = byte;
    state = nextTelnetState(state, byte);
  }
  if (state === COMMAND) text[length++] = IAC;
  return text.subarray(0, length);
}
