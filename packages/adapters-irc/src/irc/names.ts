/**
 * Whether a name can be a nick. Servers differ in letters and lengths; this is only what none of them takes, and what
 * would be read as something else: a channel, several targets, a mask, a server.
 */
export function isNick(name: string): boolean {
  return /^[^\s\p{Cc}\d,:!@#&*?.$+~%-][^\s\p{Cc},:!@#&*?.$]*$/u.test(name);
}

/** Whether a name can be that of a channel (RFC 2812 1.3), by the prefixes that networks have. */
export function isChannelName(name: string): boolean {
  return /^[#&+!][^ ,\r\n\0\x07]*$/.test(name);
}
