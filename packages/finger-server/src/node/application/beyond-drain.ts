/** How long what stops may take in addition to the time that answers have, in milliseconds. */
export const BEYOND_DRAIN = 10_000;
