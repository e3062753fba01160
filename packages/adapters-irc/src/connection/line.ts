/** A line to be sent: a command, and what belongs to it. */
export type Line = readonly [command: string, ...params: string[]];
