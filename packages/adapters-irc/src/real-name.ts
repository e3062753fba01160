/** What a bot says of itself where nobody has said anything else. */
export const REAL_NAME = "A finger server: say help";
